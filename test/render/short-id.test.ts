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

const LONG = `claude-code:${UUID}`;

test.each([
  [LONG, LONG, LONG.length],
  [shortId(LONG), LONG, shortId(LONG).length],
  [bareId(LONG), LONG, 13],
  [`${LONG}:a52886dc`, `${LONG}:a52886dc`, 'claude-code:0f469ab8-bece…'.length],
  [`${UUID}:a52886dc`, `${LONG}:a52886dc`, 14],
  ['parent:task-agent-12', 'claude-code:parent:task-agent-12', 14],
  ['opencode:ses_test1', 'opencode:ses_test1', 'opencode:ses_test1'.length],
])('of %s for %s, %i columns can be pasted', (text, id, least) => {
  expect(leastId(text, id)).toBe(least);
});
