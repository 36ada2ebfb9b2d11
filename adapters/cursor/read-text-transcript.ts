import { readFileSync } from 'node:fs';
import type { ReadSource } from '../../src/model/reader.ts';

interface Block {
  readonly type: 'text' | 'thinking' | 'tool_use';
  readonly name?: string;
  readonly lines: string[];
}

/** An old transcript in plain text, as the lines of a new one: a record for each `user:` and `assistant:`, at its line. */
export const readTextTranscript: ReadSource = function* ({ path }) {
  let role: string | undefined;
  let lineNo = 0;
  let blocks: Block[] = [];
  const record = () => ({
    lineNo,
    json: JSON.stringify({ role, message: { content: blocks.flatMap((block) => contentOf(block)) } }),
  });
  for (const [index, line] of readFileSync(path, 'utf8').split(/\r?\n/).entries()) {
    const spoken = /^(user|assistant):\s*$/.exec(line)?.[1];
    if (spoken !== undefined) {
      if (role !== undefined) yield record();
      role = spoken;
      lineNo = index + 1;
      blocks = [{ type: 'text', lines: [] }];
      continue;
    }
    if (role === undefined) continue;
    const next = role === 'assistant' ? blockOf(line, blocks.at(-1)) : undefined;
    if (next !== undefined) blocks.push(next);
    else blocks.at(-1)?.lines.push(line);
  }
  if (role !== undefined) yield record();
  return undefined;
};

/** A block goes on over lines that are empty or indented. */
function blockOf(line: string, current: Block | undefined): Block | undefined {
  const name = /^\[Tool call\] (.+)$/.exec(line)?.[1];
  if (name !== undefined) return { type: 'tool_use', name: name.trim(), lines: [] };
  if (line.startsWith('[Thinking]')) return { type: 'thinking', lines: [line.slice('[Thinking]'.length)] };
  if (line.startsWith('[Tool result]')) return { type: 'thinking', name: 'result', lines: [] };
  if (current?.type === 'text' || line === '' || /^\s/.test(line)) return undefined;
  return { type: 'text', lines: [line] };
}

function contentOf({ type, name, lines }: Block): readonly Readonly<Record<string, unknown>>[] {
  const text = lines.join('\n').trim();
  if (type === 'tool_use') return [{ type, name, input: argumentsOf(text) }];
  if (name === 'result' || text === '') return [];
  return [{ type, text }];
}

/** JSON, or a line `name=value` or `name: value` for each argument. */
function argumentsOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object') return value;
  } catch {
    // One to a line.
  }
  const pairs = text.split('\n').flatMap((line) => {
    const [, name, value] = /^\s*(\w+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : text;
}
