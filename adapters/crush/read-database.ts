import type { ReadSource } from '../../src/model/reader.ts';
import { jsonText } from '../../src/read/json-text.ts';
import { openDatabase } from '../../src/read/sqlite.ts';
import { knownMark, type MarkedTables, markOf, writtenSince } from '../opencode/database-mark.ts';

/** Rows of `messages` are on the line of their rowid, those of `sessions` from here on. */
const SESSIONS = 1_000_000_000;

/** A record for each message, with its parts and what is known of its session, and one for each session, with its cost. */
export const readDatabase: ReadSource = function* read({ path, mark }) {
  const database = openDatabase(path);
  try {
    const columns = database.tables();
    const marked: MarkedTables = {
      database,
      tables: ['sessions', 'messages'],
      timeColumn: 'updated_at',
      unitsPerSecond: 1,
    };
    const known = knownMark(mark, marked);
    const changed = (table: string): string =>
      known === undefined
        ? ''
        : `where rowid in (select rowid from ${table} where ${writtenSince(known, table, 'updated_at')})`;
    const has = (name: string): boolean => columns.get('messages')?.includes(name) ?? false;
    const message = (name: string): string => (has(name) ? name : 'null');
    // Where a router chose the model, the one that answered.
    const model = has('prism_model_id') ? "coalesce(nullif(prism_model_id, ''), model)" : 'model';

    const session = `json_object(
      'id', s.id, 'parentID', s.parent_session_id, 'cost', s.cost, 'createdAt', ${milliseconds('s.created_at')}`;
    for (const row of database.rows(`
      select m.rowid as line_no, m.parts as parts, length(m.parts) as size_bytes,
        case when s.id is not null then ${session}) end as session,
        json_object(
          'id', m.id, 'sessionID', m.session_id, 'role', m.role, 'model', m.model, 'provider', m.provider,
          'isSummary', json(case when m.is_summary then 'true' else 'false' end),
          'createdAt', ${milliseconds('m.created_at')}, 'finishedAt', ${milliseconds('m.finished_at')}
        ) as message
      from (
        select rowid, id, session_id, parts, role, ${model} as model, created_at, finished_at,
          ${message('provider')} as provider, ${message('is_summary_message')} as is_summary
        from messages ${changed('messages')}
      ) as m
      left join sessions as s on s.id = m.session_id`)) {
      const lineNo = Number(row.line_no);
      const parts = jsonText(row.parts);
      if (parts === undefined || !parts.startsWith('[')) {
        yield { lineNo, reason: 'parts are no JSON array', sizeBytes: Number(row.size_bytes ?? 0) };
      }
      const told = String(row.message).slice(0, -1);
      const beside = row.session === null ? '' : `"session":${String(row.session)},`;
      yield {
        lineNo,
        json: `{${beside}"message":${told},"parts":${parts?.startsWith('[') ? parts : '[]'}}}`,
      };
    }

    // A session counts as its model's when all its answers are of one.
    for (const row of database.rows(`
      select s.rowid as line_no, ${session},
        'answers', count(m.id),
        'model', case when count(distinct nullif(m.model, '')) = 1 then max(nullif(m.model, '')) end,
        'provider', case when count(distinct nullif(m.provider, '')) = 1 then max(nullif(m.provider, '')) end
      ) as session
      from (select rowid, * from sessions ${changed('sessions')}) as s
      left join (
        select id, session_id, ${model} as model, ${message('provider')} as provider from messages
        where role = 'assistant'
      ) as m on m.session_id = s.id
      group by s.id`)) {
      yield { lineNo: SESSIONS + Number(row.line_no), json: `{"session":${String(row.session)}}` };
    }
    return markOf(marked);
  } finally {
    database.close();
  }
};

/** Times are seconds, although the schema's first comments spoke of milliseconds. */
const milliseconds = (column: string): string =>
  `case when ${column} > 100000000000 then ${column} else ${column} * 1000 end`;
