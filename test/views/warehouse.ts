import { contractSql } from '../../src/catalog/contract.ts';
import { sqlFile, sqlFilesBelow } from '../../src/catalog/sql-files.ts';
import { defineMacros, defineStoredViews } from '../../src/ingest/schema.ts';
import type { Cell } from '../../src/model/result.ts';
import { isDecimal } from '../../src/model/result.ts';
import { type Connection, connect, type SqlValue } from '../../src/warehouse/connection.ts';
import { applyMigrations, pendingMigrations } from '../../src/warehouse/migrate.ts';

export type Row = Readonly<Record<string, SqlValue>>;

/** A warehouse in memory with every table and view and no row. */
export async function openEmpty(): Promise<Connection> {
  const connection = await connect(':memory:');
  await applyMigrations(connection, await pendingMigrations(connection));
  await connection.execute(contractSql().join(';\n'));
  await connection.execute(`set TimeZone = 'UTC'`);
  return connection;
}

/** Inserts a row; columns that are not named are NULL, or what `DEFAULTS` says of the table. */
export async function addRow(connection: Connection, table: string, row: Row): Promise<void> {
  const values: Row = { ...DEFAULTS[table], ...row };
  const names = Object.keys(values);
  await connection.execute(
    `insert into ${table} (${names.join(', ')}) values (${names.map((name) => `$${name}`).join(', ')})`,
    values,
  );
}

const DEFAULTS: Readonly<Record<string, Row>> = {
  'raw.sources': {
    adapter_version: 1,
    host: 'desk',
    user_name: 'ann',
    format: 'jsonl',
    size_bytes: 1000,
    modified_ns: 1_767_225_600_000_000_000n,
    parsed_bytes: 1000,
    line_count: 10,
    head_bytes: 10,
    head_hash: 1,
    anchor_hash: 1,
    pending_bytes: 0,
    first_loaded_at: '2026-03-01T00:00:00Z',
    last_loaded_at: '2026-03-10T00:00:00Z',
    is_vanished: false,
  },
  'raw.events': { item_no: 0, is_fork: false },
  'raw.api_errors': { item_no: 0, error_kind: 'overloaded', is_final: false },
  'raw.compactions': { item_no: 0, trigger: 'auto' },
  'raw.file_changes': { item_no: 0, operation: 'edit', evidence: 'patch' },
  'raw.rate_limits': { window_name: 'primary' },
  'raw.model_prices': {
    provider: 'maker',
    valid_from_on: '1970-01-01',
    context_over_tokens: 0,
    service_tier: 'standard',
    source: 'seed',
  },
  'mart.turns': { source_no: 0, line_no: 1 },
  'mart.llm_calls': { source_no: 0, line_no: 1, item_no: 0, form: 'response', is_output_incomplete: false },
  'mart.tool_calls': { source_no: 0, line_no: 1, item_no: 0, status: 'ok', status_source: 'flag' },
};

/** Rows of a query as plain objects: decimals as their digits, whole numbers as numbers. */
export async function rowsOf(
  connection: Connection,
  sql: string,
  values: Row = {},
): Promise<readonly unknown[]> {
  const { columns, rows } = await connection.query(sql, values);
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, index) => [name, plain(row[index] ?? null)])),
  );
}

/** The first value of the first row. */
export async function scalarOf(connection: Connection, sql: string): Promise<unknown> {
  const { rows } = await connection.query(sql);
  return plain(rows[0]?.[0] ?? null);
}

export function plain(cell: Cell): unknown {
  if (typeof cell === 'bigint') return Number(cell);
  if (cell === null || typeof cell !== 'object') return cell;
  if (isDecimal(cell)) return cell.decimal;
  if (Array.isArray(cell)) return cell.map(plain);
  return Object.fromEntries(Object.entries(cell).map(([key, value]) => [key, plain(value as Cell)]));
}

/** Brings `computed_cost_usd` and `mart.sessions` up to the calls and tool calls that stand in the marts. */
export async function settle(connection: Connection): Promise<void> {
  await connection.execute(`
    update mart.llm_calls
    set computed_cost_usd = sums.cost_usd
    from (
        select
            llm_call_id,
            coalesce(uncached_input_cost_usd, 0) + coalesce(cache_read_cost_usd, 0) + coalesce(cache_write_5m_cost_usd, 0)
            + coalesce(cache_write_1h_cost_usd, 0) + coalesce(output_cost_usd, 0) + coalesce(web_search_cost_usd, 0) as cost_usd
        from internal.call_class_prices
        where price_no is not null
    ) as sums
    where sums.llm_call_id = mart.llm_calls.llm_call_id;

    update mart.sessions
    set
        llm_call_count = sums.llm_call_count,
        uncached_input_tokens = sums.uncached_input_tokens,
        cache_read_tokens = sums.cache_read_tokens,
        cache_write_5m_tokens = sums.cache_write_5m_tokens,
        cache_write_1h_tokens = sums.cache_write_1h_tokens,
        output_tokens = sums.output_tokens,
        total_tokens = sums.total_tokens,
        computed_cost_usd = sums.computed_cost_usd,
        reported_cost_usd = sums.reported_cost_usd,
        auto_cost_usd = sums.auto_cost_usd,
        computed_call_count = sums.computed_call_count,
        reported_call_count = sums.reported_call_count,
        auto_call_count = sums.auto_call_count
    from (
        select
            session_no,
            count(*) as llm_call_count,
            sum(uncached_input_tokens) as uncached_input_tokens,
            sum(cache_read_tokens) as cache_read_tokens,
            sum(cache_write_5m_tokens) as cache_write_5m_tokens,
            sum(cache_write_1h_tokens) as cache_write_1h_tokens,
            sum(output_tokens) as output_tokens,
            sum(
                coalesce(uncached_input_tokens, 0) + coalesce(cache_read_tokens, 0)
                + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)
                + coalesce(output_tokens, 0)
            ) as total_tokens,
            sum(computed_cost_usd) as computed_cost_usd,
            sum(reported_cost_usd) as reported_cost_usd,
            sum(case when reported_cost_usd > 0 then reported_cost_usd else computed_cost_usd end) as auto_cost_usd,
            count(computed_cost_usd) as computed_call_count,
            count(reported_cost_usd) as reported_call_count,
            count(case when reported_cost_usd > 0 then reported_cost_usd else computed_cost_usd end)
                as auto_call_count,
        from mart.llm_calls
        group by session_no
    ) as sums
    where sums.session_no = mart.sessions.session_no;

    update mart.sessions
    set
        tool_call_count = sums.tool_call_count,
        tool_ended_count = sums.tool_ended_count,
        tool_failure_count = sums.tool_failure_count
    from (
        select
            session_no,
            count(*) as tool_call_count,
            count(*) filter (status in ('ok', 'failed')) as tool_ended_count,
            count(*) filter (status = 'failed') as tool_failure_count,
        from mart.tool_calls
        group by session_no
    ) as sums
    where sums.session_no = mart.sessions.session_no;

    update mart.sessions
    set turn_count = sums.turn_count
    from (select session_no, count(*) as turn_count from mart.turns group by session_no) as sums
    where sums.session_no = mart.sessions.session_no;
  `);
  await audit(connection);
}

/** Runs the rules that read the other marts over all sessions. */
async function audit(connection: Connection): Promise<void> {
  await defineMacros(connection);
  await defineStoredViews(connection);
  await connection.execute(
    `create or replace temp table changed_sessions as select session_no from raw.sessions;
    create or replace temp table source_ranks as select source_no, source_no as source_rank from raw.sources;
    create or replace temp table compared_projects (agent varchar, project varchar);
    update mart.sessions as s
    set
        project = project_of(s.cwd),
        root_session_id = coalesce(
            (select r.session_id from mart.sessions as r where r.session_no = s.root_session_no), s.session_id
        )`,
  );
  for (const path of sqlFilesBelow('sql/marts').filter((path) =>
    /\/(?:08_own_events|[1-9]\d_\w+)\.sql$/.test(path),
  ))
    await connection.execute(sqlFile(path));
}
