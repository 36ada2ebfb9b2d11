import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';

const FULL = /no space left|disk full|ENOSPC|file too large|EFBIG|quota exceeded|EDQUOT/i;
const NO_ROOM = 'or no more of it is allowed.';

/** What was being written. */
interface Written {
  readonly warehouse?: string;
  readonly folder?: string;
}

/**
 * What to say when a write found no room, for any other error the error itself. It names the folder that is full: that of
 * temporary files, of the warehouse that was being written, or of whatever else was.
 */
export function explainFullDisk(error: unknown, { warehouse, folder }: Written = {}): unknown {
  if (error instanceof AgenttraceError) return error;
  const words = error instanceof Error ? error.message : String(error);
  if (!FULL.test(words)) return error;
  const path = pathOf(error, words);
  const details = { code: 'failed', cause: error } as const;
  const scratch = join(tmpdir(), `agenttrace-${process.pid}-`);
  if (warehouse === ':memory:' || (path ?? warehouse)?.startsWith(scratch) === true) {
    return new AgenttraceError({
      ...details,
      message: `There is no space left for temporary files, ${NO_ROOM} The warehouse is as it was before.`,
      source: tmpdir(),
      hint: `Free some space there, or name a folder that has more: ${VARIABLE}=DIR.`,
    });
  }
  if (warehouse !== undefined) {
    return new AgenttraceError({
      ...details,
      message: `There is no space left on the disk, ${NO_ROOM} The warehouse is as it was before.`,
      source: warehouse,
      hint: 'Free some space, or put the warehouse elsewhere with --warehouse FILE.',
    });
  }
  const source = folder ?? (path === undefined ? undefined : dirname(path));
  return new AgenttraceError({
    ...details,
    message: `There is no space left on the disk, ${NO_ROOM}`,
    ...(source === undefined ? {} : { source }),
    hint: 'Free some space, or write elsewhere.',
  });
}

/** Node's errors have the path beside the words, DuckDB's between quotes in them. */
function pathOf(error: unknown, words: string): string | undefined {
  const { path, dest } = error as { readonly path?: string; readonly dest?: string };
  return dest ?? path ?? /"([^"]+)"/.exec(words)?.[1];
}

const VARIABLE = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';
