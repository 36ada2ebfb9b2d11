import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PricedCall, pickRow, priceCall, sumContextTokens, sumCost } from '../../src/prices/cost.ts';
import { rowsOf } from './seed.ts';

function cost(model: string, call: PricedCall): string {
  const row = pickRow(rowsOf(model), call);
  if (!row) throw new Error(`no price for ${model}`);
  return sumCost(priceCall(call, row));
}

function band(model: string, context: number): number | undefined {
  return pickRow(rowsOf(model), { tokens: { uncached_input: context } })?.context_over_tokens;
}

describe('worked checks', () => {
  test('a Claude call with both cache writes', () => {
    const tokens = {
      uncached_input: 15,
      cache_read: 2250,
      cache_write_5m: 150,
      cache_write_1h: 50,
      output: 60,
    };
    expect(cost('claude-sonnet-4-5', { tokens })).toBe('0.0024825');
  });

  test('a GPT call with cached input', () => {
    expect(cost('gpt-5.5', { tokens: { uncached_input: 600, cache_read: 1600, output: 80 } })).toBe('0.0062');
  });

  test('a Gemini call', () => {
    const tokens = { uncached_input: 1500, cache_read: 1000, output: 55, reasoning: 30 };
    expect(cost('gemini-2.5-pro', { tokens })).toBe('0.00255');
  });

  test('a Qwen call in the first range', () => {
    const tokens = { uncached_input: 500, cache_read: 1400, output: 45 };
    expect(cost('dashscope/qwen3-coder-plus', { tokens })).toBe('0.000865');
  });
});

describe('the band holds for the whole call, from one token over the bound', () => {
  test.each([
    ['claude-sonnet-4-5', 200_000],
    ['gemini-2.5-pro', 200_000],
    ['gpt-5.5', 272_000],
    ['minimax/MiniMax-M3', 512_000],
    ['dashscope/qwen3-coder-plus', 32_000],
    ['dashscope/qwen3-coder-plus', 128_000],
    ['dashscope/qwen3-coder-plus', 256_000],
  ])('%s at %i', (model, bound) => {
    expect(band(model, bound)).toBeLessThan(bound);
    expect(band(model, bound + 1)).toBe(bound);
  });

  test('every kind of input counts, and all of it costs the band’s price', () => {
    const tokens = {
      uncached_input: 1,
      cache_read: 100_000,
      cache_write_5m: 50_000,
      cache_write_1h: 50_000,
      output: 1000,
    };
    expect(sumContextTokens(tokens)).toBe(200_001);
    // 1·6 + 100,000·0.6 + 50,000·7.5 + 50,000·12 + 1,000·22.5 per million
    expect(cost('claude-sonnet-4-5', { tokens })).toBe('1.057506');
  });

  test('past the last range the last range holds', () => {
    expect(band('dashscope/qwen3-coder-plus', 5_000_000)).toBe(256_000);
  });

  test('a call without input is in the base band', () => {
    expect(pickRow(rowsOf('gpt-5.5'), { tokens: { output: 5 } })?.context_over_tokens).toBe(0);
  });

  test('a sum over several calls is priced in the base band', () => {
    const call = { tokens: { uncached_input: 900_000 }, granularity: 'session' };
    expect(pickRow(rowsOf('claude-sonnet-4-5'), call)?.context_over_tokens).toBe(0);
  });

  test('the context that the log gives wins over the sum', () => {
    const call = { tokens: { uncached_input: 10 }, context_tokens: 300_000 };
    expect(pickRow(rowsOf('gpt-5.5'), call)?.context_over_tokens).toBe(272_000);
  });
});

describe('tiers', () => {
  const tokens = { uncached_input: 1_000_000 };
  const at = (tier: string | null) =>
    pickRow(rowsOf('gpt-5.5'), { tokens: { uncached_input: 1 }, service_tier: tier });

  test.each([
    [null, '5'],
    ['standard', '5'],
    ['default', '5'],
    ['something new', '5'],
    ['priority', '10'],
    ['fast', '10'],
    ['flex', '2.5'],
    ['batch', '2.5'],
  ])('%s', (tier, usd) => {
    expect(at(tier)?.uncached_input_usd).toBe(usd);
  });

  test('a long call at priority costs the long price, as long calls have no priority', () => {
    expect(cost('gpt-5.5', { tokens, service_tier: 'priority' })).toBe('10');
  });

  test('batch of Claude is half of everything', () => {
    const call = { tokens: { uncached_input: 1000, cache_read: 1000, cache_write_1h: 1000, output: 1000 } };
    expect(cost('claude-opus-4-6', call)).toBe('0.0405');
    expect(cost('claude-opus-4-6', { ...call, service_tier: 'batch' })).toBe('0.02025');
  });
});

describe('multipliers', () => {
  const tokens = { uncached_input: 1000, cache_read: 1000, cache_write_1h: 1000, output: 1000 };

  test.each([
    [{}, '0.0405'],
    [{ speed: 'standard' }, '0.0405'],
    [{ speed: 'fast' }, '0.1905'],
    [{ inference_geo: 'us' }, '0.0435'],
    [{ inference_geo: 'US' }, '0.0435'],
    [{ inference_geo: 'global' }, '0.0405'],
    [{ inference_geo: 'not_available' }, '0.0405'],
    [{ inference_geo: 'eu' }, '0.0405'],
    [{ inference_geo: 'us', speed: 'fast' }, '0.2085'],
  ])('%j: input and output only', (extra, usd) => {
    expect(cost('claude-opus-4-6', { tokens, ...extra })).toBe(usd);
  });

  test('a model without a fast price costs the usual', () => {
    expect(cost('claude-sonnet-5', { tokens, speed: 'fast' })).toBe(cost('claude-sonnet-5', { tokens }));
  });
});

test('web searches cost per request', () => {
  const call = { tokens: { output: 1 }, web_search_count: 3 };
  const [row] = rowsOf('claude-opus-4-6');
  if (!row) throw new Error('no row');
  expect(priceCall(call, row).at(-1)).toEqual({
    token_class: 'web_search',
    tokens: 3,
    usd_per_million: '10000',
    multiplier: '1',
    cost_usd: '0.03',
  });
});

test('reasoning with a price of its own is taken out of the output, never added to it', () => {
  const tokens = { uncached_input: 0, output: 1000, reasoning: 400 };
  expect(cost('dashscope/qwen-plus-latest', { tokens })).toBe('0.00232'); // 600·1.2 + 400·4 per million
  expect(cost('dashscope/qwen-plus-latest', { tokens: { output: 10, reasoning: 99 } })).toBe('0.00004');
});

test('each class is rounded half up to nine places', () => {
  const [row] = rowsOf('deepseek-v4-flash'); // cache read 0.0028
  if (!row) throw new Error('no row');
  expect(sumCost(priceCall({ tokens: { cache_read: 1 } }, row))).toBe('0.000000003');
  expect(sumCost(priceCall({ tokens: { cache_read: 3 } }, row))).toBe('0.000000008');
});

test('dates: the row of the day, none before the first', () => {
  const [row] = rowsOf('claude-opus-4-6');
  if (!row) throw new Error('no row');
  const rows = [
    { ...row, valid_from_on: '2026-01-01', valid_to_on: '2026-06-01', uncached_input_usd: '1' },
    { ...row, valid_from_on: '2026-06-01', valid_to_on: null, uncached_input_usd: '2' },
  ];
  const on = (date: string | null) =>
    pickRow(rows, { tokens: {}, called_on: date })?.uncached_input_usd ?? null;
  expect([on('2025-12-31'), on('2026-01-01'), on('2026-05-31'), on('2026-06-01'), on(null)]).toEqual([
    null,
    '1',
    '1',
    '2',
    '2',
  ]);
});

test('more tokens never cost less, and the lines add up to the call', () => {
  const models = [
    'claude-sonnet-4-5',
    'gpt-5.6',
    'gemini-2.5-flash',
    'dashscope/qwen3-coder-plus',
    'zai/glm-4.7',
  ];
  const count = fc.nat(400_000);
  const tokens = fc.record({
    uncached_input: count,
    cache_read: count,
    cache_write_5m: count,
    output: count,
    reasoning: count,
  });
  fc.assert(
    fc.property(fc.constantFrom(...models), tokens, (model, counted) => {
      const row = pickRow(rowsOf(model), { tokens: counted });
      if (!row) throw new Error('no row');
      const lines = priceCall({ tokens: counted }, row);
      const classes = lines.filter((line) => line.token_class !== 'web_search');
      expect(classes.reduce((sum, line) => sum + line.tokens, 0)).toBe(
        sumContextTokens(counted) + counted.output,
      );
      const more = priceCall({ tokens: { ...counted, output: counted.output + 1 } }, row);
      expect(Number(sumCost(more))).toBeGreaterThan(Number(sumCost(lines)));
    }),
  );
});
