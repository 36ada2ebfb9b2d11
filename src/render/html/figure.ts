import { formatRatio } from '../format-number.ts';
import { type Chart, type ChartSeries, isSplit } from './chart.ts';
import { drawChart, figure as say } from './chart-svg.ts';
import { CHART_WIDTHS } from './stylesheet.ts';
import { escapeHtml } from './text.ts';

/** A chart with its title, its legend in words, and a drawing for each width of page. `id` is its own on the page. */
export function htmlFigure(chart: Chart, id: string): string {
  const title = escapeHtml(chart.title);
  const told = escapeHtml(describe(chart));
  const drawings = CHART_WIDTHS.map((least) => {
    const { width, height, shapes } = drawChart(chart, least);
    const name = `${id}-${least}`;
    return `<svg class="d${least}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${name}-t ${name}-d"><title id="${name}-t">${title}</title><desc id="${name}-d">${told}</desc>${shapes}</svg>`;
  });
  return `<figure><figcaption><b>${title}</b>${legend(chart)}</figcaption>${drawings.join('')}</figure>`;
}

function legend(chart: Chart): string {
  if (chart.series.length < 2) return '';
  const all = chart.series.reduce((sum, one) => sum + sumOf(one), 0);
  const items = chart.series.map((one) => {
    const sum = sumOf(one);
    const figures = isSplit(chart)
      ? ` <span>${escapeHtml(say(sum, chart.unit))}</span> ${formatRatio(sum / all)}`
      : '';
    return `<li><i style="background:var(--${one.tone})"></i>${escapeHtml(one.name)}${figures}</li>`;
  });
  return `<ul class="legend">${items.join('')}</ul>`;
}

const sumOf = ({ values }: ChartSeries): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** What the drawing shows, for who cannot see it. */
function describe(chart: Chart): string {
  const { labels, series, unit } = chart;
  if (isSplit(chart)) return `${series.map((one) => `${one.name}: ${say(sumOf(one), unit)}`).join('; ')}.`;
  const points = labels.map((label, index) => {
    const said = series
      .map(({ name, values }) => ({ name, value: values[index] ?? null }))
      .filter(({ value }) => series.length === 1 || (value !== null && value > 0))
      .map(({ name, value }) => (series.length === 1 ? say(value, unit) : `${name} ${say(value, unit)}`));
    return `${label}: ${said.length === 0 ? 'nothing' : said.join(', ')}`;
  });
  if (points.length <= 31) return `${points.join('; ')}.`;
  return `${points.length} points, from ${points[0]} to ${points.at(-1)}. The table below has them all.`;
}
