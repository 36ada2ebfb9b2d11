import { createHash } from 'node:crypto';
import { isRecord } from '../../src/model/first-records.ts';
import type { ReadRecord, ReadReject, ReadSource } from '../../src/model/reader.ts';
import { type OpenDatabase, openDatabase } from '../../src/read/sqlite.ts';
import type { SqlRow, SqlValue } from '../../src/read/sqlite-rows.ts';
import { createTracing, type MessageRow, type Traced } from './lineage.ts';
import { messageRecord, milliseconds } from './message-record.ts';

type Records = Generator<ReadRecord | ReadReject, void>;

/** Message ids are lines. A session's own row has this and its first message's id; without messages, its rowid and a half more. */
const SESSION_LINES = 2 ** 30;
const EMPTY_SESSION_LINES = SESSION_LINES + 2 ** 29;

const SESSION_COLUMNS = [
  'id',
  'source',
  'model',
  'model_config',
  'parent_session_id',
  'started_at',
  'ended_at',
  'end_reason',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cwd',
  'git_branch',
  'billing_provider',
  'billing_mode',
  'estimated_cost_usd',
  'actual_cost_usd',
  'api_call_count',
  'profile_name',
] as const;

const USAGE_COLUMNS = [
  'session_id',
  'model',
  'billing_provider',
  'billing_base_url',
  'billing_mode',
  'task',
  'api_call_count',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'estimated_cost_usd',
  'actual_cost_usd',
  'first_seen',
  'last_seen',
] as const;

const MESSAGE_COLUMNS = [
  'id',
  'role',
  'content',
  'tool_call_id',
  'tool_calls',
  'tool_name',
  'timestamp',
  'reasoning',
  'reasoning_content',
  'observed',
  'active',
  'compacted',
] as const;

/** What the last load knew of a session: its own line, its messages' first and last id and how many, a hash of the rest. */
type Known = readonly [line: number, first: number, last: number, count: number, hash: string];

interface Session {
  readonly row: SqlRow;
  readonly usage: readonly SqlRow[];
  readonly known: Known;
  readonly parent: SqlRow | undefined;
  readonly link: 'subagent' | 'fork' | 'continuation' | undefined;
  readonly hasInactive: boolean;
}

/**
 * Sessions, usage and messages of a state database. Sessions that changed since the mark are read again as a whole; what is gone of them
 * comes as an empty record, so that its rows go.
 */
export const readState: ReadSource = function* ({ path, mark }) {
  const database = openDatabase(path);
  try {
    const tables = database.tables();
    if (!tables.has('sessions')) return undefined;
    const sessions = sessionsOf(database, tables);
    const before = knownOf(mark);
    const lineages = createLineages(database, { tables, sessions });
    for (const [id, session] of sessions) {
      const known = before[id];
      if (known !== undefined && String(known) === String(session.known)) continue;
      if (known !== undefined) yield* goneOf(database, { known, session });
      yield sessionRecord(id, session);
      if (tables.has('messages')) yield* messagesOf(id, lineages);
    }
    return JSON.stringify(Object.fromEntries([...sessions].map(([id, { known }]) => [id, known])));
  } finally {
    database.close();
  }
};

type Tables = ReturnType<OpenDatabase['tables']>;

/** Columns are added over time: one that is not there is NULL. */
function columns(tables: Tables, table: string, wanted: readonly string[]): string {
  const present = new Set(tables.get(table));
  return wanted.map((name) => (present.has(name) ? `"${name}"` : `null as "${name}"`)).join(', ');
}

function knownOf(mark: string | undefined): Readonly<Record<string, Known>> {
  try {
    const value: unknown = JSON.parse(mark ?? '{}');
    return isRecord(value) ? (value as Record<string, Known>) : {};
  } catch {
    return {};
  }
}

function sessionsOf(database: OpenDatabase, tables: Tables): ReadonlyMap<string, Session> {
  const rows = new Map<string, SqlRow>();
  for (const row of database.rows(
    `select rowid as "row", ${columns(tables, 'sessions', SESSION_COLUMNS)} from sessions order by started_at, id`,
  ))
    rows.set(String(row.id), row);
  const usage = new Map<string, SqlRow[]>();
  if (tables.has('session_model_usage')) {
    for (const row of database.rows(
      `select ${columns(tables, 'session_model_usage', USAGE_COLUMNS)} from session_model_usage order by rowid`,
    )) {
      const id = String(row.session_id);
      usage.set(id, [...(usage.get(id) ?? []), row]);
    }
  }
  const extents = new Map<string, SqlRow>();
  if (tables.has('messages')) {
    const inactive = tables.get('messages')?.includes('active') ? 'sum(active = 0)' : '0';
    for (const row of database.rows(
      `select session_id, min(id) as first, max(id) as last, count(*) as count, ${inactive} as inactive
      from messages group by session_id`,
    ))
      extents.set(String(row.session_id), row);
  }
  return new Map(
    [...rows].map(([id, row]) => {
      const parent = row.parent_session_id === null ? undefined : rows.get(String(row.parent_session_id));
      const { first, last, count, inactive } = extents.get(id) ?? {};
      const line =
        first === undefined ? EMPTY_SESSION_LINES + Number(row.row) : SESSION_LINES + Number(first);
      const told = [row, usage.get(id), parent?.end_reason, parent?.ended_at, inactive];
      const known = [line, Number(first ?? 0), Number(last ?? 0), Number(count ?? 0), hashOf(told)] as const;
      return [
        id,
        {
          row,
          usage: usage.get(id) ?? [],
          known,
          parent,
          link: linkOf(row, parent),
          hasInactive: Number(inactive ?? 0) > 0,
        },
      ];
    }),
  );
}

/** Without the rowid, which cleaning up the database may change. */
const hashOf = ([row, ...rest]: readonly unknown[]): string =>
  createHash('md5')
    .update(
      JSON.stringify([{ ...(row as SqlRow), row: 0 }, ...rest], (_, value) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    )
    .digest('hex')
    .slice(0, 8);

/** What a session is to its parent: newer versions say so in its settings. */
function linkOf(row: SqlRow, parent: SqlRow | undefined): Session['link'] {
  if (row.parent_session_id === null) return undefined;
  const config = parsed(row.model_config);
  const settings = isRecord(config) ? config : {};
  if (settings._delegate_from !== undefined || row.source === 'subagent') return 'subagent';
  if (settings._branched_from !== undefined) return 'fork';
  const start = milliseconds(row.started_at) ?? 0;
  const end = milliseconds(parent?.ended_at);
  // What began before its parent ended is a helper of it, whatever ended the parent.
  if (end !== undefined && start >= end - 5000) {
    if (parent?.end_reason === 'compression') return 'continuation';
    if (parent?.end_reason === 'branched') return 'fork';
  }
  return 'subagent';
}

function parsed(cell: SqlValue | undefined): unknown {
  if (typeof cell !== 'string') return undefined;
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}

/** Rows of the last load that are no more: a session's messages can be written anew under other ids. */
function* goneOf(
  database: OpenDatabase,
  { known, session }: { readonly known: Known; readonly session: Session },
): Records {
  const [line, first, last, count] = known;
  if (line !== session.known[0]) yield { lineNo: line, json: '{}' };
  if (count === 0) return;
  const range = [first, last] as const;
  const [left] = [
    ...database.rows('select count(*) as count from messages where session_id = ? and id between ? and ?', [
      session.row.id ?? null,
      ...range,
    ]),
  ];
  if (Number(left?.count ?? 0) >= count) return;
  const present = new Set(
    [...database.rows('select id from messages where id between ? and ?', range)].map(({ id }) => Number(id)),
  );
  for (let id = first; id <= last; id += 1) if (!present.has(id)) yield { lineNo: id, json: '{}' };
}

function sessionRecord(id: string, { row, usage, known, link }: Session): ReadRecord {
  const accounts = usage.length > 0 ? usage : ownAccount(row);
  return {
    lineNo: known[0],
    json: JSON.stringify({
      kind: 'session',
      session: id,
      at: milliseconds(row.started_at),
      ended_at: milliseconds(row.ended_at),
      end_reason: row.end_reason ?? undefined,
      parent: row.parent_session_id ?? undefined,
      link,
      platform: row.source ?? undefined,
      cwd: row.cwd ?? undefined,
      git_branch: row.git_branch ?? undefined,
      provider: row.billing_provider ?? undefined,
      usage: accounts.map((account) => ({
        model: account.model || row.model || undefined,
        provider: account.billing_provider || undefined,
        // Where it was sent is part of the identity, and may hold a name and a password.
        route: hashOf([{}, account.billing_base_url, account.billing_mode]),
        task: account.task || undefined,
        calls: count(account.api_call_count),
        input: count(account.input_tokens),
        output: count(account.output_tokens),
        read: count(account.cache_read_tokens),
        write: count(account.cache_write_tokens),
        reasoning: count(account.reasoning_tokens),
        cost: [account.actual_cost_usd, account.estimated_cost_usd].find((usd) => Number(usd ?? 0) > 0),
        at:
          milliseconds(account.last_seen ?? account.first_seen) ??
          milliseconds(row.ended_at ?? row.started_at),
      })),
    }),
  };
}

/** The session's own sums, of the main loop alone: only where there is no account by model. */
function ownAccount(row: SqlRow): readonly SqlRow[] {
  const sums = [row.input_tokens, row.output_tokens, row.cache_read_tokens, row.cache_write_tokens];
  return sums.some((sum) => Number(sum ?? 0) > 0) ? [row] : [];
}

const count = (cell: SqlValue | undefined): number | undefined =>
  typeof cell === 'number' || typeof cell === 'bigint' ? Math.round(Number(cell)) : undefined;

interface Lineages {
  readonly rowsOf: (id: string) => Generator<SqlRow, void>;
  /** Of a session all that it may repeat; undefined where it can repeat nothing. */
  readonly tracing: (id: string) => ReturnType<typeof createTracing> | undefined;
}

function createLineages(
  database: OpenDatabase,
  { tables, sessions }: { readonly tables: Tables; readonly sessions: ReadonlyMap<string, Session> },
): Lineages {
  const select = `select ${columns(tables, 'messages', MESSAGE_COLUMNS)} from messages where session_id = ? order by id`;
  let tracedRoot: string | undefined;
  let traced = new Map<string, readonly Traced[]>();
  const originOf = (id: string): string | undefined => {
    const session = sessions.get(id);
    return session?.link === 'fork' || session?.link === 'continuation'
      ? String(session.row.parent_session_id)
      : undefined;
  };
  function* rowsOf(id: string): Generator<SqlRow, void> {
    yield* database.rows(select, [id]);
  }
  /** Of a session and those before it, the oldest first. */
  const pathOf = (id: string): readonly string[] => {
    const path = [id];
    for (let at = originOf(id); at !== undefined && !path.includes(at) && sessions.has(at); at = originOf(at))
      path.unshift(at);
    return path;
  };
  const historyBefore = (path: readonly string[]): readonly Traced[] => {
    const history: Traced[] = [];
    for (const id of path.slice(0, -1)) {
      const trace = createTracing(id, history);
      const own = traced.get(id) ?? [...rowsOf(id)].map((row) => trace(messageRow(row)));
      traced.set(id, own);
      history.push(...own);
    }
    return history;
  };
  return {
    rowsOf,
    tracing: (id) => {
      const path = pathOf(id);
      if (path.length === 1 && !sessions.get(id)?.hasInactive) return undefined;
      if (path[0] !== tracedRoot) {
        tracedRoot = path[0];
        traced = new Map();
      }
      return createTracing(id, historyBefore(path));
    },
  };
}

const messageRow = (row: SqlRow): MessageRow => ({
  id: Number(row.id),
  role: String(row.role),
  content: row.content,
  toolCallId: row.tool_call_id,
  toolCalls: row.tool_calls,
  toolName: row.tool_name,
  at: milliseconds(row.timestamp),
});

function* messagesOf(session: string, { rowsOf, tracing }: Lineages): Records {
  const trace = tracing(session);
  for (const row of rowsOf(session)) {
    const lineNo = Number(row.id);
    const calls = row.tool_calls === null || row.tool_calls === '' ? undefined : parsed(row.tool_calls);
    if (calls === undefined && typeof row.tool_calls === 'string' && row.tool_calls !== '')
      yield { lineNo, reason: 'tool_calls is no JSON', sizeBytes: Buffer.byteLength(row.tool_calls) };
    yield {
      lineNo,
      json: messageRecord({
        session,
        role: String(row.role),
        content: row.content,
        reasoning: row.reasoning ?? row.reasoning_content,
        at: milliseconds(row.timestamp),
        toolCalls: calls,
        toolCallId: row.tool_call_id,
        toolName: row.tool_name,
        origin: trace?.(messageRow(row)).origin ?? `${session}/${lineNo}`,
        isObserved: row.observed === 1,
        isCompacted: row.compacted === 1,
      }),
    };
  }
}
