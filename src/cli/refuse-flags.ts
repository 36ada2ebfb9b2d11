import { AgenttraceError } from '../model/errors.ts';
import type { Options } from './options.ts';

export interface Refusal {
  readonly taken: readonly string[];
  /** What does not take the flags, as the subject of a sentence. */
  readonly what: string;
  readonly hint: string;
}

/** Throws for a flag that was given and would change nothing: a gate that is not judged passes for one that held. */
export function refuseFlags({ given }: Options, { taken, what, hint }: Refusal): void {
  const stray = given.filter((flag) => !taken.includes(flag));
  if (stray.length === 0) return;
  throw new AgenttraceError({ code: 'usage', message: `${what} takes no ${stray.join(', ')}.`, hint });
}
