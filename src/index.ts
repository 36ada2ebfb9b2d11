/**
 * agenttrace as a library: open a warehouse, ask it in SQL, run a report.
 *
 * @example
 * const warehouse = await openWarehouse('warehouse.duckdb');
 * const { rows } = await warehouse.query('select agent, sum(cost_usd) from sessions group by agent');
 * warehouse.close();
 */
import { AgenttraceError } from './model/errors.ts';
import type { ResultSet } from './model/result.ts';
import type { ReportValues } from './report/bind-report.ts';
import { findReport } from './report/find-report.ts';
import { SHIPPED } from './report/report-places.ts';
import { applySettings, type ReportAnswer, type ReportSettings, runReport } from './report/run-report.ts';
import { connect, type SqlValue } from './warehouse/connection.ts';

export { AgenttraceError, type ErrorCode, EXIT_CODES } from './model/errors.ts';
export type { Cell, DecimalCell, ResultColumn, ResultSet } from './model/result.ts';
export type { ReportValues } from './report/bind-report.ts';
export type { ReportAnswer, ReportSettings } from './report/run-report.ts';

/** An open warehouse. It is read, never written. */
export interface Warehouse {
  /** Runs SQL with the views of schema `v1` on the search path. */
  readonly query: (sql: string, parameters?: Readonly<Record<string, SqlValue>>) => Promise<ResultSet>;
  /** Runs a shipped report by its name, such as `daily`. */
  readonly report: (name: string, values?: ReportValues) => Promise<ReportAnswer>;
  readonly close: () => void;
}

/** Opens a warehouse file that `agenttrace load` wrote. Days are cut in UTC unless the settings say otherwise. */
export async function openWarehouse(
  file: string,
  settings: Partial<ReportSettings> = {},
): Promise<Warehouse> {
  const connection = await connect(file, { access_mode: 'READ_ONLY' });
  await applySettings(connection, { timeZone: 'UTC', costMode: 'auto', ...settings });
  return {
    query: connection.query,
    report: async (name, values = {}) => {
      const report = findReport(name, [SHIPPED])?.report;
      if (report === undefined) {
        throw new AgenttraceError({ code: 'usage', message: `There is no report “${name}”.` });
      }
      return runReport({ connection, report, values });
    },
    close: connection.close,
  };
}
