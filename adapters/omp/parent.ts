import { closeSync, openSync, readSync } from 'node:fs';
import { firstRecords } from '../../src/model/first-records.ts';

/** Where the header of a session stands: behind the line of its title. */
const HEAD_BYTES = 16_384;

/** How a session's file is called, without its ending. */
const SESSION_NAME = /[\\/]\d{4}-\d\d-\d\dT[\d-]+Z_([^\\/]+)/;

/**
 * The session that started a subagent: its transcript lies in a folder that is called as its parent's file is. Undefined for a session
 * at the top.
 */
export function parentOf(path: string): Readonly<Record<string, unknown>> | undefined {
  const folder = folderOf(path);
  if (folder === path) return undefined;
  const header = firstRecords(headOf(parentFile(path))).find(({ type }) => type === 'session');
  const named = new RegExp(`${SESSION_NAME.source}$`).exec(folder)?.[1];
  const parent = typeof header?.id === 'string' ? header.id : named;
  if (parent !== undefined) return { is_subagent: true, parent_session_id: parent };
  return SESSION_NAME.test(folder) ? { is_subagent: true } : undefined;
}

export const parentFile = (path: string): string => `${folderOf(path)}.jsonl`;

const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, '');

function headOf(path: string): string {
  try {
    const fd = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(HEAD_BYTES);
      return buffer.toString('utf8', 0, readSync(fd, buffer, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
