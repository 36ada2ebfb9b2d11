/**
 * The price list's file: comma-separated columns under a header of `# name: value` lines, one line per model, band,
 * tier and date, sorted, in one fixed spelling, so that a newer list reads as a small diff.
 *
 * Rows of tiers that the list does not price are left out and made again on reading. No field is ever quoted.
 */
import { AgenttraceError } from '../model/errors.ts';
import { parseDecimal, USD_PLACES } from './decimal.ts';
import {
  comparePriceRows,
  type DerivedClass,
  formatMultipliers,
  PRICE_CLASSES,
  PRICE_SOURCES,
  type PriceRow,
  SERVICE_TIERS,
} from './price-row.ts';
import { addDerivedTiers, omitDerivedTiers } from './service-tiers.ts';

export interface PriceFile {
  /** The date of the newest list in the file, `YYYY-MM-DD`. */
  readonly listed_on: string;
  /** Where the list comes from, in words. */
  readonly origin: string;
  /** The list's licence, in words. */
  readonly licence: string;
  /** Complete rows: every tier of every band. */
  readonly rows: readonly PriceRow[];
}

const COLUMNS = [
  'model',
  'provider',
  'valid_from_on',
  'valid_to_on',
  'context_over_tokens',
  'context_up_to_tokens',
  'service_tier',
  'uncached_input_usd',
  'cache_read_usd',
  'cache_write_5m_usd',
  'cache_write_1h_usd',
  'output_usd',
  'reasoning_usd',
  'web_search_usd',
  'fast_multiplier',
  'geo_multipliers',
  'max_input_tokens',
  'derived',
  'source',
] as const satisfies readonly (keyof PriceRow)[];

/** Writes the file. The same prices always give the same bytes. */
export function formatPriceFile(file: PriceFile): string {
  const rows = [...omitDerivedTiers(file.rows)].sort(comparePriceRows);
  return [
    '# Model prices in USD per million tokens (web_search_usd: per request). See docs/prices.md.',
    `# listed_on: ${file.listed_on}`,
    `# origin: ${file.origin}`,
    `# licence: ${file.licence}`,
    COLUMNS.join(','),
    ...rows.map(formatLine),
    '',
  ].join('\n');
}

function formatLine(row: PriceRow): string {
  return COLUMNS.map((column) => {
    if (column === 'geo_multipliers') return formatMultipliers(row.geo_multipliers);
    if (column === 'derived') return row.derived.join(';');
    return row[column] ?? '';
  }).join(',');
}

/** Reads a file's text. `source` names the file in errors. */
export function parsePriceFile(text: string, source = 'prices'): PriceFile {
  const lines = text.split(/\r?\n/);
  const header = new Map<string, string>();
  const rows: PriceRow[] = [];
  let hasColumns = false;
  for (const [index, line] of lines.entries()) {
    const place = `${source}:${index + 1}`;
    if (line === '') continue;
    const field = /^# ?([a-z_]+): (.*)$/.exec(line);
    if (field?.[1] !== undefined && field[2] !== undefined) header.set(field[1], field[2]);
    if (line.startsWith('#')) continue;
    if (!hasColumns) {
      if (line !== COLUMNS.join(',')) fail(place, 'the columns are not those of this version');
      hasColumns = true;
    } else {
      rows.push(parseLine(line, place));
    }
  }
  const listedOn = header.get('listed_on');
  if (listedOn === undefined || !isDate(listedOn))
    return fail(source, 'the line `# listed_on: YYYY-MM-DD` is missing');
  return {
    listed_on: listedOn,
    origin: header.get('origin') ?? '',
    licence: header.get('licence') ?? '',
    rows: addDerivedTiers(rows),
  };
}

/** Reads the price list that is shipped: the text of `sql/seeds/model_prices.csv`. */
export function loadSeed(text: string): PriceFile {
  return parsePriceFile(text, 'sql/seeds/model_prices.csv');
}

function parseLine(line: string, place: string): PriceRow {
  const cells = line.split(',');
  if (cells.length !== COLUMNS.length) fail(place, `${cells.length} columns instead of ${COLUMNS.length}`);
  const read = (column: (typeof COLUMNS)[number]): string => cells[COLUMNS.indexOf(column)] ?? '';
  const readDecimal = (column: (typeof COLUMNS)[number]): string => {
    const cell = read(column);
    if (!/^\d+(\.\d{1,9})?$/.test(cell) || parseDecimal(cell, USD_PLACES) === null) {
      return fail(place, `${column} is not a decimal: ${cell}`);
    }
    return cell;
  };
  const readCount = (column: (typeof COLUMNS)[number]): number => {
    const cell = read(column);
    return /^\d{1,12}$/.test(cell) ? Number(cell) : fail(place, `${column} is not a whole number: ${cell}`);
  };
  const readDate = (column: (typeof COLUMNS)[number]): string => {
    const cell = read(column);
    return isDate(cell) ? cell : fail(place, `${column} is not a date: ${cell}`);
  };
  const readOneOf = <Name extends string>(column: (typeof COLUMNS)[number], names: readonly Name[]): Name => {
    const cell = read(column);
    return (
      names.find((name) => name === cell) ??
      fail(place, `${column} is not one of ${names.join(', ')}: ${cell}`)
    );
  };
  const orNull = <Value>(
    column: (typeof COLUMNS)[number],
    reader: (column: (typeof COLUMNS)[number]) => Value,
  ) => (read(column) === '' ? null : reader(column));
  return {
    model: read('model') || fail(place, 'model is empty'),
    provider: read('provider'),
    valid_from_on: readDate('valid_from_on'),
    valid_to_on: orNull('valid_to_on', readDate),
    context_over_tokens: readCount('context_over_tokens'),
    context_up_to_tokens: orNull('context_up_to_tokens', readCount),
    service_tier: readOneOf('service_tier', SERVICE_TIERS),
    uncached_input_usd: readDecimal('uncached_input_usd'),
    cache_read_usd: readDecimal('cache_read_usd'),
    cache_write_5m_usd: readDecimal('cache_write_5m_usd'),
    cache_write_1h_usd: readDecimal('cache_write_1h_usd'),
    output_usd: readDecimal('output_usd'),
    reasoning_usd: orNull('reasoning_usd', readDecimal),
    web_search_usd: orNull('web_search_usd', readDecimal),
    fast_multiplier: orNull('fast_multiplier', readDecimal),
    geo_multipliers: parseMultipliers(read('geo_multipliers'), place),
    max_input_tokens: orNull('max_input_tokens', readCount),
    derived:
      read('derived') === ''
        ? []
        : read('derived')
            .split(';')
            .map((name) => parseDerived(name, place)),
    source: readOneOf('source', PRICE_SOURCES),
  };
}

function parseMultipliers(cell: string, place: string): Readonly<Record<string, string>> {
  const multipliers: Record<string, string> = {};
  for (const part of cell.split(';').filter((text) => text !== '')) {
    const match = /^([a-z][a-z0-9_-]*):(\d+(?:\.\d{1,9})?)$/.exec(part);
    if (match?.[1] === undefined || match[2] === undefined) return fail(place, `geo_multipliers: ${part}`);
    multipliers[match[1]] = match[2];
  }
  return multipliers;
}

function parseDerived(name: string, place: string): DerivedClass {
  const known = [...PRICE_CLASSES, 'service_tier' as const].find((other) => other === name);
  return known ?? fail(place, `derived names no class: ${name}`);
}

/** Whether the text is a calendar date in the form `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function fail(source: string, reason: string): never {
  throw new AgenttraceError({
    code: 'bad_input',
    message: `This price file cannot be read: ${reason}.`,
    source,
    hint: 'Load the list again with `agenttrace prices --update-pricing`.',
  });
}
