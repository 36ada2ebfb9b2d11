import { expect, test } from 'vitest';
import { bareId, leastId, shortId } from '../../src/render/short-id.ts';

const UUID = '0f469ab8-bece-4a11-9ad2-70c1a8d2cbb1';

test('a short id is the beginning of its id, a bare one of the agent’s own', () => {
  expect(shortId(`claude-code:${UUID}`)).toBe('claude-code:0f469ab8-bece');
  expect(bareId(`claude-code:${UUID}`)).toBe('0f469ab8-bece');
  expect(bareId('opencode:ses_test1')).toBe('ses_test1');
});

test('a UUID that begins with a letter is no agent', () => {
  expect(bareId('ef958aa1-0e93-49f0-bb71-150f63befcd1:a52886dc')).toBe(
    'ef958aa1-0e93-49f0-bb71-150f63befcd1:a52886dc',
  );
});

test.each([
  [`claude-code:${UUID}`, `claude-code:${UUID}`.length],
  ['claude-code:0f469ab8-bece', 'claude-code:0f469ab8-bece'.length],
  ['0f469ab8-bece', 13],
  [`${UUID}:a52886dc`, 14],
  [`claude-code:${UUID}:a52886dc`, 'claude-code:0f469ab8-bece…'.length],
  ['opencode:ses_test1', 'opencode:ses_test1'.length],
])('of %s, %i columns can be pasted', (id, least) => {
  expect(leastId(id)).toBe(least);
});
