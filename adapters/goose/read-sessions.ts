import type { ReadRecord, ReadReject, ReadSource } from '../../src/model/reader.ts';
import { jsonText } from '../../src/read/json-text.ts';
import { type OpenDatabase, openDatabase } from '../../src/read/sqlite.ts';
import type { SqlRow, SqlValue } from '../../src/read/sqlite-rows.ts';

/** Where the last load ended. Ids of messages and of the ledger are never given twice. */
interface Mark {
  readonly message: number;
  readonly ledger: number;
  readonly updated: string;
}

/** Line numbers: three times a row's number, plus which table it is of. */
const SESSION = 0;
const MESSAGE = 1;
const LEDGER = 2;
const TABLES = 3;

const NUMBERS = ['input', 'output', 'total', 'cache_read', 'cache_write'] as const;
const SESSION_COLUMNS = [
  'working_dir',
  'session_type',
  'parent_session_id',
  'created_at',
  'updated_at',
  'provider_name',
  ...NUMBERS.map((name) => `accumulated_${name}_tokens`),
  'accumulated_cost',
];
const LEDGER_COLUMNS = [
  'model',
  ...NUMBERS.map((name) => `${name}_tokens`),
  'cost',
  'cost_source',
  'is_compaction',
];

/** Sessions that changed, and messages and ledger rows that are new. Columns came with time: those that are there are read. */
export const readSessions: ReadSource = function* ({ path, mark }) {
  const before: Mark =
    mark === undefined ? { message: 0, ledger: 0, updated: '' } : (JSON.parse(mark) as Mark);
  const database = openDatabase(path);
  try {
    const hasLedger = database.tables().has('usage_ledger');
    const message = yield* readMessages(database, before);
    const ledger = hasLedger ? yield* readLedger(database, before) : 0;
    const updated = yield* readSessionRows(database, { before, hasLedger });
    return JSON.stringify({ message, ledger, updated } satisfies Mark);
  } finally {
    database.close();
  }
};

type Records<T> = Generator<ReadRecord | ReadReject, T>;

function* readMessages(database: OpenDatabase, before: Mark): Records<number> {
  let last = before.message;
  const id = optional(database, 'messages', 'message_id');
  const metadata = optional(database, 'messages', 'metadata_json');
  for (const row of database.rows(
    `select id as row, ${id} as id, session_id as session, role, created_timestamp as created, content_json, ${metadata} as metadata
    from messages where id > ? order by id`,
    [before.message],
  )) {
    last = Number(row.row);
    const lineNo = last * TABLES + MESSAGE;
    const content = jsonText(row.content_json);
    if (content === undefined) {
      yield {
        lineNo,
        reason: 'content_json is not JSON',
        sizeBytes: Buffer.byteLength(String(row.content_json ?? '')),
      };
      continue;
    }
    const facts = pick(row, ['id', 'session', 'role', 'created']);
    yield {
      lineNo,
      json: `{"kind":"message",${facts},"metadata":${jsonText(row.metadata) ?? 'null'},"content":${content}}`,
    };
  }
  return last;
}

function* readLedger(database: OpenDatabase, before: Mark): Records<number> {
  let last = before.ledger;
  const columns = LEDGER_COLUMNS.map((name) =>
    `l.${optional(database, 'usage_ledger', name)} as ${name}`.replace('l.null', 'null'),
  );
  const config = optional(database, 'sessions', 'model_config_json');
  const provider = optional(database, 'sessions', 'provider_name');
  for (const row of database.rows(
    `select l.id as ledger, l.session_id as session, l.created_timestamp as created, ${columns.join(', ')},
      (select ${config} from sessions where id = l.session_id) as config,
      (select ${provider} from sessions where id = l.session_id) as provider_name
    from usage_ledger as l where l.id > ? order by l.id`,
    [before.ledger],
  )) {
    last = Number(row.ledger);
    const facts = pick(row, ['ledger', 'session', 'created', 'provider_name', ...LEDGER_COLUMNS]);
    yield {
      lineNo: last * TABLES + LEDGER,
      json: `{"kind":"ledger",${facts},"config":${jsonText(row.config) ?? 'null'}}`,
    };
  }
  return last;
}

function* readSessionRows(
  database: OpenDatabase,
  { before, hasLedger }: { readonly before: Mark; readonly hasLedger: boolean },
): Records<string> {
  let updated = before.updated;
  const columns = SESSION_COLUMNS.map((name) => `${optional(database, 'sessions', name)} as ${name}`);
  const config = optional(database, 'sessions', 'model_config_json');
  const count = hasLedger ? '(select count(*) from usage_ledger as l where l.session_id = s.id)' : '0';
  const inLedger = hasLedger ? 'or id in (select session_id from usage_ledger where id > ?3)' : 'or ?3 < 0';
  for (const row of database.rows(
    `select rowid as row, id as session, ${columns.join(', ')}, ${config} as config, ${count} as ledger_count
    from sessions as s
    where updated_at is null or updated_at >= ?1 or id in (select session_id from messages where id > ?2) ${inLedger}
    order by rowid`,
    [before.updated, before.message, before.ledger],
  )) {
    if (String(row.updated_at ?? '') > updated) updated = String(row.updated_at);
    const facts = pick(row, ['session', ...SESSION_COLUMNS, 'ledger_count']);
    yield {
      lineNo: Number(row.row) * TABLES + SESSION,
      json: `{"kind":"session",${facts},"config":${jsonText(row.config) ?? 'null'}}`,
    };
  }
  return updated;
}

const optional = (database: OpenDatabase, table: string, column: string): string =>
  database.tables().get(table)?.includes(column) ? column : 'null';

const pick = (row: SqlRow, names: readonly string[]): string =>
  names.map((name) => `${JSON.stringify(name)}:${json(row[name])}`).join(',');

const json = (value: SqlValue | undefined): string =>
  typeof value === 'bigint' ? value.toString() : JSON.stringify(value ?? null);
