import { cleanText } from '../clean-text.ts';
import { formatUnit } from '../format-cell.ts';
import { compactNumber, formatRatio } from '../format-number.ts';
import type { Unit } from '../units.ts';
import { cutMiddle, textWidth } from '../width.ts';
import { type Chart, isSplit } from './chart.ts';
import { BarChart, type ECharts, GridComponent, init, LineChart, SVGRenderer, use } from './echarts.ts';

use([BarChart, LineChart, GridComponent, SVGRenderer]);

type Option = Parameters<ECharts['setOption']>[0];

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** What is inside the `svg` element. */
  readonly shapes: string;
}

/** Draws a chart at a width. Its colours are names of the stylesheet. */
export function drawChart(given: Chart, width: number): Drawing {
  const chart = { ...given, labels: given.labels.map(cleanText) };
  const height = heightOf(chart, width);
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    drawing.setOption(chart.kind === 'rows' ? rowsOption(chart, width) : courseOption(chart, width));
    return { width, height, shapes: shapesOf(drawing.renderToSVGString()) };
  } finally {
    drawing.dispose();
  }
}

/** The shapes without what only a script in the page would need: hooks, hover styles, the empty background. */
function shapesOf(svg: string): string {
  return (
    svg
      .replace(/^<svg[^>]*>|<\/svg>\s*$/g, '')
      .replace(/<style[\s\S]*?<\/style>/g, '')
      // A line is clipped by what its drawing refers to by name, three drawings by one; all its points are inside.
      .replace(/<defs\s*>\s*(?:<clipPath[\s\S]*?<\/clipPath>\s*)+<\/defs>/g, '')
      .replace(/ clip-path="[^"]*"/g, '')
      .replace(/<rect [^>]*fill="none"[^>]*><\/rect>/, '')
      .replace(/ (?:class|pointer-events|xml:space|ecmeta_\w+)="[^"]*"/g, '')
      .replace(/font-family:inherit;/g, '')
      .replace(/\n+/g, '')
  );
}

function heightOf(chart: Chart, width: number): number {
  if (isSplit(chart)) return 26;
  if (chart.kind === 'rows') return chart.labels.length * 26 + 30;
  return width < 500 ? 180 : 210;
}

const TEXT = { color: 'var(--muted)', fontSize: 12, fontFamily: 'inherit' };
const RULE = { lineStyle: { color: 'var(--rule)' } };

/** No motion and no reaction: the page holds a drawing. */
const STILL = { animation: false, textStyle: TEXT } as const;

function courseOption(chart: Chart, width: number): Option {
  const { kind, series, unit } = chart;
  const scale = scaleOf(chart);
  const labels = shortDates(chart.labels);
  const room = width / Math.max(1, labels.length);
  const hasFigures = kind === 'columns' && series.length === 1 && room >= 56;
  return {
    ...STILL,
    grid: {
      left: 2,
      right: 10,
      top: hasFigures ? 20 : 10,
      bottom: 2,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      type: 'category',
      data: labels,
      boundaryGap: kind === 'columns',
      axisLabel: { ...TEXT, hideOverlap: true },
      axisTick: { show: false },
      axisLine: RULE,
    },
    yAxis: {
      type: 'value',
      splitNumber: 3,
      ...(chart.range === undefined ? {} : { min: chart.range[0], max: chart.range[1] }),
      axisLabel: { ...TEXT, formatter: (value: number) => tick(value, { unit, scale }) },
      splitLine: RULE,
    },
    series: series.map((one) => ({
      ...(kind === 'line' ? lineOf(one.values.length) : barOf()),
      name: one.name,
      silent: true,
      emphasis: { disabled: true },
      ...(series.length > 1 ? { stack: 'all' } : {}),
      data: one.values.map((value) => (value === null ? '-' : value / scale.size)),
      itemStyle: { color: `var(--${one.tone})`, ...seam(series.length > 1) },
      ...(kind === 'line' ? { lineStyle: { color: `var(--${one.tone})`, width: 2 } } : {}),
      label: {
        show: hasFigures,
        position: 'top',
        color: 'var(--ink)',
        fontSize: 11,
        fontFamily: 'inherit',
        formatter: ({ dataIndex }: { dataIndex: number }) => figure(one.values[dataIndex] ?? null, unit),
      },
    })) as never,
  };
}

const lineOf = (points: number): object => ({
  type: 'line',
  symbol: 'circle',
  symbolSize: 6,
  showSymbol: points <= 40,
  connectNulls: true,
});

const barOf = (): object => ({ type: 'bar', barMaxWidth: 46, barCategoryGap: '28%', barMinHeight: 1 });

/** Parts of a stack are parted by the page's colour, so that not their colours alone tell them apart. */
const seam = (isStacked: boolean): object =>
  isStacked ? { borderColor: 'var(--surface)', borderWidth: 1 } : { borderRadius: [3, 3, 0, 0] };

/** Room for a letter that is wider than the chart is laid out for: the page's font is the reader's. */
const SPARE = 1.6;

function rowsOption(chart: Chart, width: number): Option {
  const { series, unit, labels } = chart;
  const scale = scaleOf(chart);
  const isOne = isSplit(chart);
  const total = series.reduce((sum, { values }) => sum + (values[0] ?? 0), 0);
  const names = labels.map((label) => cutMiddle(label, width < 500 ? 16 : 34));
  const longest = Math.max(0, ...names.map(textWidth));
  return {
    ...STILL,
    grid: isOne
      ? { left: 0, right: 0, top: 0, bottom: 0, outerBoundsMode: 'none' }
      : {
          left: 2 + Math.ceil(longest * SPARE),
          right: 16,
          top: 2,
          bottom: 2,
          outerBoundsMode: 'same',
          outerBoundsContain: 'axisLabel',
        },
    xAxis: {
      type: 'value',
      show: !isOne,
      splitNumber: width < 500 ? 3 : 5,
      ...(isOne ? { max: total / scale.size } : {}),
      axisLabel: { ...TEXT, hideOverlap: true, formatter: (value: number) => tick(value, { unit, scale }) },
      splitLine: RULE,
    },
    yAxis: {
      type: 'category',
      show: !isOne,
      inverse: true,
      data: names,
      axisLabel: { ...TEXT, color: 'var(--ink)', interval: 0 },
      axisTick: { show: false },
      axisLine: RULE,
    },
    series: series.map(({ name, tone, values }) => ({
      type: 'bar',
      name,
      stack: 'all',
      silent: true,
      emphasis: { disabled: true },
      barCategoryGap: isOne ? '0%' : '32%',
      data: values.map((value) => (value === null ? '-' : value / scale.size)),
      itemStyle: { color: `var(--${tone})`, borderColor: 'var(--surface)', borderWidth: isOne ? 2 : 1 },
    })) as never,
  };
}

interface Scale {
  readonly size: number;
  readonly sign: string;
}

/** What one step of an axis is: times are counted in the unit that people would count them in. */
function scaleOf({ unit, series, labels, kind }: Chart): Scale {
  if (unit !== 'ms') return { size: 1, sign: '' };
  const sums = labels.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const most = Math.max(0, ...(kind === 'line' ? series.flatMap(({ values }) => values.map(Number)) : sums));
  if (most >= 2 * 3_600_000) return { size: 3_600_000, sign: 'h' };
  if (most >= 2 * 60_000) return { size: 60_000, sign: 'min' };
  return most >= 2000 ? { size: 1000, sign: 's' } : { size: 1, sign: 'ms' };
}

/** A round value of an axis. */
function tick(value: number, { unit, scale }: { unit: Unit; scale: Scale }): string {
  const digits = String(Math.round(value * 10_000) / 10_000);
  if (unit === 'ms') return value === 0 ? '0' : `${digits} ${scale.sign}`;
  if (unit === 'ratio') return formatRatio(value);
  const short = value >= 1000 ? compactNumber(BigInt(Math.round(value))).replace(/\.0(?=\D)/, '') : digits;
  return unit === 'usd' ? `$${short}` : short;
}

/** A value as a table says it. */
export const figure = (value: number | null, unit: Unit): string =>
  formatUnit(value, unit, { timeZone: 'UTC', isPrecise: false, isCompact: true });

/** Dates of one year without it: the page's heading says the year. */
function shortDates(labels: readonly string[]): readonly string[] {
  const isDate = labels.every((label) => /^\d{4}-\d\d-\d\d( \d\d:\d\d)?$/.test(label));
  const years = new Set(labels.map((label) => label.slice(0, 4)));
  return isDate && years.size === 1 ? labels.map((label) => label.slice(5)) : labels;
}
