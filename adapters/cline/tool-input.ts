import { isRecord } from '../../src/model/first-records.ts';
import { type LineChanges, lineChanges, lineCount } from './line-changes.ts';
import { textOf } from './task-files.ts';

/** A file that a call changes, as its arguments say. */
export interface FileChange extends LineChanges {
  readonly path: string;
  readonly operation: 'create' | 'edit' | 'delete';
}

/** The command of a shell call; of several the lines. */
export function commandOf(input: unknown): string | undefined {
  if (!isRecord(input)) return undefined;
  const { command, cmd, commands } = input;
  const words = Array.isArray(commands) ? commands : [commands ?? command ?? cmd];
  return textOf(words.map(oneCommand).filter(Boolean).join('\n'));
}

function oneCommand(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isRecord(value) || typeof value.command !== 'string') return '';
  const args = Array.isArray(value.args) ? value.args : [];
  return [value.command, ...args].join(' ');
}

/** The only file that a call names, or the first. */
export function pathOf(input: unknown): string | undefined {
  if (!isRecord(input)) return undefined;
  const { path, file_path, files, file_paths, paths } = input;
  for (const value of [path, file_path, files, file_paths, paths]) {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    const named = isRecord(first) ? textOf(first.path) : textOf(first);
    if (named !== undefined) return named.split('\n', 1)[0];
  }
  return undefined;
}

/** The files that a call changes, with the lines that its arguments tell of. */
export function fileChanges(name: string, input: unknown): readonly FileChange[] {
  if (!isRecord(input)) return [];
  if (name === 'apply_patch') return patchChanges(textOf(input.input) ?? textOf(input.patch) ?? '');
  const path = pathOf(input);
  if (path === undefined) return [];
  if (name === 'write_to_file') return writtenFile(path, input.content);
  if (name === 'replace_in_file' || name === 'apply_diff') {
    const lines = lineChanges({ tool: 'editedExistingFile', diff: input.diff });
    return lines === undefined ? [] : [{ path, operation: 'edit', ...lines }];
  }
  if (name !== 'editor') return [];
  const { old_text, new_text, insert_line } = input;
  if (typeof old_text !== 'string' && typeof insert_line !== 'number') return writtenFile(path, new_text);
  return [
    {
      path,
      operation: 'edit',
      added: typeof new_text === 'string' ? lineCount(new_text) : 0,
      removed: typeof old_text === 'string' ? lineCount(old_text) : 0,
      evidence: 'args',
    },
  ];
}

const writtenFile = (path: string, content: unknown): readonly FileChange[] =>
  typeof content === 'string'
    ? [{ path, operation: 'create', added: lineCount(content), removed: 0, evidence: 'args' }]
    : [];

const PATCHED = /^\*\*\* (Add|Update|Delete) File: (.+)$/;
const OPERATIONS = { Add: 'create', Update: 'edit', Delete: 'delete' } as const;

function patchChanges(patch: string): readonly FileChange[] {
  const changes: { path: string; operation: FileChange['operation']; added: number; removed: number }[] = [];
  for (const line of patch.split('\n')) {
    const [, word, path] = PATCHED.exec(line.trimEnd()) ?? [];
    if (path !== undefined) {
      const operation = OPERATIONS[word as keyof typeof OPERATIONS];
      changes.push({ path, operation, added: 0, removed: 0 });
      continue;
    }
    const last = changes.at(-1);
    if (last !== undefined && line.startsWith('+')) last.added++;
    else if (last !== undefined && line.startsWith('-')) last.removed++;
  }
  return changes.map((change) => ({ ...change, evidence: 'patch' }));
}
