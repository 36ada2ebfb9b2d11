import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import { AgenttraceError } from '../model/errors.ts';
import type { Connection } from './connection.ts';

/**
 * Functions of DuckDB that look like tables to read from and act instead: they write logs and profiles to files, or run what
 * no plan shows. A locked configuration does not stop them.
 */
export const CONTROLS: ReadonlySet<string> = new Set([
  'checkpoint',
  'disable_logging',
  'disable_peg_parser',
  'disable_profiling',
  'enable_logging',
  'enable_peg_parser',
  'enable_profiling',
  'force_checkpoint',
  'json_execute_serialized_sql',
  'truncate_duckdb_logs',
]);

/**
 * Whether a text may call one of them: their names stand in it, or the name of a function that runs SQL made of texts. Most
 * texts do not, and need no look at their plan. A text that has these words as data is looked at and runs.
 */
export const mayCallControls = (sql: string): boolean =>
  /enable_|disable_|checkpoint|truncate_duckdb|serialized_sql|\bquery\b/i.test(sql);

export interface ControlCheck {
  /** One statement, without EXPLAIN. */
  readonly sql: string;
  /** Gives the parameters their values. */
  readonly bind: (statement: DuckDBPreparedStatement) => unknown;
}

/** Refuses a statement whose plan calls one of them, wherever it is hidden. */
export async function refuseControls({ driver }: Connection, { sql, bind }: ControlCheck): Promise<void> {
  const plan = await driver.prepare(`explain (format json) ${sql}`);
  await bind(plan);
  const reader = await plan.runAndReadAll();
  const found = reader
    .getRows()
    .flatMap((row) => functionsOf(JSON.parse(String(row[1]))))
    .find((name) => CONTROLS.has(name));
  if (found === undefined) return;
  throw new AgenttraceError({
    code: 'bad_sql',
    message: `The function ${found} is not allowed here: query reads, and changes nothing.`,
    hint: 'It acts on DuckDB itself, or on files.',
  });
}

/** The table functions of a plan. */
function functionsOf(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(functionsOf);
  if (typeof node !== 'object' || node === null) return [];
  const { extra_info: facts, children } = node as { extra_info?: { Function?: unknown }; children?: unknown };
  const name = facts?.Function;
  return [...(typeof name === 'string' ? [name.toLowerCase()] : []), ...functionsOf(children)];
}
