import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildSeed } from '../../src/prices/build-seed.ts';
import { formatPriceFile, loadSeed } from '../../src/prices/price-file.ts';
import { FIRST_VALID_ON, formatRowKey, SERVICE_TIERS } from '../../src/prices/price-row.ts';
import { rowsOf, seed, seedText } from './seed.ts';

const fullList = new URL('../../../shared/pricing/model_prices.json', import.meta.url);

test.skipIf(!existsSync(fullList))('the seed is what the full list makes', () => {
  const made = buildSeed({ list: readFileSync(fullList, 'utf8'), listedOn: '2026-08-01', before: null });
  expect(made.text === seedText).toBe(true);
});

test.skipIf(!existsSync(fullList))('the same list at a later date changes nothing but the date', () => {
  const made = buildSeed({ list: readFileSync(fullList, 'utf8'), listedOn: '2026-09-01', before: seedText });
  expect(made.text).toBe(seedText.replace('2026-08-01', '2026-09-01'));
  expect(made.changes).toEqual([]);
});

test('the seed is small enough to read in a diff', () => {
  expect(seedText.length).toBeLessThan(250_000);
  expect(Math.max(...seedText.split('\n').map((line) => line.length))).toBeLessThan(280);
});

test('the seed survives being read and written', () => {
  expect(formatPriceFile(seed)).toBe(seedText);
  expect(loadSeed(seedText.replaceAll('\n', '\r\n')).rows).toEqual(seed.rows);
});

test('every band of every model has every tier, once', () => {
  const keys = new Set(seed.rows.map(formatRowKey));
  expect(keys.size).toBe(seed.rows.length);
  for (const row of seed.rows) {
    for (const tier of SERVICE_TIERS) {
      expect(keys.has(formatRowKey({ ...row, service_tier: tier }))).toBe(true);
    }
  }
});

test('bands of a model leave no gap and do not overlap', () => {
  for (const model of new Set(seed.rows.map((row) => row.model))) {
    for (const tier of SERVICE_TIERS) {
      const bands = rowsOf(model).filter((row) => row.service_tier === tier);
      expect(bands[0]?.context_over_tokens).toBe(0);
      expect(bands.at(-1)?.context_up_to_tokens).toBeNull();
      for (const [index, band] of bands.slice(1).entries()) {
        expect(bands[index]?.context_up_to_tokens).toBe(band.context_over_tokens);
      }
    }
  }
}, 60_000);

test('no model costs nothing, and the first prices hold from the beginning', () => {
  expect(seed.rows.filter((row) => row.uncached_input_usd === '0' || row.output_usd === '0')).toEqual([]);
  expect(new Set(seed.rows.map((row) => row.valid_from_on))).toEqual(new Set([FIRST_VALID_ON]));
});

test.each([
  ['claude-opus-4-6', '5', '0.5', '6.25', '10', '25'],
  ['claude-sonnet-4-5', '3', '0.3', '3.75', '6', '15'],
  ['claude-opus-4-20250514', '15', '1.5', '18.75', '30', '75'],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', '3.3', '0.33', '4.125', '6.6', '16.5'],
  ['gpt-5.5', '5', '0.5', '5', '5', '30'],
  ['gpt-5.6', '5', '0.5', '6.25', '6.25', '30'],
  ['deepseek-v4-flash', '0.14', '0.0028', '0.14', '0.14', '0.28'],
])('%s has its list price', (model, input, read, write5m, write1h, output) => {
  const row = rowsOf(model).find(
    (other) => other.service_tier === 'standard' && other.context_over_tokens === 0,
  );
  expect([
    row?.uncached_input_usd,
    row?.cache_read_usd,
    row?.cache_write_5m_usd,
    row?.cache_write_1h_usd,
    row?.output_usd,
  ]).toEqual([input, read, write5m, write1h, output]);
});

test.each([
  ['a missing header', 'model,provider\n', /columns are not those/],
  ['no date', seedText.replace(/# listed_on.*\n/, ''), /listed_on/],
  ['a line cut short', `${seedText}claude-x,anthropic\n`, /2 columns instead of 19/],
  [
    'a price that is none',
    seedText.replace(',standard,0.3,', ',standard,free,'),
    /uncached_input_usd is not a decimal: free/,
  ],
  ['a tier that is none', seedText.replace(',standard,', ',gold,'), /service_tier is not one of/],
  ['a date that is none', seedText.replace('1970-01-01', '1970-02-30'), /valid_from_on is not a date/],
])('%s is refused', (_, text, reason) => {
  expect(() => loadSeed(text)).toThrow(reason);
});
