import { AgenttraceError } from '../model/errors.ts';
import { explainFullDisk } from './full-disk.ts';

const SEALED =
  /file system operations are disabled|configuration has been locked|external access|read-only|transaction is launched in read/i;

/** DuckDB's own message, whole: it has the line, the caret and often the name that was meant. */
export function sqlError(error: unknown): AgenttraceError {
  if (error instanceof AgenttraceError) return error;
  const text = error instanceof Error ? error.message : String(error);
  // SQL may throw whatever words it likes, but not as this class.
  const full = /^IO Error/.test(text) ? explainFullDisk(error) : error;
  if (full instanceof AgenttraceError) return full;
  const message = text.replace(/^Failed to extract statements: /, '');
  const hint = hintFor(message);
  return new AgenttraceError({
    code: /^Out of Memory Error/.test(message) ? 'failed' : 'bad_sql',
    message,
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

function hintFor(message: string): string | undefined {
  if (/^Out of Memory Error/.test(message)) return 'Ask for less, or give it more with --memory MEGABYTES.';
  if (!SEALED.test(message)) return undefined;
  return 'query is sealed off from files, settings and writing. It reads the warehouse alone, and with --unsafe-external DIR the files of one folder.';
}
