import type { Cell, ResultColumn } from '../../model/result.ts';
import { cleanText } from '../clean-text.ts';
import { type CellStyle, formatCell, UNKNOWN } from '../format-cell.ts';
import { toneOf } from '../grid.ts';
import { unitOf } from '../units.ts';
import { escapeHtml, HTML_THEME } from './text.ts';

/** Columns whose texts are typed or copied: commands, SQL. */
const IS_CODE = /(^|_)(command|listed_by|sql)$/;

/** A value as people read it. What was computed is said with four digits, unless SQL asked for it. */
export function readable(cell: Cell, column: ResultColumn, style: CellStyle): string {
  const isComputed = typeof cell === 'number' && !Number.isInteger(cell) && unitOf(column) === 'number';
  return formatCell(isComputed && !style.isPrecise ? Number(cell.toPrecision(4)) : cell, column, style);
}

/** A value as HTML, by the unit of its column. Ids are cut to prefixes that can be pasted back, whole on hovering. */
export function htmlValue(cell: Cell, column: ResultColumn, style: CellStyle): string {
  if (cell === null) return HTML_THEME.faint(UNKNOWN);
  if (isListOfSentences(cell))
    return `<ul>${cell.map((item) => `<li>${withCode(escapeHtml(item))}</li>`).join('')}</ul>`;
  const text = readable(cell, column, style);
  const html = escapeHtml(text);
  switch (unitOf(column)) {
    case 'id': {
      const whole = cleanText(String(cell));
      return `<code${whole === text ? '' : ` title="${escapeHtml(whole)}"`}>${breakable(html)}</code>`;
    }
    case 'path':
      return `<code>${breakable(html)}</code>`;
    case 'day':
    case 'instant': {
      const parts = html.split(' ').map((part) => `<span>${part}</span>`);
      return typeof cell === 'string'
        ? `<time datetime="${escapeHtml(cell)}">${parts.join(' ')}</time>`
        : html;
    }
    case 'status':
      return `<span class="pill">${toneOf({ unit: 'status', cell, theme: HTML_THEME })(html)}</span>`;
    case 'score':
      return toneOf({ unit: 'score', cell, theme: HTML_THEME })(html);
    default:
      if (text === UNKNOWN) return HTML_THEME.faint(html);
      return IS_CODE.test(column.name) ? `<code>${breakable(html)}</code>` : withCode(html);
  }
}

/** Several texts of which one has several words are parted better by lines than by commas. */
const isListOfSentences = (cell: Cell): cell is readonly string[] =>
  Array.isArray(cell) &&
  cell.length > 1 &&
  cell.every((item) => typeof item === 'string') &&
  cell.some((item) => String(item).includes(' '));

/** Names that a sentence has between backticks. */
const withCode = (html: string): string =>
  html.replace(/`([^`]+)`/g, (_, name: string) => `<code>${breakable(name)}</code>`);

/** A long path or id may end its line behind these signs. */
const breakable = (html: string): string => html.replace(/([/:_.-])(?=[^\s/:_.-])/g, '$1<wbr>');
