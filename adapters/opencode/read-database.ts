import type { ReadSource } from '../../src/model/reader.ts';
import { jsonText } from '../../src/read/json-text.ts';
import { type OpenDatabase, openDatabase } from '../../src/read/sqlite.ts';
import type { SqlRow } from '../../src/read/sqlite-rows.ts';
import { type DatabaseMark, knownMark, type MarkedTables, markOf, writtenSince } from './database-mark.ts';

/**
 * Records of a database: one for each row of `message`, with its parts and what is known of its session, on the line of its rowid; and
 * one for each row of `session_message`, from line 1,000,000,000 on.
 *
 * The shape is that of an export, `{"info":{…},"parts":[…]}`, with `session` beside it.
 */
const SECOND_TABLE = 1_000_000_000;

const TABLES = ['message', 'part', 'session_message'] as const;
type Table = (typeof TABLES)[number];

/** What a source holds, and what is to be read of it. */
interface Reading {
  readonly database: OpenDatabase;
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** The sessions to read, as SQL; undefined: all. */
  readonly changed: string | undefined;
}

export const readDatabase: ReadSource = function* read({ path, mark }) {
  const database = openDatabase(path);
  try {
    const columns = database.tables();
    const marked: MarkedTables = {
      database,
      tables: TABLES.filter((table) => columns.has(table)),
      timeColumn: 'time_updated',
      unitsPerSecond: 1000,
    };
    const known = knownMark(mark, marked);
    const reading = { database, columns, changed: known && changedSessions(known, columns) };
    const chosen = chooseTables(reading);
    if (columns.has('message')) yield* readMessages(reading, chosen);
    if (columns.has('session_message')) yield* readSessionMessages(reading, chosen);
    return markOf(marked);
  } finally {
    database.close();
  }
};

type Items = ReturnType<ReadSource>;

/** Sessions that both tables tell, and which of them tells more calls: each session is read from one. */
function chooseTables({ database, columns }: Reading): ReadonlyMap<string, Table> {
  const chosen = new Map<string, Table>();
  if (!columns.has('message') || !columns.has('session_message')) return chosen;
  for (const row of database.rows(`
    select s.session_id as id, s.calls as newer, m.calls as older
    from (
      select session_id, sum(type = 'assistant') as calls from session_message group by session_id
    ) as s
    inner join (
      select
        session_id,
        sum(case when json_valid(cast(data as text)) then json_extract(cast(data as text), '$.role') = 'assistant' end) as calls
      from message
      where session_id in (select session_id from session_message)
      group by session_id
    ) as m on m.session_id = s.session_id`)) {
    const isNewer = Number(row.newer ?? 0) > Number(row.older ?? 0);
    chosen.set(String(row.id), isNewer ? 'session_message' : 'message');
  }
  return chosen;
}

function* readMessages(reading: Reading, chosen: ReadonlyMap<string, Table>): Items {
  const { database, columns } = reading;
  const parts = columns.has('part')
    ? `(
        select group_concat(
          case
            when not json_valid(p.json) or p.json not like '{%' or p.json = '{}' then '{"damagedBytes":' || length(p.json) || '}'
            else '{"id":' || json_quote(p.id) || ',"rowCreated":' || ifnull(p.time_created, 'null') || ',' || substr(p.json, 2)
          end
        )
        from (
          select id, ${has(columns, 'part', 'time_created')} as time_created, trim(cast(data as text)) as json
          from part where message_id = t.id order by id
        ) as p
      )`
    : 'null';
  for (const row of database.rows(select(reading, { table: 'message', extra: `${parts} as parts` }))) {
    const lineNo = Number(row.line_no);
    if (chosen.get(String(row.session_id)) === 'session_message') {
      yield { lineNo, json: '{"kind":"other"}' };
      continue;
    }
    const partTexts = row.parts === null ? '' : String(row.parts);
    for (const [, bytes] of partTexts.matchAll(/\{"damagedBytes":(\d+)\}/g)) {
      yield { lineNo, reason: 'a part is no JSON object', sizeBytes: Number(bytes) };
    }
    yield record(row, { lineNo, parts: partTexts });
  }
  return undefined;
}

function* readSessionMessages(reading: Reading, chosen: ReadonlyMap<string, Table>): Items {
  const { database } = reading;
  for (const row of database.rows(select(reading, { table: 'session_message', extra: 't.type as type' }))) {
    const lineNo = SECOND_TABLE + Number(row.line_no);
    if (chosen.get(String(row.session_id)) === 'message') yield { lineNo, json: '{"kind":"other"}' };
    else yield record(row, { lineNo, parts: '' });
  }
  return undefined;
}

/** A row as a record; its columns are what its JSON leaves out. */
function record(row: SqlRow, { lineNo, parts }: { readonly lineNo: number; readonly parts: string }) {
  const data = jsonText(row.data);
  if (data === undefined || !data.startsWith('{') || data === '{}') {
    return { lineNo, reason: 'data is no JSON object', sizeBytes: Number(row.size_bytes ?? 0) };
  }
  const type = row.type === undefined ? '' : `"type":${JSON.stringify(row.type)},`;
  const ids = `"id":${JSON.stringify(row.id)},"sessionID":${JSON.stringify(row.session_id)},${type}`;
  const session = row.session === null ? '' : `"session":${String(row.session)},`;
  return { lineNo, json: `{${session}"info":{${ids}${data.slice(1)},"parts":[${parts}]}` };
}

function select(
  { columns, changed }: Reading,
  { table, extra }: { readonly table: Table; readonly extra: string },
): string {
  const session = (name: string): string => (columns.get('session')?.includes(name) ? `s.${name}` : 'null');
  const facts = columns.has('session')
    ? `case when s.id is not null then json_object(
        'id', s.id, 'parentID', ${session('parent_id')}, 'projectID', ${session('project_id')},
        'directory', ${session('directory')}, 'version', ${session('version')}, 'title', ${session('title')},
        'forkID', ${session('fork_session_id')}, 'time', json_object('created', ${session('time_created')})
      ) end`
    : 'null';
  return `
    select t.rowid as line_no, t.id as id, t.session_id as session_id, t.data as data, length(t.data) as size_bytes,
      ${facts} as session, ${extra}
    from ${table} as t
    ${columns.has('session') ? 'left join session as s on s.id = t.session_id' : ''}
    ${changed === undefined ? '' : `where t.session_id in (${changed})`}`;
}

const has = (columns: Reading['columns'], table: string, column: string): string =>
  columns.get(table)?.includes(column) ? column : 'null';

/** Sessions with a row that is new, or was written since; their messages are read anew, as rules look at whole sessions. */
function changedSessions(mark: DatabaseMark, columns: Reading['columns']): string {
  const of = TABLES.filter((table) => columns.has(table)).map(
    (table) => `select session_id from ${table} where ${writtenSince(mark, table, 'time_updated')}`,
  );
  if (columns.get('session')?.includes('time_updated')) {
    of.push(`select id from session where time_updated >= ${mark.at}`);
  }
  return of.join(' union ');
}
