import type { Cell, ResultColumn } from '../../model/result.ts';
import { fieldOf, isRecord } from '../fields.ts';
import { type CellStyle, digitsOf, formatCell } from '../format-cell.ts';
import type { TableView } from '../grid.ts';
import { labelFor, lowerLabel } from '../labels.ts';
import { isRightAligned, type Unit, unitOf } from '../units.ts';
import type { Chart, ChartSeries, Tone } from './chart.ts';
import { type Parts, TIME_PARTS, TOKEN_PARTS } from './chart-parts.ts';

/** Rows that a chart of rows holds, and points that a course does: of more, those that tell most, and the newest. */
const MOST_ROWS = 12;
const LEAST_POINTS = 3;
const MOST_POINTS = 366;

const TONES: readonly Tone[] = ['c1', 'c2', 'c3', 'c4', 'c5', 'quiet'];

interface Axis {
  readonly index: number;
  /** What one point is: a day, a turn. */
  readonly word: string;
}

/** The charts that a table's columns call for, by their names and units; none where it has nothing to compare. */
export function chartsOfTable(view: View, style: CellStyle): readonly Chart[] {
  if (view.rows.length < 2) return [];
  const course = courseOf(view);
  if (course !== undefined) return coursesOver(view, { course, style });
  return [failures(view), splitRows(view, { parts: TIME_PARTS, style }), shares(view)].filter(
    (chart) => chart !== undefined,
  );
}

/** The charts of a block of keys and values: what its figures are parts of. */
export function chartsOfBlock(cell: Cell): readonly Chart[] {
  return [TIME_PARTS, TOKEN_PARTS].flatMap((parts) => {
    const series = parts.columns
      .map(([name, label, tone]) => ({ name: label, tone, values: [numberOf(fieldOf(cell, name))] }))
      .filter(({ values }) => (values[0] ?? 0) > 0);
    return series.length < 2
      ? []
      : [{ kind: 'rows' as const, title: parts.title, labels: [''], unit: parts.unit, series }];
  });
}

/** Whether a block is a course over time: points and a sentence about them. */
export const isTrend = (cell: Cell): boolean =>
  Array.isArray(fieldOf(cell, 'points')) && typeof fieldOf(cell, 'message') === 'string';

/** A course over time as a line; undefined where it has no two points. */
export function chartOfTrend(cell: Cell, { name }: ResultColumn): Chart | undefined {
  const points = fieldOf(cell, 'points');
  if (!Array.isArray(points)) return undefined;
  const values = points.map((point: Cell) =>
    isRecord(point) ? numberOf(point.health ?? point.avg_health ?? point.value ?? null) : numberOf(point),
  );
  if (values.filter((value) => value !== null).length < 2) return undefined;
  const labels = points.map((point: Cell, index: number) => labelOfPoint(point) ?? String(index + 1));
  const isScore = points.some(
    (point: Cell) => isRecord(point) && ('health' in point || 'avg_health' in point),
  );
  const course = { kind: 'line', title: labelFor(name), labels } as const;
  return isScore
    ? { ...course, unit: 'score', series: [{ name: 'health', tone: 'c1', values }], range: [0, 100] }
    : { ...course, unit: 'usd', series: [{ name: lowerLabel(name), tone: 'c1', values }] };
}

function labelOfPoint(point: Cell): string | undefined {
  if (!isRecord(point)) return undefined;
  const [, value] = Object.entries(point).find(([key]) => /(^|_)(on|at|date|day|week)$/.test(key)) ?? [];
  return typeof value === 'string' ? value.slice(0, 10) : undefined;
}

type View = Pick<TableView, 'columns' | 'rows' | 'labels'>;

/** The column along which a table runs: a day, a span that starts, or a number that counts up. */
function courseOf({ columns, rows }: View): Axis | undefined {
  const hasThing = columns.some(({ name }) => /(^|_)(session_id|tool_name|file_path)$/.test(name));
  const found = columns.slice(0, 3).findIndex((column) => {
    const unit = unitOf(column);
    if (unit === 'day') return true;
    if (hasThing && !/^(turn|call|sequence)_number$/.test(column.name)) return false;
    return (
      (unit === 'instant' && column.name === 'started_at') ||
      /^(turn|call|sequence)_number$/.test(column.name)
    );
  });
  const column = columns[found];
  if (column === undefined || rows.every((row) => row[found] === null)) return undefined;
  const word = column.name === 'started_at' ? 'start' : column.name.replace(/_(on|at|number)$/, '');
  return { index: found, word };
}

interface Course {
  readonly course: Axis;
  readonly style: CellStyle;
}

function coursesOver(view: View, { course, style }: Course): readonly Chart[] {
  const axis = view.columns[course.index];
  if (axis === undefined) return [];
  const keyOf = (cell: Cell): string => (typeof cell === 'string' ? cell : (digitsOf(cell) ?? ''));
  const isNumber = axis.name.endsWith('_number');
  const keys = [...new Set(view.rows.map((row) => keyOf(row[course.index] ?? null)))]
    .filter((key) => key !== '')
    .sort((a, b) => (isNumber ? Number(a) - Number(b) : a < b ? -1 : 1))
    .slice(-MOST_POINTS);
  if (keys.length < LEAST_POINTS) return [];
  const places = new Map(keys.map((key, index) => [key, index]));
  /** Rows that share a point are added up: amounts by day and agent become those of the day. */
  const valuesOf = (index: number): readonly (number | null)[] => {
    const sums: (number | null)[] = keys.map(() => null);
    for (const row of view.rows) {
      const place = places.get(keyOf(row[course.index] ?? null));
      const value = numberOf(row[index] ?? null);
      if (place !== undefined && value !== null) sums[place] = (sums[place] ?? 0) + value;
    }
    return sums;
  };
  const labels = keys.map((key) => (isNumber ? key : formatCell(key, axis, style)));
  const isUnique = keys.length === view.rows.length;
  const at = (name: RegExp, unit: Unit): number =>
    view.columns.findIndex((column) => unitOf(column) === unit && name.test(column.name));
  const one = (index: number, tone: Tone): Chart | undefined => {
    const column = view.columns[index];
    if (column === undefined) return undefined;
    const values = valuesOf(index);
    if (!values.some((value) => value !== null && value > 0)) return undefined;
    const name = lowerLabel(column.name);
    return {
      kind: 'columns',
      title: `${view.labels?.get(column.name) ?? labelFor(column.name)} by ${course.word}`,
      labels,
      unit: unitOf(column),
      series: [{ name, tone, values }],
    };
  };
  const health = view.columns.findIndex(
    (column) => /^(avg_)?health(_score|_mean)?$/.test(column.name) && isRightAligned(unitOf(column)),
  );
  const context = at(/^context_tokens$/, 'tokens');
  const line = (index: number, range?: readonly [number, number]): Chart | undefined => {
    const chart = isUnique ? one(index, 'c2') : undefined;
    return chart && { ...chart, kind: 'line', ...(range === undefined ? {} : { range }) };
  };
  const stacks = [TOKEN_PARTS, TIME_PARTS].map((parts): Chart | undefined => {
    const series = seriesOf(view, { parts, valuesOf });
    return series.length < 2
      ? undefined
      : { kind: 'columns', title: `${parts.title} by ${course.word}`, labels, unit: parts.unit, series };
  });
  const cost = one(at(/./, 'usd'), 'c1');
  const amount = cost ?? stacks.find((chart) => chart !== undefined) ?? one(at(/./, 'tokens'), 'c1');
  return [
    amount,
    ...stacks.filter((chart) => chart !== amount),
    line(context),
    line(health, [0, 100]),
  ].filter((chart) => chart !== undefined);
}

interface SeriesRequest {
  readonly parts: Parts;
  readonly valuesOf: (index: number) => readonly (number | null)[];
}

function seriesOf({ columns }: View, { parts, valuesOf }: SeriesRequest): readonly ChartSeries[] {
  return parts.columns
    .map(([name, label, tone]) => ({
      index: columns.findIndex((column) => column.name === name),
      label,
      tone,
    }))
    .filter(({ index }) => index >= 0)
    .map(({ index, label, tone }) => ({ name: label, tone, values: valuesOf(index) }))
    .filter(({ values }) => values.some((value) => value !== null && value > 0));
}

/** Calls of tools, with those that failed, the most failures first. */
function failures({ columns, rows }: View): Chart | undefined {
  const find = (name: string): number => columns.findIndex((column) => column.name === name);
  const [tool, calls, failed] = ['tool_name', 'tool_call_count', 'tool_failure_count'].map(find);
  if (tool === undefined || calls === undefined || failed === undefined) return undefined;
  if (tool < 0 || calls < 0 || failed < 0) return undefined;
  const failing = rows
    .map((row) => ({
      label: String(row[tool] ?? ''),
      failed: numberOf(row[failed] ?? null) ?? 0,
      calls: numberOf(row[calls] ?? null) ?? 0,
    }))
    .filter((row) => row.failed > 0)
    .sort((a, b) => b.failed - a.failed)
    .slice(0, MOST_ROWS);
  if (failing.length < 2) return undefined;
  return {
    kind: 'rows',
    title: 'Calls of the tools that fail',
    labels: failing.map(({ label }) => label),
    unit: 'count',
    series: [
      { name: 'failed', tone: 'alarm', values: failing.map((row) => row.failed) },
      { name: 'others', tone: 'quiet', values: failing.map((row) => Math.max(0, row.calls - row.failed)) },
    ],
  };
}

function splitRows(view: View, { parts, style }: { parts: Parts; style: CellStyle }): Chart | undefined {
  const first = view.columns[0];
  if (first === undefined || !['id', 'text'].includes(unitOf(first))) return undefined;
  const rows = view.rows.slice(0, MOST_ROWS);
  const series = seriesOf(view, {
    parts,
    valuesOf: (index) => rows.map((row) => numberOf(row[index] ?? null)),
  });
  if (series.length < 3) return undefined;
  const labels = rows.map((row) => formatCell(row[0] ?? null, first, { ...style, idLength: 'bare' }));
  return { kind: 'rows', title: parts.title, labels, unit: parts.unit, series };
}

/** A whole by its kinds or classes, parted by cost where it is known: one row, or one for each column of them. */
function shares({ columns, rows }: View): Chart | undefined {
  const first = columns[0];
  if (first === undefined || !/(^|_)(class|kind)$/.test(first.name) || rows.length > TONES.length)
    return undefined;
  const names = rows.map((row) => String(row[0] ?? ''));
  if (new Set(names).size < names.length) return undefined;
  const wholes = (['usd', 'ms', 'tokens'] as const)
    .map((unit) => columns.flatMap((column, index) => (unitOf(column) === unit ? [{ column, index }] : [])))
    .find((found) => found.length > 0);
  const [whole] = wholes ?? [];
  if (wholes === undefined || whole === undefined) return undefined;
  const series = rows
    .map((row, at) => ({
      name: names[at]?.replaceAll('_', ' ') ?? '',
      tone: toneOf(names[at] ?? '', at),
      values: wholes.map(({ index }) => numberOf(row[index] ?? null)),
    }))
    .filter(({ values }) => values.some((value) => value !== null && value > 0));
  if (series.length < 2) return undefined;
  const unit = unitOf(whole.column);
  const isOne = wholes.length === 1;
  const amount = isOne
    ? labelFor(whole.column.name)
    : { usd: 'Cost', ms: 'Time', tokens: 'Tokens' }[unit as 'usd'];
  const labels = isOne ? [''] : wholes.map(({ column }) => labelFor(column.name));
  return { kind: 'rows', title: `${amount} by ${lowerLabel(first.name)}`, labels, unit, series };
}

/** A class of tokens keeps its colour over all charts. */
const toneOf = (name: string, at: number): Tone =>
  [...TOKEN_PARTS.columns, ...TIME_PARTS.columns].find(
    ([column]) => column.replace(/_(tokens|ms)$/, '') === name,
  )?.[2] ??
  TONES[at % TONES.length] ??
  'quiet';

function numberOf(cell: Cell): number | null {
  const digits = digitsOf(cell);
  const value = digits === undefined ? Number.NaN : Number(digits);
  return Number.isFinite(value) ? value : null;
}
