import type { Report } from '../catalog/report.ts';
import { findLogs } from '../ingest/find-logs.ts';
import { type AnswerQuestion, keepAnswer, readKeptAnswer, stateNow } from '../ingest/kept-answers.ts';
import type { ResultSet } from '../model/result.ts';
import { formatInstant } from '../render/format-time.ts';
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

/** What a kept answer would be an answer to; undefined where none is kept: for chosen logs, one session, content, or a period that ends now. */
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
  if (!isOrdinary || options.isPeriodMoving || !report.path.startsWith('sql/reports/')) return undefined;
  const state = stateNow({
    file: warehouseFile(invocation, false),
    discovery: findLogs({
      home: runtime.home,
      env: runtime.env,
      platform: runtime.platform,
      cwd: runtime.workingFolder,
    }),
    priceFolder: configFolder(runtime),
    program: programStamp(),
  });
  return state && { ...state, asked: askedOf(invocation, { report, format }) };
}

/** All that the report is asked with; of the time only the day, since a report tells no more of it but when it was made. */
function askedOf(invocation: Invocation, { report, format }: KeepableReport): readonly unknown[] {
  const { options, runtime } = invocation;
  const hasNow = report.parameters.some(({ name }) => name === 'now');
  const values = Object.entries(reportValues(invocation, report))
    .filter(([name, value]) => value !== undefined && !(hasNow && name === 'now'))
    .map(([name, value]) => [name, typeof value, String(value)]);
  const day = hasNow
    ? formatInstant(runtime.now.toISOString(), { timeZone: options.timeZone, isPrecise: false }).slice(0, 10)
    : null;
  return [report.name, isPage({ report, format }), options.timeZone, options.costMode, day, values];
}

/** The kept answer, said as of now: nothing it depends on has changed since. */
export function readKeptReport(question: AnswerQuestion, now: Date): ResultSet | undefined {
  const kept = readKeptAnswer(question);
  return kept && asOf(kept, now);
}

/** Keeps the answer of a report for those who ask again. */
export function keepReport(question: AnswerQuestion, keepable: KeepableReport, result: ResultSet): void {
  keepAnswer(question, isPage(keepable) ? asShown(result, keepable.report) : result);
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
