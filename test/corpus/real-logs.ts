/** The real logs beside the repository, with the answers that a separate program computed. Absent in most checkouts. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CORPUS, copyInto, temporaryFolder } from '../adapters/load.ts';

interface ClaudeUsage {
  readonly messages: number;
  readonly input: number;
  readonly output: number;
  readonly cache_read: number;
  readonly cache_creation: number;
  readonly cc_5m: number;
  readonly cc_1h: number;
  readonly cc_unsplit: number;
}

export interface ClaudeTruth {
  readonly usage: ClaudeUsage;
  readonly usage_by_model: Readonly<Record<string, ClaudeUsage>>;
  readonly nested_agent: { readonly usage: ClaudeUsage };
  readonly tool_use: number;
  readonly tool_result: number;
  readonly tool_errors: number;
  readonly user_prompts: number;
  readonly first_ts: string | null;
  readonly last_ts: string | null;
}

export interface CodexTruth {
  readonly delta_sum: {
    readonly input_tokens: number;
    readonly cached_input_tokens: number;
    readonly output_tokens: number;
    readonly reasoning_output_tokens: number;
  };
  readonly calls: Readonly<Record<string, number>>;
  readonly outputs_nonzero: number;
  readonly user_messages: number;
  readonly first_ts: string | null;
  readonly last_ts: string | null;
}

interface Entry {
  readonly file: string;
  readonly agent: string;
  readonly kind: string;
  readonly native_path?: string;
}

const json = (name: string): unknown => JSON.parse(readFileSync(join(CORPUS, name), 'utf8'));

export const hasCorpus = existsSync(join(CORPUS, 'truth.json')) && existsSync(join(CORPUS, 'manifest.json'));

const truth = (
  hasCorpus
    ? json('truth.json')
    : { files: {}, claude_cross_file_duplicate_messages: { count: 0, pairs: [] } }
) as {
  readonly files: Readonly<Record<string, unknown>>;
  readonly claude_cross_file_duplicate_messages: {
    readonly count: number;
    readonly pairs: readonly string[];
  };
};

/** Every file of the corpus: `real` logs, and `fixture`s of other readers, which have no truth. */
export const corpusEntries: readonly Entry[] = hasCorpus
  ? (json('manifest.json') as { files: readonly Entry[] }).files
  : [];

const entries = corpusEntries.filter(
  (entry) => entry.kind === 'real' && (entry.agent === 'claude' || entry.agent === 'codex'),
);

export interface RealLog<Truth> {
  readonly name: string;
  readonly path: string;
  readonly truth: Truth;
}

const logsOf = <Truth>(agent: string): readonly RealLog<Truth>[] =>
  entries
    .filter((entry) => entry.agent === agent)
    .map((entry) => ({
      name: entry.file,
      path: join(CORPUS, entry.file),
      truth: truth.files[entry.file] as Truth,
    }));

export const claudeLogs = logsOf<ClaudeTruth>('claude');
export const codexLogs = logsOf<CodexTruth>('codex');

/** Pairs of logs of which both are here, and how many messages the truth says all pairs share. */
const { pairs, count } = truth.claude_cross_file_duplicate_messages;
const presentPairs = pairs.filter((pair) =>
  pair.split(' + ').every((file) => existsSync(join(CORPUS, file))),
);
/** How many messages the logs that are here share; NULL when a pair is not complete, since only the sum is known. */
export const sharedMessageCount =
  presentPairs.length === pairs.length ? count : presentPairs.length === 0 ? 0 : null;

/** Where the agent itself would keep the log, below the home. */
function homePath({ file, agent, native_path }: Entry): string {
  if (native_path?.startsWith('.codex/')) return native_path;
  if (agent === 'codex') return join('.codex', native_path ?? join('sessions', basename(file)));
  return join(
    '.claude',
    native_path?.startsWith('projects/') ? native_path : join('projects', 'corpus', basename(file)),
  );
}

/** A home that holds every real log at its native place. */
export function corpusHome(): string {
  const home = temporaryFolder();
  for (const entry of entries) copyInto(join(CORPUS, entry.file), join(home, homePath(entry)));
  return home;
}

/** One folder that holds every real log under the corpus' own names. */
export function corpusFolder(): string {
  const folder = temporaryFolder();
  for (const entry of entries) copyInto(join(CORPUS, entry.file), join(folder, entry.file));
  return folder;
}

export interface SharedMessage {
  readonly model: string;
  readonly input: number;
  readonly read: number;
  readonly write: number;
  readonly output: number;
}

/** Messages that stand in two logs, by a reader of our own: the smaller of the two statements of each. */
export function sharedMessages(): readonly SharedMessage[] {
  return presentPairs.flatMap((pair) => {
    const [left, right] = pair.split(' + ').map((file) => messagesOf(join(CORPUS, file)));
    if (left === undefined || right === undefined) return [];
    return [...left].flatMap(([id, message]) => {
      const other = right.get(id);
      if (other === undefined) return [];
      return [message.output <= other.output ? message : other];
    });
  });
}

interface Line {
  readonly type?: string;
  readonly requestId?: string;
  readonly isMeta?: boolean;
  readonly isSidechain?: boolean;
  readonly isCompactSummary?: boolean;
  readonly message?: {
    readonly id?: string;
    readonly model?: string;
    readonly usage?: Readonly<Record<string, number>>;
    readonly content?: string | readonly { readonly type: string; readonly text?: string }[];
  };
  readonly attachment?: { readonly type?: string; readonly prompt?: unknown };
}

const linesOf = (path: string): readonly Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Line];
      } catch {
        return [];
      }
    });

/** How the text of a user line begins that no human typed as a prompt. */
const INJECTED =
  /^\s*(?:<local-command-|<command-name>|<task-notification>|<system-reminder>|<bash-|\[Request interrupted by user)/;

/**
 * User lines that the truth counts as prompts, as it takes every one that is neither meta, nor of a sidechain, nor a
 * tool result, but that the rules do not: commands and their output, notifications, marks of an interruption.
 */
export const injectedPrompts = (path: string): number =>
  linesOf(path).filter(({ type, isMeta, isSidechain, isCompactSummary, message }) => {
    if (type !== 'user' || isMeta === true || isSidechain === true) return false;
    const content = message?.content;
    if (content === undefined) return false;
    if (typeof content !== 'string' && content.some((block) => block.type === 'tool_result')) return false;
    const text = typeof content === 'string' ? content : content.find((block) => block.type === 'text')?.text;
    return isCompactSummary === true || INJECTED.test(text ?? '');
  }).length;

/** Prompts typed while the agent worked, which the truth leaves out. */
export const queuedPrompts = (path: string): number =>
  linesOf(path).filter(
    ({ type, isSidechain, attachment }) =>
      type === 'attachment' &&
      isSidechain !== true &&
      attachment?.type === 'queued_command' &&
      !String(attachment.prompt).trimStart().startsWith('<'),
  ).length;

function messagesOf(path: string): ReadonlyMap<string, SharedMessage> {
  const messages = new Map<string, SharedMessage>();
  for (const { type, requestId, message } of linesOf(path)) {
    const usage = message?.usage;
    if (type !== 'assistant' || message?.id === undefined || usage === undefined) continue;
    messages.set(`${message.id} ${requestId ?? ''}`, {
      model: message.model ?? '?',
      input: usage.input_tokens ?? 0,
      read: usage.cache_read_input_tokens ?? 0,
      write: usage.cache_creation_input_tokens ?? 0,
      output: usage.output_tokens ?? 0,
    });
  }
  return messages;
}
