import type { AgenttraceError } from '../model/errors.ts';
import type { Runtime } from './runtime.ts';

/** Says the error and ends the process, since nothing else stops what DuckDB is doing. */
export async function endNow(runtime: Runtime, error: AgenttraceError): Promise<void> {
  const { sayError } = await import('./say-error.ts');
  await sayError(error, runtime);
  runtime.endNow();
}
