import type { Adapter } from '../model/adapter.ts';
import type { Connection } from '../warehouse/connection.ts';

/** Tables whose rows belong to one source and one transcript each. */
export const SESSION_TABLES = [
  'session_headers',
  'events',
  'usage',
  'usage_counters',
  'turn_contexts',
  'tool_uses',
  'tool_results',
  'file_changes',
  'api_errors',
  'compactions',
  'rate_limits',
] as const;

/** Tables whose rows belong to one source each. */
export const SOURCE_TABLES = [...SESSION_TABLES, 'rejects', 'tool_commands', 'tool_errors'] as const;

/** Raw tables whose rows say of which sessions a source tells. */
export const CHANGE_TABLES = ['session_headers', 'events', 'usage', 'tool_uses', 'tool_results'] as const;

/** Makes the temporary tables in which a load notes what it changes, and remembers which raw rows there were before it. */
export async function startChanges(connection: Connection): Promise<void> {
  await connection.execute(`
    create or replace temp table changed_sources (source_no integer, is_whole boolean);
    create or replace temp table touched_sessions (session_no integer);
    create or replace temp table touched_responses (response_id varchar);
    create or replace temp table touched_calls (tool_call_id varchar);
    create or replace temp table touched_uuids (uuid uuid);
    ${CHANGE_TABLES.map((table) => `set variable last_${table} = (select coalesce(max(rowid), -1) from raw.${table});`).join('\n    ')}
  `);
}

/**
 * Tells what was changed so far by source alone: to commit may give rows other numbers than those that were remembered.
 */
export async function noteWholeSources(connection: Connection): Promise<void> {
  await connection.execute(`
    update changed_sources set is_whole = true;
    ${CHANGE_TABLES.map((table) => `set variable last_${table} = ${NO_ROW};`).join('\n    ')}
  `);
}

/** Above every row's number. */
const NO_ROW = 2n ** 63n - 1n;

/** Removes the raw rows of sources that are read anew, noting the keys they had so that the marts follow. */
export async function removeSourceRows(connection: Connection, sourceNos: readonly number[]): Promise<void> {
  if (sourceNos.length > 0) await removeRows(connection, `source_no in (${sourceNos.join(', ')})`);
}

/** Removes the raw rows of the lines that a batch holds again, of sources whose reader went on from its mark. */
export async function removeStagedLines(
  connection: Connection,
  { adapter, sourceNos }: { readonly adapter: Adapter; readonly sourceNos: readonly number[] },
): Promise<void> {
  const table = adapter.plan.tables[0]?.name;
  if (sourceNos.length === 0 || table === undefined) return;
  await connection.execute(`
    create or replace temp table staged_again as
        select distinct source_no, line_no from staged_${table} where source_no in (${sourceNos.join(', ')});`);
  await removeRows(connection, '(source_no, line_no) in (select (source_no, line_no) from staged_again)');
}

/** Removes the raw rows of the lines that a batch holds again and that are no record now, of sources whose reader went on. */
export async function removeRejectedLines(
  connection: Connection,
  sourceNos: readonly number[],
): Promise<void> {
  if (sourceNos.length === 0) return;
  const lines = `select source_no, line_no from staged_rejects where source_no in (${sourceNos.join(', ')})`;
  const { rows } = await connection.query(`${lines} limit 1`);
  if (rows.length === 0) return;
  await removeRows(connection, `(source_no, line_no) in (select (source_no, line_no) from (${lines}))`);
}

/** Removes the raw rows of which a condition on source and line holds, noting their keys. */
async function removeRows(connection: Connection, condition: string): Promise<void> {
  await connection.execute(`
    insert into touched_sessions
        select session_no from raw.session_headers where ${condition}
        union select session_no from raw.events where ${condition}
        union select session_no from raw.usage where ${condition};
    insert into touched_responses
        select response_id from raw.usage where ${condition}
        union select alias from raw.usage where alias is not null and ${condition};
    insert into touched_calls
        select tool_call_id from raw.tool_uses where ${condition}
        union select tool_call_id from raw.tool_results where ${condition};
    insert into touched_uuids select distinct uuid from raw.events where uuid is not null and ${condition};
    ${SOURCE_TABLES.map((table) => `delete from raw.${table} where ${condition};`).join('\n    ')}
  `);
}

/** Rows that a removal takes. */
export interface Doomed {
  readonly table: (typeof SOURCE_TABLES)[number];
  /** A condition on its rows. */
  readonly where: string;
}

/** All rows of the sources that a subquery names. */
export const rowsOfSources = (sources: string): readonly Doomed[] =>
  SOURCE_TABLES.map((table) => ({ table, where: `source_no in (${sources})` }));

/** All rows of the transcripts that a subquery names; content first, which is found by the rows it belongs to. */
export const rowsOfSessions = (sessions: string): readonly Doomed[] => [
  ...(
    [
      ['tool_commands', 'tool_uses'],
      ['tool_errors', 'tool_results'],
    ] as const
  ).map(([table, owner]) => ({
    table,
    where: `(source_no, line_no, item_no) in (select (source_no, line_no, item_no) from raw.${owner} where session_no in (${sessions}))`,
  })),
  ...SESSION_TABLES.map((table) => ({ table, where: `session_no in (${sessions})` })),
];
