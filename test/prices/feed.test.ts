import { describe, expect, test } from 'vitest';
import { parsePriceList } from '../../src/prices/feed.ts';
import type { PriceRow } from '../../src/prices/price-row.ts';

const everything = () => true;

function parse(entries: Record<string, unknown>) {
  return parsePriceList(JSON.stringify(entries), { keep: everything });
}

function pick(rows: readonly PriceRow[], tier = 'standard', over = 0): PriceRow {
  const row = rows.find((other) => other.service_tier === tier && other.context_over_tokens === over);
  if (!row) throw new Error(`no row ${tier} ${over}`);
  return row;
}

const chat = { mode: 'chat', litellm_provider: 'openai' };

describe('rates', () => {
  test('are exact in USD per million', () => {
    const { rows } = parse({ m: { ...chat, input_cost_per_token: 3e-7, output_cost_per_token: '1.2e-6' } });
    expect(pick(rows)).toMatchObject({
      uncached_input_usd: '0.3',
      output_usd: '1.2',
      provider: 'openai',
      source: 'list',
    });
  });

  test('without a published cache rate, others than Claude pay the input price', () => {
    const { rows } = parse({ m: { ...chat, input_cost_per_token: 2e-6, output_cost_per_token: 8e-6 } });
    expect(pick(rows)).toMatchObject({
      cache_read_usd: '2',
      cache_write_5m_usd: '2',
      cache_write_1h_usd: '2',
      web_search_usd: null,
      derived: ['cache_read', 'cache_write_5m', 'cache_write_1h'],
    });
  });

  test('Claude keeps its ratios wherever it is sold', () => {
    const { rows } = parse({
      'openrouter/anthropic/claude-x': { ...chat, input_cost_per_token: 3e-6, output_cost_per_token: 1.5e-5 },
    });
    expect(pick(rows)).toMatchObject({
      cache_read_usd: '0.3',
      cache_write_5m_usd: '3.75',
      cache_write_1h_usd: '6',
      web_search_usd: '0.01',
      derived: ['cache_read', 'cache_write_5m', 'cache_write_1h', 'web_search'],
    });
  });

  test('a published write price is also the one-hour price of others', () => {
    const { rows } = parse({
      m: {
        ...chat,
        input_cost_per_token: 5e-6,
        output_cost_per_token: 3e-5,
        cache_creation_input_token_cost: 6.25e-6,
      },
    });
    expect(pick(rows)).toMatchObject({ cache_write_5m_usd: '6.25', cache_write_1h_usd: '6.25' });
  });

  test('"above 1hr" is the price of the one-hour write', () => {
    const { rows } = parse({
      'claude-x': {
        ...chat,
        input_cost_per_token: 3e-6,
        output_cost_per_token: 1.5e-5,
        cache_creation_input_token_cost_above_1hr: 7e-6,
      },
    });
    expect(pick(rows).cache_write_1h_usd).toBe('7');
    expect(rows.every((row) => row.context_over_tokens === 0)).toBe(true);
  });

  test('the hit price of DeepSeek-style entries is the cache read price; a zero write price is none', () => {
    const { rows } = parse({
      m: {
        ...chat,
        input_cost_per_token: 2.8e-7,
        output_cost_per_token: 4.2e-7,
        input_cost_per_token_cache_hit: 2.8e-8,
        cache_creation_input_token_cost: 0.0,
      },
    });
    expect(pick(rows)).toMatchObject({ cache_read_usd: '0.028', cache_write_5m_usd: '0.28' });
  });

  test('reasoning priced as output is inside the output price', () => {
    const entry = { ...chat, input_cost_per_token: 1e-6, output_cost_per_token: 4e-6 };
    const same = parse({ m: { ...entry, output_cost_per_reasoning_token: 4e-6 } });
    const dearer = parse({ m: { ...entry, output_cost_per_reasoning_token: 9e-6 } });
    expect(pick(same.rows).reasoning_usd).toBeNull();
    expect(pick(dearer.rows).reasoning_usd).toBe('9');
  });

  test('multipliers and web search are read', () => {
    const { rows } = parse({
      'claude-x': {
        ...chat,
        input_cost_per_token: 5e-6,
        output_cost_per_token: 2.5e-5,
        provider_specific_entry: { us: 1.1, fast: 2.0, schema: 'v2' },
        search_context_cost_per_query: { search_context_size_low: 0.02, search_context_size_medium: 0.03 },
        max_input_tokens: '1000000',
      },
    });
    expect(pick(rows)).toMatchObject({
      fast_multiplier: '2',
      geo_multipliers: { us: '1.1' },
      web_search_usd: '0.03',
      max_input_tokens: 1_000_000,
    });
  });
});

describe('bands', () => {
  const banded = {
    ...chat,
    input_cost_per_token: 1e-6,
    output_cost_per_token: 4e-6,
    cache_read_input_token_cost: 1e-7,
    input_cost_per_token_above_128k_tokens: 2e-6,
    input_cost_per_token_above_512k_tokens: 3e-6,
    output_cost_per_token_above_128k_tokens: 8e-6,
  };

  test('take their bounds from the keys', () => {
    const { rows } = parse({ m: banded });
    const standard = rows.filter((row) => row.service_tier === 'standard');
    expect(standard.map((row) => [row.context_over_tokens, row.context_up_to_tokens])).toEqual([
      [0, 128_000],
      [128_000, 512_000],
      [512_000, null],
    ]);
  });

  test('fall back to the base rate of the class that they do not price', () => {
    const { rows } = parse({ m: banded });
    expect(pick(rows, 'standard', 128_000)).toMatchObject({
      uncached_input_usd: '2',
      output_usd: '8',
      cache_read_usd: '0.1',
    });
    expect(pick(rows, 'standard', 512_000)).toMatchObject({ uncached_input_usd: '3', output_usd: '4' });
  });

  test('a class that is published nowhere follows the input price of the band', () => {
    const { rows } = parse({ m: banded });
    expect(pick(rows, 'standard', 128_000).cache_write_5m_usd).toBe('2');
  });

  test('without a price for input, another key makes no band', () => {
    const { rows } = parse({
      m: {
        ...chat,
        input_cost_per_token: 1e-6,
        output_cost_per_token: 4e-6,
        output_cost_per_token_above_200k_tokens: 9e-6,
      },
    });
    expect(new Set(rows.map((row) => row.context_over_tokens))).toEqual(new Set([0]));
  });

  test('ranges of tiered pricing are bands; the last one is open', () => {
    const { rows } = parse({
      m: {
        ...chat,
        tiered_pricing: [
          {
            range: [0, 32000.0],
            input_cost_per_token: 1e-6,
            output_cost_per_token: 5e-6,
            cache_read_input_token_cost: 1e-7,
          },
          { range: [32000.0, 1000000.0], input_cost_per_token: 1.8e-6, output_cost_per_token: 9e-6 },
        ],
      },
    });
    expect(pick(rows)).toMatchObject({
      context_up_to_tokens: 32_000,
      cache_read_usd: '0.1',
      output_usd: '5',
    });
    expect(pick(rows, 'standard', 32_000)).toMatchObject({
      context_up_to_tokens: null,
      cache_read_usd: '1.8',
      output_usd: '9',
    });
  });
});

describe('tiers', () => {
  const tiered = {
    ...chat,
    input_cost_per_token: 4e-6,
    output_cost_per_token: 2e-5,
    cache_read_input_token_cost: 4e-7,
    input_cost_per_token_above_272k_tokens: 8e-6,
    output_cost_per_token_above_272k_tokens: 3e-5,
    input_cost_per_token_priority: 1e-5,
    output_cost_per_token_priority: 5e-5,
    input_cost_per_token_flex: 2e-6,
    output_cost_per_token_flex: 1e-5,
    input_cost_per_token_above_272k_tokens_flex: 4e-6,
    input_cost_per_token_batches: 1e-6,
  };

  test('are complete in every band', () => {
    const { rows } = parse({ m: tiered });
    expect(rows).toHaveLength(8);
    expect(pick(rows, 'priority')).toMatchObject({
      uncached_input_usd: '10',
      output_usd: '50',
      cache_read_usd: '0.4',
    });
    expect(pick(rows, 'flex', 272_000)).toMatchObject({ uncached_input_usd: '4', output_usd: '30' });
  });

  test('a long call at a tier without long prices costs the standard long price', () => {
    const { rows } = parse({ m: tiered });
    expect(pick(rows, 'priority', 272_000)).toMatchObject({ uncached_input_usd: '8', output_usd: '30' });
  });

  test('batch takes what is published and halves the rest', () => {
    const { rows } = parse({ m: tiered });
    expect(pick(rows, 'batch')).toMatchObject({
      uncached_input_usd: '1',
      output_usd: '10',
      cache_read_usd: '0.2',
    });
    expect(pick(rows, 'batch').derived).toContain('output');
    expect(pick(rows, 'batch').derived).not.toContain('uncached_input');
    expect(pick(rows, 'batch', 272_000).uncached_input_usd).toBe('4');
  });

  test('that are not published stand in: batch at half, the others at the standard price', () => {
    const { rows } = parse({ m: { ...chat, input_cost_per_token: 3e-6, output_cost_per_token: 1.5e-5 } });
    expect(pick(rows, 'batch')).toMatchObject({ uncached_input_usd: '1.5', output_usd: '7.5' });
    expect(pick(rows, 'flex')).toMatchObject({ uncached_input_usd: '3', output_usd: '15' });
    expect(pick(rows, 'flex').derived).toContain('service_tier');
  });
});

describe('what is no price', () => {
  const paid = { ...chat, input_cost_per_token: 1e-6, output_cost_per_token: 4e-6 };

  test.each([
    ['zero for both', { ...chat, input_cost_per_token: 0, output_cost_per_token: 0 }],
    ['nothing', chat],
    ['null', { ...chat, input_cost_per_token: null, output_cost_per_token: null }],
    ['input alone', { ...chat, input_cost_per_token: 1e-6 }],
    ['a negative price', { ...paid, cache_read_input_token_cost: -1e-7 }],
    ['more than 1 USD per token', { ...paid, output_cost_per_token: 1.5 }],
    ['text', { ...paid, input_cost_per_token: 'cheap' }],
    ['a list', { ...paid, input_cost_per_token: [1] }],
    ['a broken range', { ...chat, tiered_pricing: [{ range: [0], input_cost_per_token: 1e-6 }] }],
  ])('%s: no row, a warning, and the neighbour stays', (_, entry) => {
    const { rows, warnings } = parse({ bad: entry, good: paid });
    expect(new Set(rows.map((row) => row.model))).toEqual(new Set(['good']));
    expect(warnings.map((warning) => warning.model)).toEqual(['bad']);
  });

  test('the sample, null entries and other modes are left out in silence', () => {
    const { rows, warnings } = parse({
      sample_spec: { ...paid, mode: 'chat' },
      nothing: null,
      picture: { ...paid, mode: 'image_generation' },
      vector: { ...paid, mode: 'embedding' },
    });
    expect(rows).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test.each(['', 'not json', '[]', '3', 'null'])('%j is no list', (text) => {
    expect(() => parsePriceList(text)).toThrow(/price list is not/);
  });
});
