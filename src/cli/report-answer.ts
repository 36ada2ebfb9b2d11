import type { Report } from '../catalog/report.ts';
import { type Cell, isDecimal } from '../model/result.ts';
import { cleanText } from '../render/clean-text.ts';
import { formatInstant } from '../render/format-time.ts';
import type { ReportAnswer } from '../report/run-report.ts';
import type { Answer } from './answer.ts';
import type { Invocation } from './spec.ts';
import { VERSION } from './version.ts';

/** A report's result as an answer: rows with their labels, or a page of its sections. */
export function reportAnswer({ report, result }: ReportAnswer, invocation: Invocation): Answer {
  if (report.shape === 'table') {
    return {
      shape: 'table',
      title: cleanText(report.title),
      result,
      labels: labelsOf(report),
      emptyText: report.emptyText === null ? null : cleanText(report.emptyText),
    };
  }
  const row = result.rows[0] ?? [];
  const cells = new Map(result.columns.map(({ name }, index) => [name, row[index] ?? null]));
  const sections = report.sections.flatMap(({ name, title, isDetail }) => {
    const column = result.columns.find((candidate) => candidate.name === name);
    return column === undefined
      ? []
      : [{ column, title: cleanText(title), cell: cells.get(name) ?? null, isDetail }];
  });
  return {
    shape: 'document',
    view: {
      title: cleanText(report.title),
      subtitle: subtitleOf(cells, invocation),
      sections,
      next: report.name === 'session' ? afterSession(cells, invocation) : [],
    },
    entries: withEnvelope(
      result.columns.map(({ name }) => [name, cells.get(name) ?? null]),
      invocation,
    ),
  };
}

/** Headings that a report gives its columns. */
export const labelsOf = ({ columns }: Report): ReadonlyMap<string, string> =>
  new Map(columns.map(({ name, label }) => [name, cleanText(label)]));

/** Keys that say which program wrote a document, when, and how it counted; SQL cannot know them. */
function withEnvelope(
  entries: readonly (readonly [string, Cell])[],
  { runtime, options }: Invocation,
): readonly (readonly [string, Cell])[] {
  const names = new Set(entries.map(([name]) => name));
  const envelope: readonly (readonly [string, Cell])[] = [
    ['version', VERSION],
    ['schema_version', 'v1'],
    ['generated_at', runtime.now.toISOString()],
    ['timezone', options.timeZone],
    [
      'period',
      { since_at: options.since?.toISOString() ?? null, until_at: options.until?.toISOString() ?? null },
    ],
  ];
  return [...envelope.filter(([name]) => !names.has(name)), ...entries];
}

function subtitleOf(cells: ReadonlyMap<string, Cell>, { options }: Invocation): string | null {
  const summary = cells.get('summary');
  const session = summary !== undefined && isRecord(summary) ? summary.session_id : undefined;
  if (typeof session === 'string') return `${session} · ${options.timeZone}`;
  return [spanOf(cells.get('period') ?? null, options.timeZone), options.timeZone]
    .filter((part) => part !== null)
    .join(' · ');
}

/** The days from the first to the last that a page is about: those asked for, or else those of its calls. */
function spanOf(period: Cell, timeZone: string): string | null {
  if (!isRecord(period)) return null;
  const { since, until, first_call_at, last_call_at } = period;
  const dayOf = (instant: Cell | undefined): string | null =>
    typeof instant === 'string' ? formatInstant(instant, { timeZone, isPrecise: false }).slice(0, 10) : null;
  const first = dayOf(since ?? first_call_at);
  const last = dayOf(typeof until === 'string' ? justBefore(until) : last_call_at);
  if (first === null || last === null) return first ?? last;
  return first === last ? first : `${first} to ${last}`;
}

/** The end of a period is no part of it. */
const justBefore = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();

const isRecord = (cell: Cell): cell is { readonly [key: string]: Cell } =>
  typeof cell === 'object' && cell !== null && !Array.isArray(cell) && !isDecimal(cell);

/** Where to go on from a session's page. */
function afterSession(
  cells: ReadonlyMap<string, Cell>,
  { options: { team } }: Invocation,
): readonly (readonly [string, string])[] {
  const summary = cells.get('summary');
  const id = summary !== undefined && isRecord(summary) ? summary.session_id : undefined;
  if (typeof id !== 'string') return [];
  const where = team === undefined ? '' : ` --team ${team}`;
  return [
    // Of which log line and price a cost is made, only the host's own warehouse knows.
    ...(team === undefined ? [[`agenttrace explain ${id}`, 'Its cost line by line.'] as const] : []),
    [
      `agenttrace query "select * from tool_calls where session_id = '${id}'"${where}`,
      'Any other question, in SQL.',
    ],
  ];
}
