/** Qwen Code: places, growth, and whose a file is. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import { differences, dump, load, temporaryFolder, withHome } from './load.ts';

const uuid = (number: number): string => `0000000${number}-0000-4000-8000-000000000000`;

const record = (number: number, type: string, parts: readonly unknown[], rest: object = {}): object => ({
  uuid: uuid(number),
  parentUuid: number === 1 ? null : uuid(number - 1),
  sessionId: 'qs-1',
  timestamp: `2026-05-04T07:00:0${number}.000Z`,
  type,
  cwd: '/home/dev/proj',
  version: '0.15.10',
  message: { role: type === 'assistant' ? 'model' : 'user', parts },
  ...rest,
});

const RECORDS = [
  record(1, 'user', [{ text: 'hi' }]),
  record(2, 'assistant', [{ functionCall: { id: 'c', name: 'glob', args: { pattern: '*' } } }], {
    model: 'qwen3-coder-plus',
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 10, totalTokenCount: 110 },
  }),
  record(3, 'tool_result', [{ functionResponse: { id: 'c', name: 'glob', response: { output: 'a' } } }], {
    toolCallResult: { callId: 'c', status: 'success' },
  }),
  record(4, 'assistant', [{ text: 'ok' }], {
    model: 'qwen3-coder-plus',
    usageMetadata: { promptTokenCount: 120, candidatesTokenCount: 5, totalTokenCount: 125 },
  }),
];

const lines = (records: readonly unknown[]): string =>
  records.map((value) => `${JSON.stringify(value)}\n`).join('');

function written(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

test('a session read line by line says the same as one read whole', async () => {
  const home = temporaryFolder();
  const path = written(home, '.qwen/projects/-home-dev-proj/chats/qs-1.jsonl', '');
  await withHome(home, async (grown) => {
    for (const line of RECORDS) {
      appendFileSync(path, lines([line]));
      await load(grown, home);
    }
    await withHome(home, async (whole) =>
      expect(differences(await dump(whole), await dump(grown))).toEqual([]),
    );
  });
});

describe('recognition', () => {
  const formOf = (text: string): string | undefined => {
    const found = recogniseFile(written(temporaryFolder(), 'x.log', text), adapters);
    return found === undefined ? undefined : `${found.adapter.id}/${found.form}`;
  };
  const document = (type: string): string =>
    JSON.stringify(
      {
        sessionId: 's',
        projectHash: 'p',
        startTime: '2025-10-04T07:00:00.000Z',
        lastUpdated: '2025-10-04T07:00:00.000Z',
        messages: [{ id: 'a', timestamp: '2025-10-04T07:00:00.000Z', type, content: 'x' }],
      },
      null,
      2,
    );

  test.each([
    ['a session', lines(RECORDS), 'qwen-code/jsonl'],
    ['a session cut at the top', lines(RECORDS.slice(2)), 'qwen-code/jsonl'],
    ['a session of the first versions', document('qwen'), 'qwen-code/json'],
    ['what Gemini CLI wrote in the same form', document('gemini'), 'gemini-cli/json'],
  ])('knows %s', (_, text, form) => {
    expect(formOf(text)).toBe(form);
  });

  test('knows the first form by its folder, where only a person spoke', () => {
    const path = written(temporaryFolder(), '.qwen/tmp/0a/chats/session-x.json', document('user'));
    expect(recogniseFile(path, adapters)?.adapter.id).toBe('qwen-code');
  });

  test('leaves the like of it alone', () => {
    const stranger = { ...RECORDS[0], message: { role: 'user', content: 'hi' } };
    expect(formOf(lines([stranger]))?.startsWith('qwen-code/') ?? false).toBe(false);
  });
});

test('looks where its folders were moved to, and in the old place', () => {
  const agent = adapters.find(({ id }) => id === 'qwen-code');
  const at = (env: Record<string, string>): unknown =>
    agent
      ?.places({ home: '/home/dev', env, platform: 'linux', cwd: '/home/dev/proj' })
      .map(({ path }) => path)
      .filter((path) => path.endsWith('/projects'));
  expect(at({})).toEqual(['/home/dev/.qwen/projects']);
  expect(at({ QWEN_RUNTIME_DIR: '~/run', QWEN_HOME: 'here' })).toEqual([
    '/home/dev/run/projects',
    '/home/dev/proj/here/projects',
    '/home/dev/.qwen/projects',
  ]);
});
