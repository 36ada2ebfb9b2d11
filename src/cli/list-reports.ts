import { relative } from 'node:path';
import type { AgenttraceError } from '../model/errors.ts';
import type { Cell } from '../model/result.ts';
import { cleanText } from '../render/clean-text.ts';
import { renderHangingTable } from '../render/hanging-table.ts';
import { themeFor } from '../render/theme.ts';
import { FLAG_PARAMETERS } from '../report/bind-report.ts';
import { type ListedReport, listReports } from '../report/find-report.ts';
import { type Answer, pageStyle } from './answer.ts';
import { allReportPlaces } from './choose-report.ts';
import { chooseFormat } from './format-choice.ts';
import type { Format } from './options.ts';
import { openOutputFile, writeOutput } from './output-file.ts';
import type { Invocation } from './spec.ts';
import { refuseBinary, textAnswer } from './text-answer.ts';
import { writeAnswer } from './write-answer.ts';

/** Lists every report with where it comes from; those that cannot be used say why, and those that are hidden by what. */
export async function showReportList(invocation: Invocation): Promise<void> {
  const format = chooseFormat(invocation, 'table');
  refuseBinary(format);
  const all = listReports(allReportPlaces(invocation));
  const listed = invocation.options.team === undefined ? all : await ofLake(all);
  const file = await openOutputFile(invocation, { format, stem: 'reports' });
  if (format === 'table') return writeOutput(invocation, { file, data: listText(listed, invocation) });
  await writeAnswer(invocation, { answer: answerOf(listed, { format, invocation }), format, file });
}

/** Those that a lake can answer. */
async function ofLake(listed: readonly ListedReport[]): Promise<readonly ListedReport[]> {
  const { teamViews } = await import('../lake/team-views.ts');
  const { lackingViews } = await import('./team-report.ts');
  const { missing } = teamViews();
  return listed.filter(({ report }) => report === null || lackingViews(report, missing).length === 0);
}

/** The list for a terminal or a pipe, nothing of it cut. */
function listText(listed: readonly ListedReport[], invocation: Invocation): string {
  const style = pageStyle(invocation);
  const rows = listed.map((one) => [one.name, placeOf(one, invocation), saysOf(one) ?? '']);
  const table = renderHangingTable(
    { headings: ['Name', 'Origin', 'Answers'], rows: rows.map((row) => row.map(cleanText)) },
    style,
  );
  return `${themeFor(style.hasColor).title('Reports')}\n${table}`;
}

function answerOf(
  listed: readonly ListedReport[],
  { format, invocation }: { readonly format: Format; readonly invocation: Invocation },
): Answer {
  if (format !== 'json' && format !== 'jsonl') {
    return textAnswer({
      title: 'Reports',
      names: ['name', 'origin', 'answers', 'parameters'],
      rows: listed.map((one) => [one.name, placeOf(one, invocation), saysOf(one), parameterNames(one)]),
    });
  }
  const rows = listed.map(reportCells);
  const names = Object.keys(rows[0] ?? {});
  return {
    shape: 'table',
    title: null,
    result: {
      columns: names.map((name) => ({ name, type: '' })),
      rows: rows.map((row) => names.map((name) => row[name] ?? null)),
    },
  };
}

/** Where it comes from: a word, or the folder for what is not in a place of its own. */
function originOf({ origin, path, name }: ListedReport, { runtime }: Invocation): string {
  if (origin !== 'given' || path === null) return origin;
  return relative(runtime.workingFolder, path.slice(0, -`/${name}.sql`.length)) || '.';
}

const placeOf = (one: ListedReport, invocation: Invocation): string =>
  one.isHidden ? `${originOf(one, invocation)} (hidden)` : originOf(one, invocation);

/** What it answers, with the parameters that no flag gives; or why it cannot be used. */
function saysOf({ report, error, name }: ListedReport): string | null {
  if (error !== null) return `Cannot be used: ${whyNot(error)}`;
  if (report === null) return null;
  const says = report.summary || (report.title === name ? '' : report.title);
  const own = report.parameters
    .filter((parameter) => !FLAG_PARAMETERS.includes(parameter.name))
    .map((parameter) => `--param ${parameter.name}=${parameter.default ?? '…'}`);
  return (
    [says, ...(report.path.startsWith('sql/') ? [] : own)].filter((text) => text !== '').join(' ') || null
  );
}

/** The place first, since a list has no line of its own for it. */
const whyNot = ({ message, source }: AgenttraceError): string =>
  source === undefined ? message : `${source}: ${message}`;

const parameterNames = ({ report }: ListedReport): string | null =>
  report?.parameters.map((parameter) => parameter.name).join(', ') || null;

const reportCells = ({
  name,
  origin,
  path,
  isHidden,
  report,
  error,
}: ListedReport): Readonly<Record<string, Cell>> => ({
  name,
  origin,
  file: path,
  is_hidden: isHidden,
  title: report?.title ?? null,
  summary: report?.summary || null,
  description: report?.description || null,
  shape: report?.shape ?? null,
  parameters:
    report?.parameters.map(({ name: parameter, type, default: value, description }) => ({
      name: parameter,
      type,
      default: value,
      description,
    })) ?? null,
  columns: report?.columns.map(({ name: column, label }) => ({ name: column, label })) ?? null,
  examples: report?.examples ?? null,
  error: error === null ? null : whyNot(error),
});
