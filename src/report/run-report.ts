import type { Report } from '../catalog/report.ts';
import type { ResultSet } from '../model/result.ts';
import type { Connection } from '../warehouse/connection.ts';
import { bindReport, type ReportValues } from './bind-report.ts';

export interface ReportSettings {
  readonly timeZone: string;
  readonly costMode: 'auto' | 'calculate' | 'reported';
}

export interface ReportAnswer {
  readonly report: Report;
  readonly result: ResultSet;
}

/** Sets what every statement depends on: time zone, cost mode, and `v1` on the search path. */
export async function applySettings(
  connection: Connection,
  { timeZone, costMode }: ReportSettings,
): Promise<void> {
  await connection.execute(`set TimeZone = '${timeZone.replaceAll("'", "''")}'`);
  await connection.execute(`set variable cost_mode = '${costMode}'`);
  await connection.execute(`set search_path = 'v1,main'`);
}

export interface ReportRun {
  readonly connection: Connection;
  readonly report: Report;
  readonly values: ReportValues;
}

/** Runs a report on a connection to which the settings are applied. */
export async function runReport({ connection, report, values }: ReportRun): Promise<ReportAnswer> {
  const { sql, parameters } = bindReport(report, values);
  return { report, result: await connection.query(sql, parameters) };
}

/** Runs a report into a temporary table, for the formats that DuckDB or Arrow write themselves. */
export async function runReportInto({ connection, report, values }: ReportRun, table: string): Promise<void> {
  const { sql, parameters } = bindReport(report, values);
  await connection.execute(`create or replace temp table ${table} as\n${sql}`, parameters);
}
