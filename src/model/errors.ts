import type { Cell } from './result.ts';

/**
 * The one error class for what a person can act on: what happened, where, and the next command.
 *
 * Anything else that is thrown is a bug and ends the program with exit code 70.
 */
export type ErrorCode = 'failed' | 'gate' | 'usage' | 'bad_input' | 'bad_sql' | 'no_input' | 'bug' | 'busy';

/** Exit codes of the command line, by error code. Source: the public contract, §1. */
export const EXIT_CODES = {
  failed: 1,
  gate: 2,
  usage: 64,
  bad_input: 65,
  bad_sql: 65,
  no_input: 66,
  bug: 70,
  busy: 75,
} as const satisfies Record<ErrorCode, number>;

export interface ErrorDetails {
  readonly code: ErrorCode;
  readonly message: string;
  /** The next step, naming a command where there is one. */
  readonly hint?: string;
  /** Where: a path, a `path:line`, or a position in SQL. */
  readonly source?: string;
  readonly details?: ErrorFacts;
  readonly cause?: unknown;
}

/** What there is to say beyond a sentence. */
export interface ErrorFacts {
  /** For people: lines that stand before the message. */
  readonly text: string;
  /** For programs: more keys of the error. */
  readonly facts: Readonly<Record<string, Cell>>;
}

export class AgenttraceError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly source: string | undefined;
  readonly details: ErrorFacts | undefined;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AgenttraceError';
    this.code = details.code;
    this.hint = details.hint;
    this.source = details.source;
    this.details = details.details;
  }
}
