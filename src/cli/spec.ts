import type { Options } from './options.ts';
import type { Runtime } from './runtime.ts';

/** An option as the command line knows it; commander parses it, help and completion print it. */
export interface OptionSpec {
  /** Commander's notation: `-f, --format <format>`. */
  readonly flags: string;
  readonly description: string;
  readonly group: string;
  readonly choices?: readonly string[];
  /** Other spellings of choices that are accepted and not advertised. */
  readonly otherChoices?: readonly string[];
  readonly isRepeatable?: boolean;
  /** Taken, and left out of help and completion. */
  readonly isHidden?: boolean;
  readonly completes?: 'file' | 'folder';
}

/** The options that help and completion show. */
export const offered = (options: readonly OptionSpec[]): readonly OptionSpec[] =>
  options.filter(({ isHidden }) => isHidden !== true);

export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  readonly isRequired?: boolean;
  readonly isVariadic?: boolean;
  readonly completes?: 'file' | 'report' | 'team' | 'shell' | 'view' | 'session';
}

export interface Example {
  readonly command: string;
  readonly says: string;
}

export interface Invocation {
  readonly runtime: Runtime;
  readonly options: Options;
  /** Positional arguments after the command. */
  readonly operands: readonly string[];
}

/** One command: what its help says, and what it does. What it does is imported only when it runs. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly description?: string | undefined;
  readonly group: string;
  readonly argument?: ArgumentSpec;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly Example[];
  readonly run: (invocation: Invocation) => Promise<void>;
}
