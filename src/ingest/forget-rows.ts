import type { Connection } from '../warehouse/connection.ts';

/** Tables whose rows belong to one source each. */
const SOURCE_TABLES = [
  'rejects',
  'session_headers',
  'events',
  'usage',
  'usage_counters',
  'turn_contexts',
  'tool_uses',
  'tool_results',
  'tool_commands',
  'tool_errors',
  'file_changes',
  'api_errors',
  'compactions',
  'rate_limits',
] as const;

/** Makes the temporary tables in which a load notes what it changes. */
export async function startChanges(connection: Connection): Promise<void> {
  await connection.execute(`
    create or replace temp table changed_sources (source_no integer);
    create or replace temp table touched_sessions (session_no integer);
    create or replace temp table touched_responses (response_id varchar);
    create or replace temp table touched_calls (tool_call_id varchar);
    create or replace temp table touched_uuids (uuid uuid);
  `);
}

/** Removes the raw rows of sources that are read anew, noting the keys they had so that the marts follow. */
export async function removeSourceRows(connection: Connection, sourceNos: readonly number[]): Promise<void> {
  if (sourceNos.length === 0) return;
  const these = `(select unnest([${sourceNos.join(', ')}]))`;
  await connection.execute(`
    insert into touched_sessions
        select session_no from raw.session_headers where source_no in ${these}
        union select session_no from raw.events where source_no in ${these}
        union select session_no from raw.usage where source_no in ${these};
    insert into touched_responses select distinct response_id from raw.usage where source_no in ${these};
    insert into touched_calls
        select tool_call_id from raw.tool_uses where source_no in ${these}
        union select tool_call_id from raw.tool_results where source_no in ${these};
    insert into touched_uuids select distinct uuid from raw.events where uuid is not null and source_no in ${these};
    ${SOURCE_TABLES.map((table) => `delete from raw.${table} where source_no in ${these};`).join('\n    ')}
  `);
}
