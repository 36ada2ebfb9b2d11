import { unforget } from '../ingest/forget.ts';
import { explainWriting } from '../warehouse/explain-writing.ts';
import { prepareWarehouse } from './context.ts';
import { findMark } from './find-forgettable.ts';
import { note } from './note.ts';
import { openToWrite } from './open-to-write.ts';
import type { Invocation } from './spec.ts';

/** Lets what was forgotten be loaded again. */
export async function runUndo(invocation: Invocation, ref: string): Promise<void> {
  const { connection, file, close } = await prepareWarehouse(invocation);
  const id = await findMark(invocation, { connection, ref }).finally(close);
  const opened = await openToWrite(invocation, {
    file,
    otherwise: 'Another agenttrace is writing the warehouse.',
  });
  try {
    await unforget(opened, id);
  } catch (error) {
    throw explainWriting(error, file);
  } finally {
    opened.close();
  }
  await note(invocation, 'the next load reads it again, where its logs are still there: agenttrace load');
}
