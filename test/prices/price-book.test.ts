import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { PRICE_LIST, PRICE_OVERRIDES } from '../../src/ingest/price-places.ts';
import { type PriceTexts, priceBookOf, readPriceTexts } from '../../src/ingest/price-texts.ts';
import { pickRow } from '../../src/prices/cost.ts';
import { diffPrices, formatPriceChange } from '../../src/prices/diff-prices.ts';
import { parsePriceList } from '../../src/prices/feed.ts';
import { mergePrices } from '../../src/prices/merge-prices.ts';
import { parseOverrides } from '../../src/prices/overrides.ts';
import {
  assemblePriceBook,
  createBookResolver,
  mergeFiles,
  updatePriceFile,
} from '../../src/prices/price-book.ts';
import { formatPriceFile, type PriceFile, parsePriceFile } from '../../src/prices/price-file.ts';
import type { PriceRow } from '../../src/prices/price-row.ts';
import { seed } from './seed.ts';

type Rates = Readonly<Record<string, unknown>>;

function list(entries: Readonly<Record<string, Rates>>): readonly PriceRow[] {
  const full = Object.entries(entries).map(([name, rates]) => [
    name,
    { mode: 'chat', litellm_provider: 'openai', ...rates },
  ]);
  return parsePriceList(JSON.stringify(Object.fromEntries(full)), { keep: () => true }).rows;
}

function file(listedOn: string, entries: Readonly<Record<string, Rates>>): PriceFile {
  return { listed_on: listedOn, origin: 'test', licence: 'MIT', rows: list(entries) };
}

const cheap = { input_cost_per_token: 1e-6, output_cost_per_token: 4e-6 };
const dear = { input_cost_per_token: 2e-6, output_cost_per_token: 4e-6 };

function spans(rows: readonly PriceRow[], model: string, tier = 'standard') {
  return rows
    .filter((row) => row.model === model && row.service_tier === tier)
    .map((row) => [row.context_over_tokens, row.valid_from_on, row.valid_to_on, row.uncached_input_usd]);
}

describe('a newer list', () => {
  const older = file('2026-08-01', { same: cheap, changes: cheap, vanishes: cheap });
  const merged = updatePriceFile(older, file('2026-09-01', { same: cheap, changes: dear, appears: cheap }));

  test('ends what changed on its date and starts the new price', () => {
    expect(spans(merged.rows, 'changes')).toEqual([
      [0, '1970-01-01', '2026-09-01', '1'],
      [0, '2026-09-01', null, '2'],
    ]);
    expect(spans(merged.rows, 'changes', 'batch')).toEqual([
      [0, '1970-01-01', '2026-09-01', '0.5'],
      [0, '2026-09-01', null, '1'],
    ]);
  });

  test('keeps what did not change and what vanished', () => {
    expect(spans(merged.rows, 'same')).toEqual([[0, '1970-01-01', null, '1']]);
    expect(spans(merged.rows, 'vanishes')).toEqual([[0, '1970-01-01', null, '1']]);
  });

  test('prices a new model from the beginning', () => {
    expect(spans(merged.rows, 'appears')).toEqual([[0, '1970-01-01', null, '1']]);
  });

  test('survives the file, whatever tiers stand in', () => {
    expect(parsePriceFile(formatPriceFile(merged)).rows).toEqual(merged.rows);
  });

  test('loaded twice is loaded once; corrected on the same day, the correction counts', () => {
    const again = updatePriceFile(merged, file('2026-09-01', { same: cheap, changes: dear, appears: cheap }));
    expect(again).toEqual(merged);
    const corrected = updatePriceFile(
      merged,
      file('2026-09-01', { changes: { ...dear, input_cost_per_token: 3e-6 } }),
    );
    expect(spans(corrected.rows, 'changes')).toEqual([
      [0, '1970-01-01', '2026-09-01', '1'],
      [0, '2026-09-01', null, '3'],
    ]);
  });

  test('older than the prices in force, it only adds models', () => {
    const late = mergePrices(merged, file('2026-08-15', { same: dear, late: cheap }));
    expect(spans(late, 'same')).toEqual([[0, '1970-01-01', null, '1']]);
    expect(spans(late, 'late')).toEqual([[0, '1970-01-01', null, '1']]);
  });

  test('may end a band: the base price then holds without bound', () => {
    const banded = file('2026-08-01', { m: { ...cheap, input_cost_per_token_above_200k_tokens: 2e-6 } });
    const flat = updatePriceFile(banded, file('2026-09-01', { m: cheap }));
    const call = (date: string) =>
      pickRow(flat.rows, { tokens: { uncached_input: 200_001 }, called_on: date });
    expect(call('2026-08-31')?.uncached_input_usd).toBe('2');
    expect(call('2026-09-01')?.uncached_input_usd).toBe('1');
    expect(parsePriceFile(formatPriceFile(flat)).rows).toEqual(flat.rows);
  });

  test('may end a tier: the standard price then stands in, and files keep that', () => {
    const tiered = file('2026-08-01', { m: { ...cheap, input_cost_per_token_flex: 5e-7 } });
    const flat = updatePriceFile(tiered, file('2026-09-01', { m: cheap }));
    expect(spans(flat.rows, 'm', 'flex')).toEqual([
      [0, '1970-01-01', '2026-09-01', '0.5'],
      [0, '2026-09-01', null, '1'],
    ]);
    expect(parsePriceFile(formatPriceFile(flat)).rows).toEqual(flat.rows);
  });
});

describe('the difference between two lists', () => {
  test('names what was added, removed and changed', () => {
    const before = list({
      same: cheap,
      changes: { ...cheap, input_cost_per_token_above_200k_tokens: 2e-6 },
      gone: cheap,
    });
    const after = list({
      same: cheap,
      changes: { ...dear, input_cost_per_token_above_200k_tokens: 2e-6 },
      fresh: cheap,
    });
    expect(diffPrices(before, after).map(formatPriceChange)).toEqual([
      'changed changes: uncached input 1 → 2, cache read 1 → 2, cache write 5m 1 → 2, cache write 1h 1 → 2',
      'added fresh: uncached input 1, cache read 1, cache write 5m 1, cache write 1h 1, output 4',
      'removed gone: uncached input 1, cache read 1, cache write 5m 1, cache write 1h 1, output 4',
    ]);
  });

  test('is empty between equals, whatever their dates', () => {
    expect(diffPrices(seed.rows, seed.rows)).toEqual([]);
  });
});

describe('the shipped and the user’s file', () => {
  const shipped = file('2026-08-01', { a: cheap, onlyShipped: cheap });

  test('the user’s newer list decides, the shipped one adds its further models', () => {
    const own = updatePriceFile(file('2026-08-01', { a: cheap }), file('2026-09-01', { a: dear }));
    const both = mergeFiles(shipped, own);
    expect(both.listed_on).toBe('2026-09-01');
    expect(spans(both.rows, 'a')).toHaveLength(2);
    expect(spans(both.rows, 'onlyShipped')).toHaveLength(1);
  });

  test('a newer shipped list continues the user’s history', () => {
    const both = mergeFiles(
      file('2026-10-01', { a: dear }),
      file('2026-09-01', { a: cheap, onlyOwn: cheap }),
    );
    expect(spans(both.rows, 'a')).toEqual([
      [0, '1970-01-01', '2026-10-01', '1'],
      [0, '2026-10-01', null, '2'],
    ]);
    expect(spans(both.rows, 'onlyOwn')).toHaveLength(1);
  });
});

describe('the user’s own prices', () => {
  const text = JSON.stringify({
    models: {
      'claude-opus-4-6': { input: 4, output: '20.5' },
      'in-house': { input: 1, output: 2, cache_read: 0, cache_write_5m: 1.25, cache_write_1h: 2 },
      free: { input: 0, output: 0 },
    },
    aliases: { auto: 'claude-opus-4-6', nowhere: 'no-such-model' },
  });
  const overrides = parseOverrides(text, 'prices.json');
  const book = assemblePriceBook({ seed, overrides });

  test('replace every row of their model; what they leave out follows the rules', () => {
    const rows = book.rows.filter((row) => row.model === 'claude-opus-4-6');
    expect(new Set(rows.map((row) => row.source))).toEqual(new Set(['override']));
    expect(rows[0]).toMatchObject({
      uncached_input_usd: '4',
      cache_read_usd: '0.4',
      cache_write_5m_usd: '5',
      cache_write_1h_usd: '8',
      output_usd: '20.5',
    });
    expect(rows).toHaveLength(4);
  });

  test('leave the context window as the list states it', () => {
    const windowsIn = (rows: readonly PriceRow[]) =>
      new Set(rows.filter((row) => row.model === 'claude-opus-4-6').map((row) => row.max_input_tokens));
    expect(windowsIn(book.rows)).toEqual(windowsIn(seed.rows));
    expect(windowsIn(book.rows)).toEqual(new Set([1_000_000]));
    expect(book.rows.find((row) => row.model === 'in-house')?.max_input_tokens).toBeNull();
  });

  test('may be zero: then the model is free', () => {
    expect(book.rows.find((row) => row.model === 'in-house')?.cache_read_usd).toBe('0');
    expect(book.rows.find((row) => row.model === 'free')).toMatchObject({
      uncached_input_usd: '0',
      cache_read_usd: '0',
    });
  });

  test('are found first', () => {
    const resolve = createBookResolver(book);
    expect(resolve({ model: 'auto' })).toEqual({ priceModel: 'claude-opus-4-6', rule: 'override' });
    expect(resolve({ model: 'in-house' })).toEqual({ priceModel: 'in-house', rule: 'override' });
    expect(resolve({ model: 'gpt-5' })).toEqual({ priceModel: 'gpt-5', rule: 'exact' });
  });

  test('that lead nowhere are reported', () => {
    expect(book.warnings).toEqual([
      'aliases.nowhere: the price list has no model named no-such-model, so nowhere has no price',
    ]);
  });

  test.each([
    ['{', /it is not JSON/],
    ['[]', /the file: /],
    ['{"models": {"m": {"input": 3}}}', /models\.m\.output: /],
    ['{"models": {"m": {"input": -3, "output": 1}}}', /models\.m\.input: expected USD per million/],
    ['{"models": {"m": {"input": 3e7, "output": 1}}}', /models\.m\.input: expected USD per million/],
    ['{"models": {"m": {"input": "3 USD", "output": 1}}}', /models\.m\.input: /],
    ['{"models": {"m": {"input": 3, "output": 1, "cached": 1}}}', /models\.m: .*cached/],
    ['{"models": {"a,b": {"input": 3, "output": 1}}}', /models\.a,b: /],
    ['{"alias": {}}', /the file: .*alias/],
    ['{"aliases": {"x": 3}}', /aliases\.x: /],
  ])('%s is refused with the place', (wrong, reason) => {
    expect(() => parseOverrides(wrong, 'prices.json')).toThrow(reason);
    expect(() => parseOverrides(wrong, 'prices.json')).toThrow(
      expect.objectContaining({ source: 'prices.json' }),
    );
  });
});

describe('the hash', () => {
  const book = assemblePriceBook({ seed });

  test('is the same for the same prices', () => {
    expect(book.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(assemblePriceBook({ seed: { ...seed, rows: [...seed.rows].reverse() } }).hash).toBe(book.hash);
  });

  test('changes with a price, a date or a name', () => {
    const overrides = parseOverrides('{"models": {"m": {"input": 3, "output": 1}}}', 'x');
    const aliases = parseOverrides('{"aliases": {"m": "gpt-5"}}', 'x');
    const [first, ...rest] = seed.rows;
    if (!first) throw new Error('no row');
    const dated = { ...seed, rows: [{ ...first, valid_to_on: '2026-09-01' }, ...rest] };
    const hashes = [
      book.hash,
      assemblePriceBook({ seed, overrides }).hash,
      assemblePriceBook({ seed, overrides: aliases }).hash,
      assemblePriceBook({ seed: dated }).hash,
    ];
    expect(new Set(hashes).size).toBe(4);
  });
});

describe('on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prices-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (): PriceTexts => readPriceTexts(folder);

  test('the user’s files need not exist', async () => {
    expect((await priceBookOf(read())).hash).toBe(assemblePriceBook({ seed }).hash);
    expect(readPriceTexts(undefined).fingerprint).toBe(read().fingerprint);
  });

  test('they are read when they do', async () => {
    const before = read().fingerprint;
    expect(read().fingerprint).toBe(before);
    const own = updatePriceFile(seed, file('2026-09-01', { 'gpt-5': dear }));
    writeFileSync(join(folder, PRICE_LIST), formatPriceFile(own));
    writeFileSync(join(folder, PRICE_OVERRIDES), '{"models": {"in-house": {"input": 1, "output": 2}}}');
    expect(read().fingerprint).not.toBe(before);
    const book = await priceBookOf(read());
    expect(book.listed_on).toBe('2026-09-01');
    expect(spans(book.rows, 'gpt-5').at(-1)).toEqual([0, '2026-09-01', null, '2']);
    expect(spans(book.rows, 'in-house')).toHaveLength(1);
  });

  test('one that cannot be read says so', () => {
    const other = join(folder, 'other');
    mkdirSync(join(other, PRICE_LIST), { recursive: true });
    expect(() => readPriceTexts(other)).toThrow(/could not be read/);
  });
});
