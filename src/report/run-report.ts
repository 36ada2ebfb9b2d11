import type { Report } from '../catalog/report.ts';
import { quoteText } from '../catalog/sql-names.ts';
import type { ResultSet } from '../model/result.ts';
import type { CostMode } from '../model/settings.ts';
import type { Connection } from '../warehouse/connection.ts';
import { enterSandbox, type SandboxOptions } from '../warehouse/sandbox.ts';
import { selectSealed } from '../warehouse/sealed-select.ts';
import type { Limits } from '../warehouse/work-limit.ts';
import { bindReport, type ReportValues } from './bind-report.ts';

export interface ReportSettings {
  readonly timeZone: string;
  readonly costMode: CostMode;
  /** Where names are looked up, where it is not the open file itself. */
  readonly searchPath?: string;
}

export interface ReportAnswer {
  readonly report: Report;
  readonly result: ResultSet;
}

/** Sets what every statement depends on: time zone, cost mode, and the search path, with `v1` on it. */
export async function applySettings(
  connection: Connection,
  { timeZone, costMode, searchPath = 'v1,main' }: ReportSettings,
): Promise<void> {
  await connection.execute(`set TimeZone = ${quoteText(timeZone)}`);
  await connection.execute(`set variable cost_mode = '${costMode}'`);
  await connection.execute(`set search_path = '${searchPath}'`);
}

export interface ReportRun {
  readonly connection: Connection;
  readonly report: Report;
  readonly values: ReportValues;
}

/** Runs a report on a connection to which the settings are applied. */
export async function runReport({ connection, report, values }: ReportRun): Promise<ReportAnswer> {
  return { report, result: await connection.query(bindReport(report, values)) };
}

/** Runs a report into a temporary table, for the formats that DuckDB or Arrow write themselves. */
export async function runReportInto({ connection, report, values }: ReportRun, table: string): Promise<void> {
  await connection.execute(`create or replace temp table ${table} as\n${bindReport(report, values)}`);
}

export interface SealedRun extends Limits {
  /** Stops it with the signal's reason. */
  readonly signal?: AbortSignal;
  /** A temporary table for the rows. */
  readonly into?: string;
}

export interface Sealing extends SealedRun, SandboxOptions {}

/**
 * Runs a report that someone else may have written: sealed off from files, network and settings, and stopped after a
 * time. There is no way back on this connection. DuckDB's errors are thrown as they are.
 */
export async function runSealedReport(
  run: ReportRun,
  { isInMemory, readFolders, outputFile, memoryBytes, ...sealed }: Sealing,
): Promise<ResultSet> {
  await enterSandbox(run.connection, {
    isInMemory,
    ...(readFolders === undefined ? {} : { readFolders }),
    ...(outputFile === undefined ? {} : { outputFile }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  });
  return runInSeal(run, sealed);
}

/** The same on a connection that is sealed off already. */
export function runInSeal({ connection, report, values }: ReportRun, sealed: SealedRun): Promise<ResultSet> {
  return selectSealed(connection, { sql: bindReport(report, values), parameters: {}, ...sealed });
}
