import { decompress } from 'fzstd';
import { isRecord } from '../../src/model/first-records.ts';
import type { ReadRecord, ReadReject, ReadSource } from '../../src/model/reader.ts';
import { decodeText } from '../../src/read/decode-text.ts';
import { openDatabase } from '../../src/read/sqlite.ts';
import type { SqlRow, SqlValue } from '../../src/read/sqlite-rows.ts';

/** Line numbers: a thread's number times this, plus the place of a message (from 1; 0 is the thread). */
const PLACES = 32_768;

/** Of each thread its number, which stays with it, and how it looked when it was read. */
type Mark = Readonly<Record<string, readonly [number, string]>>;

/** Threads that changed, each as a whole: Zed writes a thread anew with every message. */
export const readThreads: ReadSource = function* ({ path, mark }) {
  const known = new Map(Object.entries(mark === undefined ? {} : (JSON.parse(mark) as Mark)));
  let last = Math.max(0, ...[...known.values()].map(([number]) => number));
  const database = openDatabase(path);
  try {
    const columns = database.tables().get('threads') ?? [];
    const optional = ['parent_id', 'folder_paths', 'created_at'].map((name) =>
      columns.includes(name) ? name : `null as ${name}`,
    );
    // In the order in which they began, so that a thread has the number that it had when it was new.
    const began = columns.includes('created_at') ? 'coalesce(created_at, updated_at)' : 'updated_at';
    const stamps = [
      ...database.rows(
        `select id, updated_at || ' ' || length(data) as stamp from threads order by ${began}, id`,
      ),
    ];
    for (const { id, stamp } of stamps) {
      if (typeof id !== 'string') continue;
      const before = known.get(id);
      if (before?.[1] === stamp) continue;
      const number = before?.[0] ?? ++last;
      const rows = database.rows(
        `select id, updated_at, data_type, data, ${optional.join(', ')} from threads where id = ?`,
        [id],
      );
      for (const row of rows) yield* recordsOf(row, number);
      known.set(id, [number, String(stamp)]);
    }
    return JSON.stringify(Object.fromEntries(known));
  } finally {
    database.close();
  }
};

function* recordsOf(row: SqlRow, number: number): Generator<ReadRecord | ReadReject, void> {
  const lineNo = number * PLACES;
  const document = documentOf(row);
  if (typeof document === 'string') {
    yield { lineNo, reason: document, sizeBytes: bytesOf(row.data).length };
    return;
  }
  const messages: readonly unknown[] = Array.isArray(document.messages) ? document.messages : [];
  for (const [index, message] of messages.entries()) {
    const place = index + 1;
    if (place >= PLACES) break;
    yield {
      lineNo: lineNo + place,
      json: JSON.stringify({ kind: 'message', thread: row.id, place, message }),
    };
  }
  const context = isRecord(document.subagent_context) ? document.subagent_context : {};
  const snapshot = isRecord(document.initial_project_snapshot) ? document.initial_project_snapshot : {};
  const worktrees: readonly unknown[] = Array.isArray(snapshot.worktree_snapshots)
    ? snapshot.worktree_snapshots
    : [];
  const { request_token_usage: requests, model, cumulative_token_usage: cumulative } = document;
  yield {
    lineNo,
    json: JSON.stringify({
      kind: 'thread',
      thread: row.id,
      parent_id: row.parent_id ?? context.parent_thread_id,
      created_at: row.created_at,
      updated_at: row.updated_at,
      folder: String(row.folder_paths ?? '').split('\n')[0] || null,
      worktree: worktrees[0],
      model,
      cumulative,
      // Old versions have a list, by the place of the message.
      requests: Array.isArray(requests) ? { ...requests } : requests,
    }),
  };
}

/** The thread itself, or why it cannot be read. */
function documentOf({ data, data_type: type }: SqlRow): Readonly<Record<string, unknown>> | string {
  try {
    const bytes = bytesOf(data);
    const document: unknown = JSON.parse(decodeText(type === 'zstd' ? decompress(bytes) : bytes));
    return isRecord(document) ? document : 'not a thread';
  } catch {
    return type === 'zstd' || type === 'json' ? `damaged ${type}` : 'of an unknown type';
  }
}

const bytesOf = (value: SqlValue | undefined): Uint8Array =>
  value instanceof Uint8Array ? value : Buffer.from(String(value ?? ''));
