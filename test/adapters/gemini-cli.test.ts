/** Gemini CLI: what stands outside its folder, places, and whose a file is. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { copySample, load, ROOT, rowsOf, temporaryFolder, withHome, withLoads } from './load.ts';

const SESSION = '77777777-0000-4000-8000-000000000007';

const HEADER = {
  sessionId: SESSION,
  projectHash: 'p',
  startTime: '2026-05-04T10:00:00.000Z',
  lastUpdated: '2026-05-04T10:00:00.000Z',
};
const PROMPT = { id: 'u1', timestamp: '2026-05-04T10:00:01.000Z', type: 'user', content: 'hello' };
const ANSWER = {
  id: 'g1',
  timestamp: '2026-05-04T10:00:05.000Z',
  type: 'gemini',
  content: 'hi',
  model: 'gemini-2.5-pro',
  tokens: { input: 100, output: 10, cached: 40, thoughts: 5, tool: 0, total: 115 },
};
const STREAM = [
  { type: 'init', timestamp: '2026-05-04T10:00:00.000Z', session_id: SESSION, model: 'gemini-2.5-pro' },
  { type: 'message', timestamp: '2026-05-04T10:00:01.000Z', role: 'user', content: 'hello' },
  {
    type: 'tool_use',
    timestamp: '2026-05-04T10:00:03.000Z',
    tool_name: 'run_shell_command',
    tool_id: 't1',
    parameters: { command: 'ls' },
  },
  {
    type: 'tool_result',
    timestamp: '2026-05-04T10:00:04.000Z',
    tool_id: 't1',
    status: 'error',
    error: { type: 'SHELL', message: 'no shell' },
  },
  {
    type: 'message',
    timestamp: '2026-05-04T10:00:05.000Z',
    role: 'assistant',
    content: 'hi',
    delta: true,
  },
  {
    type: 'result',
    timestamp: '2026-05-04T10:00:06.000Z',
    status: 'success',
    stats: {
      total_tokens: 330,
      input_tokens: 300,
      output_tokens: 20,
      cached: 100,
      input: 200,
      duration_ms: 6000,
      tool_calls: 1,
      models: {
        'gemini-2.5-pro': {
          total_tokens: 220,
          input_tokens: 200,
          output_tokens: 12,
          cached: 100,
          input: 100,
        },
        'gemini-2.5-flash': { total_tokens: 110, input_tokens: 100, output_tokens: 8, cached: 0, input: 100 },
      },
    },
  },
];
const RESULT = {
  session_id: SESSION,
  response: 'hi',
  stats: {
    models: {
      'gemini-2.5-pro': {
        api: { totalRequests: 3, totalErrors: 1, totalLatencyMs: 4000 },
        tokens: { prompt: 200, candidates: 12, total: 220, cached: 100, thoughts: 8, tool: 0 },
      },
    },
    tools: { totalCalls: 0, totalDecisions: {}, byName: {} },
    files: { totalLinesAdded: 0, totalLinesRemoved: 0 },
  },
};

const lines = (records: readonly unknown[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

function written(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const USAGE = `select model_raw as model, uncached_input_tokens as input, cache_read_tokens as read, output_tokens as output,
    reasoning_tokens as reasoning, granularity, api_call_count as calls
from v1.llm_calls order by all`;

describe('a headless run', () => {
  test('counts by its sums where it is all there is', async () => {
    const folder = temporaryFolder();
    const path = written(folder, 'run.log', lines(STREAM));
    await withLoads(folder, [[path], [path]], async (connection) => {
      const sum = { granularity: 'session', calls: null, reasoning: null };
      expect(await rowsOf(connection, USAGE)).toEqual([
        { model: 'gemini-2.5-flash', input: 100, read: 0, output: 10, ...sum },
        { model: 'gemini-2.5-pro', input: 100, read: 100, output: 20, ...sum },
      ]);
      expect(
        await rowsOf(
          connection,
          'select tool_name, status, command, duration_ms, error_text from v1.tool_calls',
        ),
      ).toEqual([
        {
          tool_name: 'run_shell_command',
          status: 'failed',
          command: 'ls',
          duration_ms: 1000,
          error_text: 'no shell',
        },
      ]);
      expect(await rowsOf(connection, 'select native_session_id, turn_count from v1.sessions')).toEqual([
        { native_session_id: SESSION, turn_count: 1 },
      ]);
    });
  });

  test('is known by what it printed where it names no session: not by the name of the file', async () => {
    const folder = temporaryFolder();
    const { session_id: _, ...unnamed } = RESULT;
    const text = JSON.stringify(unnamed);
    const other = JSON.parse(text.replace('"prompt":200', '"prompt":300'));
    const paths = [
      written(folder, 'a/result.json', text),
      written(folder, 'b/result.json', JSON.stringify(other)),
      written(folder, 'b/copy.json', JSON.stringify(other)),
    ];
    const idsOf = (loads: readonly (readonly string[])[]) =>
      withLoads(folder, loads, (connection) =>
        rowsOf(connection, 'select session_id, llm_call_count from v1.sessions order by session_id'),
      );
    const sessions = await idsOf([paths]);
    expect(sessions.map(({ llm_call_count }) => llm_call_count)).toEqual([1, 1]);
    expect(await idsOf(paths.toReversed().map((path) => [path]))).toEqual(sessions);
  });

  test('tells thoughts and the number of calls in its one document', async () => {
    const folder = temporaryFolder();
    const path = written(folder, 'out.json', JSON.stringify(RESULT, null, 2));
    await withLoads(folder, [[path]], async (connection) => {
      expect(await rowsOf(connection, USAGE)).toEqual([
        {
          model: 'gemini-2.5-pro',
          input: 100,
          read: 100,
          output: 20,
          reasoning: 8,
          granularity: 'session',
          calls: 2,
        },
      ]);
    });
  });

  test.each([
    ['before', 'a.log', 'z.jsonl'],
    ['after', 'z.log', 'a.jsonl'],
  ])('gives way to the session itself, loaded %s it', async (_, stream, session) => {
    const folder = temporaryFolder();
    const paths = [
      written(folder, stream, lines(STREAM)),
      written(folder, session, lines([HEADER, PROMPT, ANSWER])),
    ].sort();
    await withLoads(
      folder,
      paths.map((path) => [path]),
      async (connection) => {
        expect(await rowsOf(connection, USAGE)).toEqual([
          {
            model: 'gemini-2.5-pro',
            input: 60,
            read: 40,
            output: 15,
            reasoning: 5,
            granularity: 'call',
            calls: 1,
          },
        ]);
        expect(await rowsOf(connection, 'select turn_number, prompt_bytes from v1.turns')).toEqual([
          { turn_number: 1, prompt_bytes: 5 },
        ]);
      },
    );
  });
});

test('a session that grows says the same as one read whole', async () => {
  const home = temporaryFolder();
  const path = written(home, '.gemini/tmp/p/chats/session-2026-05-04T10-00-77777777.jsonl', lines([HEADER]));
  await withHome(home, async (connection) => {
    expect(await rowsOf(connection, 'select session_id from v1.sessions')).toEqual([]);
    for (const records of [[PROMPT, { ...ANSWER, tokens: null }], [ANSWER]]) {
      appendFileSync(path, lines(records));
      await load(connection, home);
    }
    const facts = `select started_at, ended_at, llm_call_count, turn_count, output_tokens from v1.sessions`;
    const grown = await rowsOf(connection, facts);
    expect(grown).toEqual([
      {
        started_at: '2026-05-04T10:00:00.000Z',
        ended_at: '2026-05-04T10:00:05.000Z',
        llm_call_count: 1,
        turn_count: 1,
        output_tokens: 15,
      },
    ]);
    await withHome(home, async (whole) => expect(await rowsOf(whole, facts)).toEqual(grown));
  });
});

describe('recognition', () => {
  const formOf = (name: string, text: string): string | undefined => {
    const found = recogniseFile(written(temporaryFolder(), name, text), adapters);
    return found === undefined ? undefined : `${found.adapter.id}/${found.form}`;
  };

  test.each([
    ['a session', 'x.log', lines([HEADER, PROMPT]), 'gemini-cli/jsonl'],
    ['a session without its first line', 'x', lines([PROMPT, ANSWER]), 'gemini-cli/jsonl'],
    ['a document', 'x.txt', JSON.stringify({ ...HEADER, messages: [PROMPT] }, null, 2), 'gemini-cli/json'],
    ['a stream', 'x.json', lines(STREAM), 'gemini-cli/stream'],
    ['a result', 'x.json', JSON.stringify(RESULT), 'gemini-cli/result'],
  ])('knows %s', (_, name, text, form) => {
    expect(formOf(name, text)).toBe(form);
  });

  test.each([
    ['prompts without an answer', lines([PROMPT, PROMPT])],
    [
      'a history of prompts',
      JSON.stringify([{ sessionId: SESSION, messageId: 0, type: 'user', message: 'x' }]),
    ],
    ['a registry of projects', '{"projects":{"/home/dev/p":"p"}}'],
    ['a document of another kind', JSON.stringify({ sessionId: SESSION, messages: [PROMPT] })],
    [
      'the result of another agent',
      lines([{ type: 'result', subtype: 'success', session_id: SESSION, usage: {} }]),
    ],
  ])('leaves %s alone', (_, text) => {
    expect(formOf('x.json', text)?.startsWith('gemini-cli/') ?? false).toBe(false);
  });
});

test('looks where the home was moved to', () => {
  const agent = adapters.find(({ id }) => id === 'gemini-cli');
  const at = (platform: NodeJS.Platform, home: string, env: Record<string, string> = {}): unknown =>
    agent?.places({ home, env, platform, cwd: home }).map(({ path }) => path);
  expect(at('linux', '/home/dev')).toEqual(['/home/dev/.gemini/tmp']);
  expect(at('linux', '/home/dev', { GEMINI_CLI_HOME: '/srv/g' })).toEqual(['/srv/g/.gemini/tmp']);
  expect(at('win32', 'C:\\Users\\dev')).toEqual(['C:\\Users\\dev\\.gemini\\tmp']);
});

test('what a copied session says of itself between its messages is told once', async () => {
  const sample = join(ROOT, 'adapters/gemini-cli/samples/replaced-messages/input');
  const [folder, copy] = [temporaryFolder(), temporaryFolder()];
  copySample(sample, folder);
  copySample(sample, copy);
  const counts = (connection: Connection) =>
    rowsOf(connection, 'select event_type, count(*) as event_count from v1.events group by all order by all');
  expect(await withLoads(temporaryFolder(), [[folder], [folder, copy]], counts)).toEqual(
    await withLoads(temporaryFolder(), [[folder]], counts),
  );
});
