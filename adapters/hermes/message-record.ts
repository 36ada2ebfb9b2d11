import { isRecord } from '../../src/model/first-records.ts';
import { isoTime } from '../../src/read/iso-time.ts';

/** A message as any of the three kinds of sources has it. */
export interface Message {
  readonly session: string;
  readonly role: string;
  readonly content: unknown;
  readonly reasoning?: unknown;
  /** Instant in milliseconds, or as text. */
  readonly at?: number | string | undefined;
  /** Parsed. */
  readonly toolCalls?: unknown;
  readonly toolCallId?: unknown;
  readonly toolName?: unknown;
  /** Names the message of which this is a copy, or itself. */
  readonly origin: string;
  /** Read by the agent, and not meant for it. */
  readonly isObserved?: boolean;
  readonly isCompacted?: boolean;
}

/** How the agent's own notes to the model begin, in the role of a user. */
const SUMMARY = /^\s*\[CONTEXT (?:COMPACTION|SUMMARY)/;
const NOTE = /^\s*\[(?:System note|SYSTEM|Your active task list was preserved)/;

export const isSummary = (text: string): boolean => SUMMARY.test(text);

/** One record of the plan. */
export function messageRecord(message: Message): string {
  const { session, role, at, origin, toolCallId, toolName, isObserved, isCompacted } = message;
  const text = textOf(message.content);
  return JSON.stringify({
    kind: 'message',
    session,
    role,
    at,
    origin,
    text,
    reasoning: typeof message.reasoning === 'string' ? message.reasoning : undefined,
    note: isSummary(text) ? 'summary' : NOTE.test(text) || isObserved ? 'note' : undefined,
    compacted: isCompacted || undefined,
    calls: callsOf(message.toolCalls),
    call_id: toolCallId ?? undefined,
    tool: toolName ?? undefined,
    ...(role === 'tool' ? { result: resultOf(text) } : {}),
  });
}

/** Text of a message: content of several parts is kept as JSON behind a zero byte. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') {
    if (!content.startsWith('\0json:')) return content;
    try {
      return textOf(JSON.parse(content.slice(6)));
    } catch {
      return content.slice(6);
    }
  }
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isRecord(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

interface Call {
  readonly id: unknown;
  readonly name: unknown;
  /** As the model gave it. */
  readonly input: unknown;
  /** The arguments that are asked for, where they are an object. */
  readonly command?: unknown;
  readonly path?: unknown;
  readonly old?: unknown;
  readonly new?: unknown;
  readonly content?: unknown;
}

function callsOf(toolCalls: unknown): readonly Call[] | undefined {
  if (!Array.isArray(toolCalls) || toolCalls.length === 0) return undefined;
  return toolCalls.filter(isRecord).map((call) => {
    const named = isRecord(call.function) ? call.function : call;
    const input = named.arguments;
    const args = parsed(input);
    return {
      id: call.id ?? call.call_id,
      name: named.name,
      input,
      ...(isRecord(args)
        ? {
            command: args.command,
            path: args.path ?? args.file_path,
            old: args.old_string,
            new: args.new_string,
            content: args.content,
          }
        : {}),
    };
  });
}

const parsed = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
};

interface Result {
  readonly status: 'ok' | 'failed' | 'rejected' | 'interrupted';
  readonly source: 'exit_code' | 'text' | 'inferred';
  readonly exit_code?: number;
  readonly error?: string;
  readonly changes?: readonly Change[];
}

interface Change {
  readonly path: string;
  readonly operation: 'create' | 'edit' | 'delete';
  readonly diff?: string;
}

/** How a tool call ended: no flag says it, most tools answer in JSON that does. */
export function resultOf(text: string): Result {
  if (/^\[Tool execution (?:cancelled|skipped)/.test(text)) return { status: 'interrupted', source: 'text' };
  const answer = text.startsWith('{') ? parsed(text) : undefined;
  if (!isRecord(answer)) {
    return /^(?:Error executing tool|Tool execution failed|Error calling tool)/.test(text)
      ? { status: 'failed', source: 'text', error: text }
      : { status: 'ok', source: 'inferred' };
  }
  const { error, success, status } = answer;
  const code = [answer.exit_code, answer.returncode].find((value) => Number.isInteger(value));
  const exit = typeof code === 'number' ? { exit_code: code } : {};
  const hasError = error !== undefined && error !== null && error !== false && error !== '';
  const said = hasError ? (typeof error === 'string' ? error : JSON.stringify(error)) : undefined;
  const words = said === undefined ? {} : { error: said };
  if (status === 'blocked' || /\bdenied by (?:the )?user\b|\buser denied\b/i.test(said ?? ''))
    return { status: 'rejected', source: 'text', ...exit, ...words };
  if (typeof code === 'number' && code !== 0) {
    const output = typeof answer.output === 'string' ? answer.output : '';
    const isInterrupted = code === 130 && output.includes('[Command interrupted]');
    const error = said ?? (output === '' ? undefined : output);
    return {
      status: isInterrupted ? 'interrupted' : 'failed',
      source: 'exit_code',
      ...exit,
      ...(error === undefined ? {} : { error }),
    };
  }
  if (hasError || success === false) return { status: 'failed', source: 'text', ...exit, ...words };
  return {
    status: 'ok',
    source: typeof code === 'number' ? 'exit_code' : success === true ? 'text' : 'inferred',
    ...exit,
    ...changesOf(answer),
  };
}

/** Files that an answer says were changed; of one file alone, with the difference. */
function changesOf(answer: Readonly<Record<string, unknown>>): { readonly changes?: readonly Change[] } {
  const named = (key: string, operation: Change['operation']): readonly Change[] =>
    (Array.isArray(answer[key]) ? answer[key] : [])
      .filter((path): path is string => typeof path === 'string')
      .map((path) => ({ path, operation }));
  const changes = [
    ...named('files_modified', 'edit'),
    ...named('files_created', 'create'),
    ...named('files_deleted', 'delete'),
  ];
  const [only] = changes;
  if (only === undefined) return {};
  const hasDiff = changes.length === 1 && typeof answer.diff === 'string';
  return { changes: hasDiff ? [{ ...only, diff: String(answer.diff) }] : changes };
}

/** Milliseconds since 1970 of an instant in seconds, milliseconds or microseconds. */
export function milliseconds(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) return undefined;
  if (number > 1e14) return number / 1000;
  return number > 1e11 ? number : Math.round(number * 1e6) / 1e3;
}

/** An instant as text: one without a zone is of the machine's own, as the agent writes it. */
export function instant(text: unknown): string | number | undefined {
  if (typeof text !== 'string') return milliseconds(text);
  return isoTime(Date.parse(text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T')));
}
