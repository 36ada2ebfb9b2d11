import type { ReadSource } from '../../src/model/reader.ts';
import { openDatabase } from '../../src/read/sqlite.ts';
import type { SqlRow, SqlValue } from '../../src/read/sqlite-rows.ts';

export const USAGE_TABLE = 'assistant_usage_events';

/** Columns of the table by the name they get in a record; versions differ in which they have. */
const USAGE_COLUMNS = {
  sessionId: 'session_id',
  agentId: 'agent_id',
  model: 'model',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cacheReadTokens: 'cache_read_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  reasoningTokens: 'reasoning_tokens',
  duration: 'duration_ms',
  ttftMs: 'time_to_first_token_ms',
  initiator: 'initiator',
  finishReason: 'finish_reason',
  createdAt: 'created_at',
} as const;

const SESSION_COLUMNS = { cwd: 'cwd', branch: 'branch', repository: 'repository' } as const;

/**
 * The session store: a record for each API request that it accounts for, in the shape of a session's events, with what it knows of
 * the session. The line is the row's id. Goes on from the highest id; a store with none as high was made anew and is read from the start.
 */
export const readUsageStore: ReadSource = function* read({ path, mark }) {
  const database = openDatabase(path);
  try {
    const tables = database.tables();
    const usage = tables.get(USAGE_TABLE);
    if (usage === undefined) return mark;
    const [newest] = [...database.rows(`select max(rowid) as id from ${USAGE_TABLE}`)];
    const newestId = Number(newest?.id ?? 0);
    const knownId = Number(mark ?? 0);
    for (const row of database.rows(selectFrom(usage, tables.get('sessions') ?? []), [
      newestId < knownId ? 0 : knownId,
    ]))
      yield { lineNo: Number(row.id), json: JSON.stringify(eventOf(row)) };
    return String(newestId);
  } finally {
    database.close();
  }
};

function selectFrom(usage: readonly string[], sessions: readonly string[]): string {
  const picked = [
    ...columnsIn(USAGE_COLUMNS, { table: 'u', present: usage }),
    ...columnsIn(SESSION_COLUMNS, { table: 's', present: sessions }),
  ];
  const joined = sessions.includes('id') ? ' left join sessions as s on s.id = u.session_id' : '';
  const columns = joined === '' ? picked.filter((column) => column.startsWith('u.')) : picked;
  return `select u.rowid as id, ${columns.join(', ')} from ${USAGE_TABLE} as u${joined} where u.rowid >= ? order by u.rowid`;
}

const columnsIn = (
  names: Readonly<Record<string, string>>,
  { table, present }: { readonly table: string; readonly present: readonly string[] },
): readonly string[] =>
  Object.entries(names)
    .filter(([, column]) => present.includes(column))
    .map(([name, column]) => `${table}.${column} as ${name}`);

function eventOf({ id, agentId, createdAt, cwd, branch, repository, ...data }: SqlRow): unknown {
  const numbers = Object.entries(data).map(([name, value]) => [name, numberOrText(value)]);
  return {
    type: 'store.usage',
    id: String(id),
    timestamp: momentOf(createdAt),
    agentId,
    data: { ...Object.fromEntries(numbers), context: { cwd, branch, repository } },
  };
}

const numberOrText = (value: SqlValue | undefined): unknown =>
  typeof value === 'bigint' ? Number(value) : value;

/** SQLite writes its own times in UTC without saying so. */
function momentOf(value: SqlValue | undefined): unknown {
  if (typeof value !== 'string') return numberOrText(value);
  return /^\d{4}-\d\d-\d\d[ T][\d:.]+$/.test(value) ? `${value.replace(' ', 'T')}Z` : value;
}
