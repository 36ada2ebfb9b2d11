import { unforget } from '../ingest/forget.ts';
import { AgenttraceError } from '../model/errors.ts';
import { whileBusy } from '../warehouse/busy.ts';
import { openOnce } from '../warehouse/open.ts';
import { prepareWarehouse, sayWaiting, WAIT_MS } from './context.ts';
import { findMark } from './find-forgettable.ts';
import { note } from './note.ts';
import type { Invocation } from './spec.ts';

/** Lets what was forgotten be loaded again. */
export async function runUndo(invocation: Invocation, ref: string): Promise<void> {
  const { connection, file, close } = await prepareWarehouse(invocation);
  const id = await findMark(invocation, { connection, ref }).finally(close);
  const opened = await whileBusy(() => openOnce({ file, mode: 'write' }), {
    waitMs: WAIT_MS,
    onWait: () => sayWaiting(invocation),
  });
  if (opened === undefined) {
    throw new AgenttraceError({
      code: 'busy',
      message: 'Another agenttrace is writing the warehouse.',
      source: file,
      hint: 'Try again when it is done.',
    });
  }
  try {
    await unforget(opened, id);
  } finally {
    opened.close();
  }
  await note(invocation, 'the next load reads it again, where its logs are still there: agenttrace load');
}
