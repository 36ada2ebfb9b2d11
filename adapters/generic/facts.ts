import { createHash } from 'node:crypto';
import { parsed, recordOf, textOf, wordsOf } from './json-values.ts';
import type { Usage } from './usage.ts';

/** What a line or document says, in terms that all forms share: the rows of the plan's tables. */
export interface Facts {
  readonly events: EventFact[];
  readonly usage: UsageFact[];
  readonly tools: ToolFact[];
  readonly results: ResultFact[];
  readonly errors: ErrorFact[];
}

export interface EventFact {
  readonly session: string;
  readonly at?: string | undefined;
  readonly type: string;
  /** Names it in whichever file it stands. */
  readonly key?: string | undefined;
  readonly bytes?: number | undefined;
  readonly reasoning?: number | undefined;
}

export interface UsageFact extends Usage {
  readonly session: string;
  readonly at?: string | undefined;
  /** The provider's own, or one that says where it stands. */
  readonly id: string;
  /** Another name of the call, by which it is told where the provider's is not. */
  readonly alias?: string | undefined;
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly stop?: string | undefined;
  readonly tier?: string | undefined;
  readonly duration?: number | undefined;
  readonly granularity?: 'session';
  readonly isPartial?: boolean;
}

export interface ToolFact {
  readonly session: string;
  readonly at?: string | undefined;
  readonly id: string;
  readonly response?: string | undefined;
  readonly name?: string | undefined;
  readonly input?: string | undefined;
  readonly path?: string | undefined;
  readonly command?: string | undefined;
}

export interface ResultFact {
  readonly session: string;
  readonly at?: string | undefined;
  readonly id: string;
  readonly status: 'ok' | 'failed';
  readonly source: 'flag' | 'text' | 'inferred';
  readonly kind?: string | undefined;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly duration?: number | undefined;
}

export interface ErrorFact {
  readonly session: string;
  readonly at?: string | undefined;
  /** Names it in whichever file it stands. */
  readonly key: string;
  readonly code?: string | undefined;
  readonly status?: number | undefined;
}

export const createFacts = (): Facts => ({ events: [], usage: [], tools: [], results: [], errors: [] });

export const isEmpty = (facts: Facts): boolean => Object.values(facts).every((list) => list.length === 0);

/** A conversation as far as it was read: what its next message needs to be understood. */
export interface Conversation {
  readonly session: string;
  model: string | undefined;
  /** Where the current line or document stands. */
  place: number;
  /** Calls without an id that no result was met for, the oldest first. */
  open: { readonly name: string; readonly id: string }[];
  callCount: number;
  /** The last time that was told. */
  lastAt: string | undefined;
}

export const createConversation = (session: string, place: number): Conversation => ({
  session,
  model: undefined,
  place,
  open: [],
  callCount: 0,
  lastAt: undefined,
});

/** Where there is no id: a file's path and what it begins with. */
export const keyOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);

export interface CallWords {
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** JSON, as text or as it is. */
  readonly input: unknown;
  readonly at: string | undefined;
  readonly response: string | undefined;
}

const MOST_OPEN = 64;

export function addCall(facts: Facts, conversation: Conversation, call: CallWords): void {
  const { session, place, open } = conversation;
  const { name, input, at, response } = call;
  conversation.callCount += 1;
  const id = call.id ?? `${place}-${conversation.callCount}`;
  if (call.id === undefined) open.push({ name: name ?? '', id });
  if (open.length > MOST_OPEN) open.shift();
  const values = recordOf(parsed(input));
  facts.tools.push({
    session,
    at,
    id: `${session}:${id}`,
    response,
    name,
    input: wordsOf(input),
    path: textOf(values?.file_path) ?? textOf(values?.path) ?? textOf(values?.filename),
    command: textOf(values?.command) ?? textOf(values?.cmd),
  });
}

export interface ResultWords {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly output: unknown;
  /** As the log flags it. */
  readonly isError: unknown;
  readonly at: string | undefined;
}

export function addResult(facts: Facts, conversation: Conversation, result: ResultWords): void {
  const { session, open } = conversation;
  let id = result.id;
  if (id === undefined) {
    const match = open.findIndex(({ name }) => result.name === undefined || name === result.name);
    if (match < 0) return;
    id = open.splice(match, 1)[0]?.id;
  }
  const output = wordsOf(result.output);
  const isFlagged = typeof result.isError === 'boolean';
  const isFailed = isFlagged ? result.isError === true : saysFailure(result.output);
  facts.results.push({
    session,
    at: result.at,
    id: `${session}:${id}`,
    status: isFailed ? 'failed' : 'ok',
    source: isFlagged ? 'flag' : isFailed ? 'text' : 'inferred',
    output,
    error: isFailed ? output : undefined,
  });
}

/** An output that is an object and says so itself. */
function saysFailure(output: unknown): boolean {
  if (typeof output === 'string' && !/^\s*\{/.test(output)) return false;
  const values = recordOf(parsed(output));
  if (values === undefined) return false;
  return (
    values.success === false ||
    (values.error !== undefined && values.error !== null && values.error !== false)
  );
}
