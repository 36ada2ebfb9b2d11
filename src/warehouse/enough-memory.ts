import type { Connection } from './connection.ts';

/** What work may take that the ordinary limit is too small for: logs with far more records to the megabyte than most. */
const MORE_MEMORY = '2GB';

/** Does the work, which must leave nothing behind when it fails; once more with more memory where that was what it lacked. */
export async function withEnoughMemory<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !/^Out of Memory Error/.test(error.message)) throw error;
    await connection.limitMemory(MORE_MEMORY);
    return work();
  }
}
