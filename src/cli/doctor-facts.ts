import { adapters } from '../../adapters/index.ts';
import type { Cell } from '../model/result.ts';
import type { Connection } from '../warehouse/connection.ts';
import type { Prepared } from './context.ts';

export type Row = Readonly<Record<string, Cell>>;

export interface Directory {
  readonly name: string;
  readonly path: string;
  readonly exists: boolean;
  readonly files: number;
}

/** What doctor reports on, before it is put into words. */
export interface DoctorFacts {
  readonly directories: readonly Directory[];
  readonly agents: readonly Row[];
  readonly rejects: readonly Row[];
  /** The models with most tokens, by agent. */
  readonly unpriced: readonly Row[];
  readonly unpricedCalls: bigint;
  readonly unpricedModels: bigint;
  readonly expiring: readonly Row[];
  /** What the logs of the agents found can tell. */
  readonly knowledge: readonly Row[];
  readonly unreadable: readonly Row[];
  readonly empty: readonly Row[];
  readonly unrecognised: readonly Row[];
  readonly sourceCount: number;
  readonly steps: readonly string[];
}

const AGENTS = `
select
    agent,
    count(*) as source_count,
    count(*) filter (where is_vanished) as vanished_count,
    cast(sum(size_bytes) as bigint) as size_bytes,
    cast(sum(line_count) as bigint) as line_count,
    cast(sum(reject_count) as bigint) as reject_count,
    max(modified_at) as newest_at
from v1.sources
group by agent
order by source_count desc, agent`;

const REJECTS = `
select
    r.reason,
    count(*) as reject_count,
    cast(sum(r.size_bytes) as bigint) as size_bytes,
    min(s.path || ':' || r.line_number) as first_path
from v1.rejects as r
join v1.sources as s using (source_id)
group by r.reason
order by reject_count desc, r.reason`;

const UNPRICED = `
select
    agent,
    coalesce(model, model_raw) as model,
    count(*) as llm_call_count,
    cast(sum(total_tokens) as bigint) as total_tokens
from v1.llm_calls
where cost_usd is null
group by all
order by total_tokens desc nulls last, model
limit 20`;

const UNPRICED_TOTALS = `
select count(*) as llm_call_count, count(distinct coalesce(model, model_raw, '')) as model_count
from v1.llm_calls
where cost_usd is null`;

const EXPIRING = `
select
    agent,
    count(*) as source_count,
    min(modified_at) as oldest_at,
    min(modified_at) + to_days(cast($days as integer)) as expires_at
from v1.sources
where not is_vanished
    and starts_with(path, $folder)
    and modified_at < cast($now as timestamptz) - to_days(cast($days as integer) - 7)
group by agent`;

const UNREADABLE = `
select path, regexp_replace(last_error, '^E[A-Z]+: ', '') as message
from v1.sources
where last_error is not null and not is_vanished
order by path`;

const EMPTY = `
select agent, path
from v1.sources
where size_bytes = 0 and not is_vanished
order by path`;

/** Asks the warehouse and the last load. */
export async function readDoctorFacts({ connection, summary }: Prepared, now: Date): Promise<DoctorFacts> {
  const expiring: Row[] = [];
  for (const place of summary?.places ?? []) {
    if (place.expiresAfterDays === undefined) continue;
    const parameters = { days: place.expiresAfterDays, folder: place.path, now: now.toISOString() };
    expiring.push(...(await rowsOf(connection, EXPIRING, parameters)));
  }
  const { rows } = await connection.query('select count(*) from v1.sources');
  const [unpriced] = await rowsOf(connection, UNPRICED_TOTALS);
  const agents = await rowsOf(connection, AGENTS);
  const stored = await rowsOf(connection, UNREADABLE);
  const isStored = new Set(stored.map(({ path }) => path));
  const { rows: steps } = await connection.query('select name from main.migrations order by name');
  return {
    directories: (summary?.places ?? []).map(({ displayName, path, exists, fileCount }) => ({
      name: displayName,
      path,
      exists,
      files: fileCount,
    })),
    agents,
    knowledge: adapters
      .filter(({ id }) => agents.some(({ agent }) => agent === id))
      .map(({ id, knows }) => ({
        agent: id,
        tokens: knows.tokens,
        cache_split: knows.cacheSplit,
        reasoning: knows.reasoning,
        reported_cost: knows.reportedCost,
        tool_status: knows.toolStatus,
        durations: knows.durations,
        api_errors: knows.apiErrors,
        subagents: knows.subagents,
        edits: knows.edits,
        live_database: knows.liveDatabase,
      })),
    rejects: await rowsOf(connection, REJECTS),
    unpriced: await rowsOf(connection, UNPRICED),
    unpricedCalls: BigInt(unpriced?.llm_call_count as bigint),
    unpricedModels: BigInt(unpriced?.model_count as bigint),
    expiring,
    unreadable: [
      ...stored,
      ...(summary?.unreadable ?? [])
        .filter(({ path }) => !isStored.has(path))
        .map(({ path, message }) => ({ path, message })),
    ],
    empty: await rowsOf(connection, EMPTY),
    unrecognised: (summary?.unrecognised ?? []).map(({ path, tried }) => ({ path, tried: [...tried] })),
    sourceCount: Number(rows[0]?.[0] ?? 0),
    steps: steps.map(([name]) => String(name)),
  };
}

async function rowsOf(
  connection: Connection,
  sql: string,
  parameters: Readonly<Record<string, string | number>> = {},
): Promise<readonly Row[]> {
  const { columns, rows } = await connection.query(sql, parameters);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}
