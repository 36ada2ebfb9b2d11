import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { firstDocument } from '../../src/model/first-document.ts';
import { isRecord } from '../../src/model/first-records.ts';

type Value = Readonly<Record<string, unknown>>;

const HEAD_BYTES = 64 << 10;
const MOST_BYTES = 256 << 10;

/** What a file of a task is called at the end of its name, however the beginning was changed. */
const ENDING =
  /[-_. ]*(?:ui[-_]messages|claude[-_]messages|api[-_]conversation[-_]history|task[-_]metadata|history[-_]item)[^/]*\.json$/i;

/** A model in force from a time on, in milliseconds since 1970. */
export interface ModelUse {
  readonly ts: number;
  readonly model: string;
  readonly provider?: string;
}

/** What the neighbours of a task's file say of the task. */
export interface TaskFacts {
  readonly session_id: string;
  readonly cwd?: string;
  readonly model?: string;
  readonly parent_id?: string;
  readonly models: readonly ModelUse[];
}

/** The neighbours that belong to a task, beside the file itself. */
export const taskCompanions = (path: string): readonly string[] =>
  ['api_conversation_history.json', 'task_metadata.json', 'history_item.json']
    .map((name) => sibling(path, name))
    .filter((companion) => companion !== path.replaceAll('\\', '/'));

export function taskFacts(path: string): TaskFacts {
  const item = smallDocument(sibling(path, 'history_item.json'));
  const head = headOf(sibling(path, 'api_conversation_history.json'));
  const details = environmentOf(firstDetails(head));
  const cwd = textOf(item?.workspace) ?? textOf(item?.cwdOnTaskInitialization) ?? details.cwd;
  const parent = textOf(item?.parentTaskId);
  return {
    session_id: textOf(item?.id) ?? taskId(path),
    ...(cwd === undefined ? {} : { cwd }),
    ...(details.model === undefined ? {} : { model: details.model }),
    ...(parent === undefined ? {} : { parent_id: parent }),
    models: modelUses(smallDocument(sibling(path, 'task_metadata.json'))),
  };
}

/** The id of a task: the name of its folder; of a file that was renamed, what its name has before the agent's own. */
function taskId(path: string): string {
  const full = path.replaceAll('\\', '/');
  const folder = posix.basename(posix.dirname(full));
  return (
    posix
      .basename(full)
      .replace(ENDING, '')
      .replace(/\.json$/i, '') || folder
  );
}

/** The entries of `model_usage` in a `task_metadata.json`. */
export function modelUses(metadata: unknown): readonly ModelUse[] {
  const entries = isRecord(metadata) ? metadata.model_usage : undefined;
  return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown) => {
    if (!isRecord(entry) || typeof entry.ts !== 'number' || typeof entry.model_id !== 'string') return [];
    const provider = textOf(entry.model_provider_id);
    return [{ ts: entry.ts, model: entry.model_id, ...(provider === undefined ? {} : { provider }) }];
  });
}

export interface Environment {
  readonly cwd?: string;
  readonly model?: string;
}

const CWD = /# Current (?:Working|Workspace) Directory \(([^\n]+?)\) Files/;
const MODEL = /<model>([^<\n]{1,200})<\/model>/;

/** What the agent tells the model of the machine, after what a person typed. */
export function environmentOf(text: string): Environment {
  const at = text.lastIndexOf('<environment_details>');
  if (at < 0) return {};
  const details = text.slice(at);
  const cwd = CWD.exec(details)?.[1];
  const model = MODEL.exec(details)?.[1]?.trim();
  return { ...(cwd === undefined ? {} : { cwd }), ...(model === undefined ? {} : { model }) };
}

/** The text of the first message of a conversation, of which only the beginning was read. */
function firstDetails(head: string): string {
  const document = firstDocument(head);
  if (!Array.isArray(document) || !isRecord(document[0])) return '';
  const { content } = document[0];
  if (typeof content === 'string') return content;
  return (Array.isArray(content) ? content : [])
    .map((block: unknown) => (isRecord(block) ? (textOf(block.text) ?? '') : ''))
    .join('\n');
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export function sibling(path: string, name: string): string {
  return posix.join(posix.dirname(path.replaceAll('\\', '/')), name);
}

/** A JSON object beside a source, when it is small and whole. */
export function smallDocument(path: string): Value | undefined {
  try {
    if (statSync(path).size > MOST_BYTES) return undefined;
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function headOf(path: string): string {
  try {
    const fd = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(HEAD_BYTES);
      return buffer.subarray(0, readSync(fd, buffer, 0, HEAD_BYTES, 0)).toString('utf8');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
