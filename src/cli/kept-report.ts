import type { Report } from '../catalog/report.ts';
import { findLogs } from '../ingest/find-logs.ts';
import { type AnswerQuestion, type KeptAnswer, keepAnswer, readKeptAnswer } from '../ingest/kept-answers.ts';
import type { RefreshSummary } from '../ingest/summary.ts';
import type { ResultSet } from '../model/result.ts';
import { warehouseFile } from './context.ts';
import type { Format } from './options.ts';
import { configFolder } from './places.ts';
import { programStamp } from './program-stamp.ts';
import { reportValues } from './report-values.ts';
import type { Invocation } from './spec.ts';

export interface KeepableReport {
  readonly report: Report;
  readonly format: Format;
}

/** What a kept answer would be an answer to; undefined where none is kept: for chosen logs, one session, or content. */
export function questionFor(
  invocation: Invocation,
  { report, format }: KeepableReport,
): AnswerQuestion | undefined {
  const { runtime, options } = invocation;
  const isOrdinary =
    options.isRefreshing &&
    !options.isDemo &&
    options.folders.length === 0 &&
    options.team === undefined &&
    options.session === undefined &&
    !options.hasContent;
  if (!isOrdinary || !report.path.startsWith('sql/reports/')) return undefined;
  const { now: _now, ...values } = reportValues(invocation, report);
  return {
    file: warehouseFile(invocation, false),
    discovery: findLogs({
      home: runtime.home,
      env: runtime.env,
      platform: runtime.platform,
      cwd: runtime.workingFolder,
    }),
    priceFolder: configFolder(runtime),
    program: programStamp(),
    asked: [
      report.name,
      isPage({ report, format }),
      options.timeZone,
      options.costMode,
      Object.entries(values).map(([name, value]) => [name, String(value)]),
    ],
  };
}

/** The kept answer, said as of now: nothing it depends on has changed since. */
export function readKeptReport(question: AnswerQuestion, now: Date): KeptAnswer | undefined {
  const kept = readKeptAnswer(question);
  return kept === undefined ? undefined : { ...kept, result: asOf(kept.result, now) };
}

/** Keeps the answer of a report for those who ask again. */
export function keepReport(
  question: AnswerQuestion,
  keepable: KeepableReport,
  { result, summary }: { readonly result: ResultSet; readonly summary: RefreshSummary },
): void {
  keepAnswer(question, { result: isPage(keepable) ? asShown(result, keepable.report) : result, summary });
}

const isPage = ({ report, format }: KeepableReport): boolean =>
  report.shape === 'document' && format !== 'json';

/** Without the lists that stand in the row for programs alone: the findings of a big home would be most of what is read. */
function asShown({ columns, rows }: ResultSet, { fields }: Report): ResultSet {
  const names = new Set(fields.map(({ name }) => name));
  const isShown = columns.map(({ name, type }) => !(names.has(name) && type.endsWith('[]')));
  const shown = <T>(cells: readonly T[]): readonly T[] => cells.filter((_, index) => isShown[index]);
  return { columns: shown(columns), rows: rows.map(shown) };
}

function asOf({ columns, rows }: ResultSet, now: Date): ResultSet {
  const index = columns.findIndex(({ name }) => name === 'generated_at');
  return {
    columns,
    rows: rows.map((row) => row.map((cell, at) => (at === index ? now.toISOString() : cell))),
  };
}
