import { describe, expect, test } from 'vitest';
import { canonicalModelName } from '../../src/prices/name-forms.ts';
import { createResolver, type LoggedModel } from '../../src/prices/resolve.ts';
import { seed } from './seed.ts';

const resolve = createResolver({ rows: seed.rows });
const find = (model: string, rest: Omit<LoggedModel, 'model'> = {}) => resolve({ model, ...rest });

describe('a name in a log finds its price', () => {
  test.each([
    // 1 exact
    ['claude-opus-4-6', 'claude-opus-4-6', 'exact'],
    ['gpt-5', 'gpt-5', 'exact'],
    ['gpt-5.5', 'gpt-5.5', 'exact'],
    ['gpt-5-mini', 'gpt-5-mini', 'exact'],
    ['gpt-5-codex', 'gpt-5-codex', 'exact'],
    ['gpt-5.1-codex-max', 'gpt-5.1-codex-max', 'exact'],
    ['gpt-4o', 'gpt-4o', 'exact'],
    ['gpt-4', 'gpt-4', 'exact'],
    ['o3-mini', 'o3-mini', 'exact'],
    ['gpt-5-chat-latest', 'gpt-5-chat-latest', 'exact'],
    ['openrouter/anthropic/claude-sonnet-4.5', 'openrouter/anthropic/claude-sonnet-4.5', 'exact'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'exact'],
    // the maker's own key
    ['grok-4', 'xai/grok-4', 'first_party'],
    ['grok-code-fast-1', 'xai/grok-code-fast-1', 'first_party'],
    ['glm-4.6', 'zai/glm-4.6', 'first_party'],
    ['kimi-k2.5', 'moonshot/kimi-k2.5', 'first_party'],
    ['kimi-k2-thinking', 'moonshot/kimi-k2-thinking', 'first_party'],
    ['qwen3-coder-plus', 'dashscope/qwen3-coder-plus', 'first_party'],
    ['devstral-2512', 'mistral/devstral-2512', 'first_party'],
    ['MiniMax-M2', 'minimax/MiniMax-M2', 'first_party'],
    // 3 wrappers
    ['claude-opus-4-6[1m]', 'claude-opus-4-6', 'unwrapped'],
    ['claude-sonnet-4-5-20250929[1m]', 'claude-sonnet-4-5-20250929', 'unwrapped'],
    ['models/gemini-2.5-flash', 'gemini-2.5-flash', 'unwrapped'],
    ['google/gemini-2.5-pro', 'gemini-2.5-pro', 'unwrapped'],
    ['x-ai/grok-4.5', 'xai/grok-4.5', 'unwrapped'],
    ['z-ai/glm-4.6:exacto', 'zai/glm-4.6', 'unwrapped'],
    ['opencode/claude-sonnet-4-5', 'claude-sonnet-4-5', 'unwrapped'],
    ['accounts/fireworks/models/kimi-k2p5', 'fireworks_ai/kimi-k2p5', 'unwrapped'],
    ['claude-haiku-4-5@20251001', 'claude-haiku-4-5-20251001', 'unwrapped'],
    ['claude-opus-4-5@default', 'claude-opus-4-5', 'unwrapped'],
    ['claude-sonnet-4-5-thinking', 'claude-sonnet-4-5', 'unwrapped'],
    ['gemini-2.5-pro-preview-06-05', 'gemini-2.5-pro', 'unwrapped'],
    // Bedrock: the region's own key
    ['us.anthropic.claude-sonnet-4-5', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'first_party'],
    ['eu.anthropic.claude-opus-4-8', 'eu.anthropic.claude-opus-4-8', 'exact'],
    ['bedrock/us.anthropic.claude-opus-4-6-v1:0', 'us.anthropic.claude-opus-4-6-v1', 'unwrapped'],
    [
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0',
      'us.anthropic.claude-sonnet-4-20250514-v1:0',
      'unwrapped',
    ],
    ['anthropic.claude-opus-4-6', 'anthropic.claude-opus-4-6-v1', 'first_party'],
    // 4 spelling
    ['claude-opus-4.5', 'claude-opus-4-5', 'respelled'],
    ['anthropic/claude-opus-4.5', 'claude-opus-4-5', 'respelled'],
    ['anthropic--claude-4.5-opus', 'claude-opus-4-5', 'respelled'],
    ['openrouter/anthropic/claude-opus-4.8', 'claude-opus-4-8', 'respelled'],
    ['claude-4.5-sonnet', 'claude-sonnet-4-5', 'respelled'],
    ['claude-sonnet-4.5-20250929', 'claude-sonnet-4-5-20250929', 'respelled'],
    ['gpt-5-2-codex', 'gpt-5.2-codex', 'respelled'],
    // 5 dates
    ['claude-opus-4', 'claude-opus-4-20250514', 'dated'],
    ['claude-sonnet-4', 'claude-sonnet-4-20250514', 'dated'],
    ['claude-4-sonnet', 'claude-sonnet-4-20250514', 'dated'],
    ['claude-3-7-sonnet-latest', 'claude-3-7-sonnet-20250219', 'dated'],
    ['claude-opus-4-6-20991231', 'claude-opus-4-6', 'dated'],
    ['gpt-5.5-2099-12-31', 'gpt-5.5', 'dated'],
    // 6 effort
    ['gpt-5-high', 'gpt-5', 'effort'],
    ['gpt-5-high-fast', 'gpt-5', 'effort'],
    ['gpt-5-codex-high', 'gpt-5-codex', 'effort'],
    ['gpt-5.1-codex-max-xhigh', 'gpt-5.1-codex-max', 'effort'],
    ['claude-4.6-opus-high-thinking', 'claude-opus-4-6', 'effort'],
    ['o3-mini-high', 'openrouter/openai/o3-mini-high', 'reseller'],
    // 7 other names
    ['gemini-3-pro-high', 'gemini-3-pro-preview', 'alias'],
    ['gemini-3-flash', 'gemini-3-flash-preview', 'alias'],
    ['k2p5', 'moonshot/kimi-k2.5', 'alias'],
    ['k2p6', 'moonshot/kimi-k2.6', 'alias'],
    ['grok-4-fast', 'xai/grok-4-fast-reasoning', 'alias'],
    // 8 case
    ['GPT-5', 'gpt-5', 'case'],
    ['minimax-m2', 'minimax/MiniMax-M2', 'case'],
    // retired by the maker, still sold by a cloud
    ['claude-3-5-sonnet-20241022', 'anthropic.claude-3-5-sonnet-20241022-v2:0', 'cloud'],
    ['claude-3-5-haiku-20241022', 'anthropic.claude-3-5-haiku-20241022-v1:0', 'cloud'],
  ])('%s → %s (%s)', (model, priceModel, rule) => {
    expect(find(model)).toEqual({ priceModel, rule });
  });

  test.each([
    ['google-vertex', 'claude-opus-4-5@20251101', 'vertex_ai/claude-opus-4-5@20251101'],
    ['groq', 'openai/gpt-oss-120b', 'groq/openai/gpt-oss-120b'],
    ['qwen', 'qwen3-coder-plus', 'dashscope/qwen3-coder-plus'],
    ['kimi', 'kimi-k2.5', 'moonshot/kimi-k2.5'],
    ['moonshotai', 'kimi-k2.5', 'moonshot/kimi-k2.5'],
    ['openrouter', 'anthropic/claude-sonnet-4.5', 'openrouter/anthropic/claude-sonnet-4.5'],
    ['openrouter', 'x-ai/grok-4.5', 'xai/grok-4.5'],
    ['github-copilot', 'claude-sonnet-4.5', 'claude-sonnet-4-5'],
    ['amazon-bedrock', 'us.anthropic.claude-opus-4-7', 'us.anthropic.claude-opus-4-7'],
    ['anthropic', 'claude-opus-4-6', 'claude-opus-4-6'],
  ])('asked of %s: %s → %s', (provider, model, priceModel) => {
    expect(find(model, { provider }).priceModel).toBe(priceModel);
  });
});

describe('never across a version', () => {
  test.each([
    'claude-opus-4-9',
    'claude-opus-6',
    'claude-sonnet-4-55',
    'claude-opus',
    'gpt-5.9',
    'gpt-55',
    'gpt-5-foo',
    'gpt-4oo',
    'o33',
    'grok-44',
    'kimi-k2.55',
    'gemini-2.55-pro',
    'composer-1',
    'sonnet',
    'my-claude-opus-4-6',
  ])('%s has no price', (model) => {
    expect(find(model)).toEqual({ priceModel: null, rule: 'unknown' });
  });

  test('a key and its prefix never mix up, for any key of the list', () => {
    const keys = new Set(seed.rows.map((row) => row.model));
    for (const key of keys) expect(find(key)).toEqual({ priceModel: key, rule: 'exact' });
    for (const key of [...keys].filter((other) => !/-v\d+(?::\d+)?$/.test(other))) {
      for (const longer of [`${key}9`, `${key}.9`, `${key}-9`].filter((other) => !keys.has(other))) {
        expect([longer, find(longer).priceModel]).toEqual([longer, null]);
      }
    }
  });

  test('the dearer neighbour is not taken', () => {
    expect(find('claude-opus-4-6').priceModel).not.toBe('claude-opus-4-20250514');
    expect(find('claude-opus-4-1').priceModel).toBe('claude-opus-4-1');
    expect(find('claude-4-opus').priceModel).toBe('claude-opus-4-20250514');
  });

  test('a preview with a price of its own is not the final model', () => {
    expect(find('gemini-2.5-flash-preview').priceModel).not.toBe('gemini-2.5-flash');
  });
});

describe('names without a price', () => {
  test.each([
    'default',
    'auto',
    'Auto',
    '<synthetic>',
    '',
    '  ',
    'kimi-for-coding',
    'codex-auto-review',
    'unknown',
  ])('%j', (model) => {
    expect(find(model)).toEqual({ priceModel: null, rule: 'unpriced' });
  });

  test('a model on the own machine is nobody’s list price', () => {
    expect(find('qwen3-coder-plus', { provider: 'ollama' }).rule).toBe('local');
    expect(find('ollama/deepseek-chat').rule).toBe('local');
    expect(find('lmstudio/gpt-oss-20b').priceModel).toBeNull();
  });

  test('sellers that disagree leave an open model unpriced', () => {
    expect(find('gpt-oss-120b').priceModel).toBeNull();
  });

  test('the agent’s default is what the caller says it is', () => {
    expect(find('codex-auto-review', { defaultModel: 'gpt-5.5' })).toEqual({
      priceModel: 'gpt-5.5',
      rule: 'alias',
    });
    expect(find('codex-auto-review', { defaultModel: 'codex-auto-review' }).priceModel).toBeNull();
  });
});

describe('the user’s table comes first', () => {
  const own = createResolver({
    rows: seed.rows,
    overridden: new Set(['claude-opus-4-6', 'in-house']),
    aliases: { auto: 'claude-sonnet-4-5', 'corp/gpt': 'gpt-5', 'gpt-5-mini': null, broken: 'no-such-model' },
  });

  test.each([
    [{ model: 'auto' }, 'claude-sonnet-4-5'],
    [{ model: 'gpt', provider: 'corp' }, 'gpt-5'],
    [{ model: 'gpt-5-mini' }, null],
    [{ model: 'broken' }, null],
    [{ model: 'in-house' }, 'in-house'],
    [{ model: 'claude-opus-4.6' }, 'claude-opus-4-6'],
    [{ model: 'us.anthropic.claude-opus-4-6-v1' }, 'claude-opus-4-6'],
  ])('%j → %s', (name, priceModel) => {
    expect(own(name)).toEqual({ priceModel, rule: 'override' });
  });

  test('names that every object has are names like any other', () => {
    expect(own({ model: 'constructor' })).toEqual({ priceModel: null, rule: 'unknown' });
    expect(find('toString', { provider: 'constructor' }).priceModel).toBeNull();
  });
});

describe('the name to show', () => {
  test.each([
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['claude-sonnet-4-5-20250929[1m]', 'claude-sonnet-4-5'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5'],
    ['us.anthropic.claude-opus-4-6-v1', 'claude-opus-4-6'],
    ['bedrock/converse/eu.anthropic.claude-opus-4-8', 'claude-opus-4-8'],
    ['vertex_ai/claude-opus-4-5@20251101', 'claude-opus-4-5'],
    ['openrouter/anthropic/claude-sonnet-4.5', 'claude-sonnet-4-5'],
    ['claude-4.5-sonnet', 'claude-sonnet-4-5'],
    ['claude-4-sonnet-20250514', 'claude-sonnet-4'],
    ['claude-3.5-sonnet', 'claude-3-5-sonnet'],
    ['claude-3-opus-20240229', 'claude-3-opus'],
    ['Claude Sonnet 4.5', 'claude-sonnet-4-5'],
    ['gpt-5-codex', 'gpt-5-codex'],
    ['gpt-5.1-codex-max', 'gpt-5.1-codex-max'],
    ['gpt-5-2025-08-07', 'gpt-5'],
    ['openai/gpt-5.5', 'gpt-5.5'],
    ['models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['z-ai/glm-4.6:free', 'glm-4.6'],
    ['MiniMax-M2', 'MiniMax-M2'],
    ['deepseek-v3', 'deepseek-v3'],
    ['gpt-oss:20b', 'gpt-oss:20b'],
    ['in-house/model', 'in-house/model'],
  ])('%s → %s', (raw, shown) => {
    expect(canonicalModelName(raw)).toBe(shown);
  });

  test.each(['<synthetic>', '', null, undefined])('%s → none', (raw) => {
    expect(canonicalModelName(raw)).toBeNull();
  });

  test('is stable: shown again it stays', () => {
    for (const { model } of seed.rows) {
      const shown = canonicalModelName(model);
      expect(canonicalModelName(shown)).toBe(shown);
    }
  });
});
