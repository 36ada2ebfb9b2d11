import type { Cell, ResultColumn } from '../../model/result.ts';
import { type DocumentView, isDetail, isSaid, type SectionView } from '../document.ts';
import { fieldOf, rowsOf } from '../fields.ts';
import { type CellStyle, formatCell } from '../format-cell.ts';
import type { TableView } from '../grid.ts';
import { dropIdleColumns } from '../idle-columns.ts';
import { labelFor } from '../labels.ts';
import type { PageStyle } from '../page.ts';
import type { Pair } from '../pairs.ts';
import { isHeadline, makeTiles } from '../tiles.ts';
import { readType, structColumns } from '../type-name.ts';
import { unitOf } from '../units.ts';
import type { Chart } from './chart.ts';
import { chartOfTrend, chartsOfBlock, chartsOfTable, isTrend } from './chart-choice.ts';
import { htmlFigure } from './figure.ts';
import { htmlPage, type PageStamp } from './page.ts';
import { htmlTable, leastWidth } from './table.ts';
import { escapeHtml, HTML_THEME } from './text.ts';
import { htmlValue } from './value.ts';

interface HtmlStyle {
  readonly style: PageStyle;
  readonly stamp: PageStamp;
}

/** A page of sections as HTML: figures first, then each section with its charts and tables. */
export function htmlDocument(view: DocumentView, { style, stamp }: HtmlStyle): string {
  const short = { ...style, idLength: 'short' as const };
  const headline = view.sections.find(({ column }) => readType(column.type).kind === 'struct');
  const tiles = headline === undefined ? '' : renderTiles(headline, short);
  const sections = view.sections
    .filter((section) => section !== headline)
    .map((section) => ({ ...section, id: anchor(section.column.name) }))
    .map((section) => ({ ...section, html: renderSection(section, short) }))
    .filter(({ html }) => html !== '');
  if (view.next.length > 0) {
    const column = { name: 'next', type: '' };
    sections.push({ id: 'next', title: 'Next', column, cell: null, html: renderNext(view.next) });
  }
  return htmlPage({
    title: view.title,
    subtitle: view.subtitle,
    stamp,
    contents: sections.map(({ id, title }) => [id, title]),
    body: [tiles, ...sections.map(wrapSection)].filter((html) => html !== ''),
  });
}

/** Rows as a page with one table. */
export function htmlTablePage(
  view: TableView & { readonly title: string },
  { style, stamp }: HtmlStyle,
): string {
  const short = style.isPrecise ? style : { ...style, idLength: 'short' as const };
  const labels = view.columns.map(({ name }) => view.labels?.get(name) ?? labelFor(name));
  return htmlPage({
    title: view.title,
    subtitle: null,
    stamp,
    contents: [],
    body: [
      `<section aria-label="${escapeHtml(view.title)}">${renderTable(view, { style: short, id: 'chart' })}</section>`,
    ],
    // What a table needs and the page around it takes; more than a wide screen is no use.
    width: Math.min(1720, Math.max(1120, leastWidth({ ...view, labels }, short) * 1.15 + 120)),
  });
}

const anchor = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const wrapSection = ({ id, title, html }: { id: string; title: string; html: string }): string =>
  `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title"><a href="#${id}">${escapeHtml(title)}</a></h2>
${html}</section>`;

const drawAll = (charts: readonly Chart[], id: string): string =>
  charts.map((chart, index) => htmlFigure(chart, `${id}-${index + 1}`)).join('\n');

interface Identified extends SectionView {
  readonly id: string;
}

function renderSection({ column, cell, id, title, labels }: Identified, style: PageStyle): string {
  if (cell === null) return '';
  const shape = readType(column.type);
  const columns = structColumns(column.type);
  if (shape.kind === 'struct') return renderBlock({ column, cell, id, title }, style);
  if (shape.kind === 'list' && Array.isArray(cell)) {
    if (cell.length === 0) return '';
    return columns === undefined
      ? `<ul class="words">${cell.map((item) => `<li>${htmlValue(item, { name: '', type: shape.item }, style)}</li>`).join('')}</ul>`
      : renderRows({ columns, cells: cell, id, ...(labels && { labels }) }, style);
  }
  return `<p>${htmlValue(cell, column, style)}</p>`;
}

interface Rows {
  readonly columns: readonly ResultColumn[];
  readonly cells: readonly Cell[];
  readonly id: string;
  readonly labels?: ReadonlyMap<string, string>;
}

function renderRows({ columns, cells, id, labels }: Rows, style: PageStyle): string {
  const rows = rowsOf(cells, columns);
  if (columns.map(({ name }) => name).join() === 'command,why')
    return renderNext(rows.map(([command, why]) => [String(command ?? ''), String(why ?? '')]));
  const view = dropIdleColumns({ columns, rows, ...(labels && { labels }) });
  return renderTable(view, { style, id });
}

/** A table under its charts; where none of them shows the cost, bars in the table do. */
function renderTable(view: TableView, { style, id }: { style: PageStyle; id: string }): string {
  const charts = chartsOfTable(view, style);
  const isCostShown = charts.some(({ unit, kind }) => unit === 'usd' && kind === 'columns');
  return `${drawAll(charts, id)}${htmlTable(view, { style, barsBy: isCostShown ? -1 : barsBy(view.columns) })}`;
}

/** A breakdown of a cost gets bars; a list of sessions or calls is no breakdown. */
function barsBy(columns: readonly ResultColumn[]): number {
  const isList = columns.some((column) => unitOf(column) === 'id');
  const costs = columns.filter((column) => unitOf(column) === 'usd' && !/per_million/.test(column.name));
  const [cost] = costs;
  return isList || cost === undefined || costs.length > 1 ? -1 : columns.indexOf(cost);
}

function pairsOf({ column, cell }: SectionView): readonly Pair[] {
  return (structColumns(column.type) ?? []).map((field) => ({
    column: field,
    cell: fieldOf(cell, field.name),
  }));
}

const isFlat = ({ column }: Pair): boolean => structColumns(column.type) === undefined;

function renderTiles(section: SectionView, style: PageStyle): string {
  if (section.cell === null) return '';
  const pairs = pairsOf(section);
  const figures = makeTiles(pairs.filter(isFlat).filter(isHeadline), { style, theme: HTML_THEME }).map(
    ({ label, text, tone }) => {
      const [, value = text, share = ''] = /^(.*?)( \(.*\))$/.exec(text) ?? [];
      const small = share === '' ? '' : ` <small>${escapeHtml(share.trim())}</small>`;
      return `<div><dt>${escapeHtml(label)}</dt><dd>${tone(escapeHtml(value))}${small}</dd></div>`;
    },
  );
  const details = renderPairs(pairs.filter(isFlat).filter(isDetail), style);
  const figureList =
    figures.length === 0
      ? ''
      : `<dl class="grid" style="--per:${perRow(figures.length)}">${figures.join('')}</dl>`;
  const inner = renderInner(pairs, { style, id: 'figures' });
  if (`${figureList}${details}${inner}` === '') return '';
  return `<div class="tiles" role="group" aria-label="${escapeHtml(section.title)}">${figureList}${details}${inner}</div>`;
}

/** Rows of equal length rather than a full one and a stub. */
const perRow = (count: number): number => Math.max(4, Math.ceil(count / Math.ceil(count / 7)));

function renderBlock(section: Identified, style: PageStyle): string {
  const pairs = pairsOf(section);
  return `${drawAll(chartsOfBlock(section.cell), section.id)}${renderPairs(
    pairs.filter(isFlat).filter(isSaid),
    style,
  )}${renderInner(pairs, { style, id: section.id })}`;
}

/** Blocks and tables inside a block, each under its name. */
function renderInner(pairs: readonly Pair[], { style, id }: { style: PageStyle; id: string }): string {
  return pairs
    .filter((pair) => !isFlat(pair))
    .map(({ column, cell }) => {
      const inner = `${id}-${anchor(column.name)}`;
      if (isTrend(cell)) {
        const told = `<p>${escapeHtml(String(fieldOf(cell, 'message')))}</p>`;
        const chart = chartOfTrend(cell, column);
        return `<h3>${escapeHtml(labelFor(column.name))}</h3>${told}${chart === undefined ? '' : htmlFigure(chart, inner)}`;
      }
      const html = renderSection({ column, cell, id: inner, title: '' }, style);
      return html === '' ? '' : `<h3>${escapeHtml(labelFor(column.name))}</h3>\n${html}`;
    })
    .join('');
}

/** Keys and values; a long value takes the whole width. */
function renderPairs(pairs: readonly Pair[], style: CellStyle): string {
  if (pairs.length === 0) return '';
  const items = pairs.map(({ column, cell }) => {
    const whole = unitOf(column) === 'id' ? { ...style, idLength: 'full' as const } : style;
    const isLong = `${labelFor(column.name)}${formatCell(cell, column, whole)}`.length > 34;
    return `<div${isLong ? ' class="long"' : ''}><dt>${escapeHtml(labelFor(column.name))}</dt><dd>${htmlValue(cell, column, whole)}</dd></div>`;
  });
  return `<dl class="pairs">${items.join('')}</dl>`;
}

const renderNext = (next: DocumentView['next']): string =>
  `<ul class="next">${next
    .map(([command, says]) => {
      const why = says === '' ? '' : `<p>${escapeHtml(says)}</p>`;
      return `<li><code>${escapeHtml(command)}</code>${why}</li>`;
    })
    .join('')}</ul>`;
