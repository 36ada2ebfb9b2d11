import type { AgenttraceError } from '../model/errors.ts';
import type { Runtime } from './runtime.ts';
import { sayError } from './say-error.ts';

/**
 * Says the error and ends the process, since nothing else stops what DuckDB is doing. Nothing is loaded for it: a module is
 * read in the pool, where that statement has the only thread.
 */
export async function endNow(runtime: Runtime, error: AgenttraceError): Promise<void> {
  await sayError(error, runtime);
  runtime.endNow();
}
