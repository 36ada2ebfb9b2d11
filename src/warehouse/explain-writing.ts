import { dirname } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { explainFullDisk } from './full-disk.ts';

/** DuckDB writes its log of changes beside the file, and a fresh file where bytes are to go. */
const BARRED =
  /cannot open file "([^"]+)": (?:permission denied|operation not permitted|read-only file system)/i;

/** What to say when the warehouse, which could be opened for it, was not written; any other error as it is. */
export function explainWriting(error: unknown, warehouse: string): unknown {
  const full = explainFullDisk(error, { warehouse });
  if (full !== error || error instanceof AgenttraceError) return full;
  const path = BARRED.exec(error instanceof Error ? error.message : String(error))?.[1];
  if (path === undefined) return error;
  return new AgenttraceError({
    code: 'failed',
    message: 'The warehouse was not written: no file may be made beside it, and writing it takes one.',
    source: dirname(path),
    hint: 'Make that folder writable, answer from what the warehouse holds with --no-refresh, or name another file with --warehouse FILE.',
    cause: error,
  });
}
