import { AgenttraceError } from '../model/errors.ts';
import { whileBusy } from '../warehouse/busy.ts';
import type { Connection } from '../warehouse/connection.ts';
import { openOnce } from '../warehouse/open.ts';
import { sayWaiting, WAIT_MS } from './context.ts';
import type { Invocation } from './spec.ts';

/** Opens a warehouse for a change of its own, waiting for who writes it; `otherwise` is said when that takes too long. */
export async function openToWrite(
  invocation: Invocation,
  { file, otherwise }: { readonly file: string; readonly otherwise: string },
): Promise<Connection> {
  const opened = await whileBusy(() => openOnce({ file, mode: 'write' }), {
    waitMs: WAIT_MS,
    onWait: () => sayWaiting(invocation),
  });
  if (opened !== undefined) return opened;
  throw new AgenttraceError({
    code: 'busy',
    message: otherwise,
    source: file,
    hint: 'Try again when it is done.',
  });
}
