/** Amp: whose a file is, where threads are, and a thread that is written anew. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { amp } from '../../adapters/amp/adapter.ts';
import { adapters } from '../../adapters/index.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { load, rowsOf, temporaryFolder, withHome } from './load.ts';

function write(path: string, value: unknown): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
  return path;
}

const isOurs = (name: string, value: unknown): boolean =>
  recogniseFile(write(join(temporaryFolder(), name), value), adapters)?.adapter.id === 'amp';

const words = { role: 'user', content: [{ type: 'text', text: 'go' }] };

describe('whose a file is', () => {
  test.each([
    ['the id of a thread', 'x.json', { id: 'T-1', created: 1, messages: [] }],
    ['numbers of messages', 'x.json', { id: 'one', messages: [{ ...words, messageId: 0 }] }],
    ['a ledger', 'x.json', { id: 'one', messages: [], usageLedger: { events: [] } }],
    ['its folder and its messages', 'amp/x.json', { id: 'one', messages: [{ role: 'user', text: 'go' }] }],
    ['its beginning alone', 'x.json', { id: 'T-1', env: { initial: { trees: [] } } }],
  ])('by %s', (_, name, value) => {
    expect(isOurs(name, value)).toBe(true);
  });

  test.each([
    ['a conversation', 'x.json', { id: 'one', messages: [words] }],
    [
      'a conversation with another role',
      'amp/x.json',
      { id: 'one', messages: [{ role: 'system', content: 'x' }] },
    ],
    ['settings', 'amp/x.json', { id: 'one' }],
    ['a list', 'amp/x.json', [words]],
  ])('not %s', (_, name, value) => {
    expect(isOurs(name, value)).toBe(false);
  });
});

test('threads are in the data folder, and in the editors of early versions', () => {
  const places = (env: Readonly<Record<string, string>>): readonly string[] =>
    amp.places({ home: '/home/dev', cwd: '/', env, platform: 'linux' }).map(({ path }) => path);
  expect(places({})[0]).toBe('/home/dev/.local/share/amp/threads');
  expect(places({ XDG_DATA_HOME: '/x' })[0]).toBe('/x/amp/threads');
  expect(places({ AMP_DATA_DIR: '/a' })[0]).toBe('/a/threads');
  expect(places({})).toContain('/home/dev/.config/Code/User/globalStorage/sourcegraph.amp/threads3');
});

test('a thread that is written anew counts as it stands at last', async () => {
  const home = temporaryFolder();
  const path = join(home, '.local/share/amp/threads/T-1.json');
  const answer = (messageId: number, outputTokens: number): object => ({
    role: 'assistant',
    messageId,
    content: [],
    usage: { model: 'm', inputTokens: 1, outputTokens, timestamp: '2026-05-13T03:00:02.000Z' },
  });
  write(path, { id: 'T-1', created: 1778641200000, messages: [words, answer(1, 5)] });
  await withHome(home, async (connection) => {
    write(path, { id: 'T-1', created: 1778641200000, messages: [words, answer(1, 7), answer(2, 9)] });
    await load(connection, home);
    expect(await rowsOf(connection, 'select output_tokens from v1.llm_calls order by all')).toEqual([
      { output_tokens: 7 },
      { output_tokens: 9 },
    ]);
    expect(await rowsOf(connection, 'select cache_read_tokens, turn_count from v1.sessions')).toEqual([
      { cache_read_tokens: null, turn_count: 1 },
    ]);
  });
});
