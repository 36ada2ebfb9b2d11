import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generic } from '../../adapters/generic/adapter.ts';
import { adapters } from '../../adapters/index.ts';
import { connect } from '../../src/warehouse/connection.ts';
import { differences, dump, load, ROOT, rowsOf, temporaryFolder, withLoads, withoutSources } from './load.ts';

const form = (text: string, path = '/x/any'): string | undefined =>
  generic.recognise({ text, path, tables: () => undefined });

const sample = (name: string): string =>
  readFileSync(
    join(ROOT, 'adapters/generic/samples', name.replace('/', '/input/.local/share/agenttrace/imports/')),
    'utf8',
  );

test('is asked last whose a file is', () => {
  expect(adapters.at(-1)).toBe(generic);
});

describe('is told by content', () => {
  test.each([
    ['minimal-openai/chat.json', 'json'],
    ['minimal-otlp/traces.jsonl', 'jsonl'],
    ['exchanges/pairs.jsonl', 'jsonl'],
    ['batch/output.jsonl', 'jsonl'],
    ['message-lines/messages.jsonl', 'jsonl'],
    ['fine-tuning/train.jsonl', 'jsonl'],
    ['message-array/chat.json', 'json'],
    ['responses-api/response.json', 'json'],
    ['responses-api/items.jsonl', 'jsonl'],
    ['anthropic/conversation.json', 'json'],
    ['anthropic/responses.jsonl', 'jsonl'],
    ['gemini/pairs.jsonl', 'jsonl'],
    ['printed-spans/python.json', 'json'],
    ['printed-spans/javascript.jsonl', 'jsonl'],
    ['event-streams/anthropic.sse', 'sse'],
    ['event-streams/openai.sse', 'sse'],
    ['role-trace/trace.jsonl', 'jsonl'],
  ])('%s', (name, expected) => {
    const text = sample(name);
    expect(form(text, `/x/${name}`)).toBe(expected);
    expect(form(text)).toBeDefined();
    // No more than the beginning of a long first line.
    if (expected !== 'sse')
      expect(form(text.trimEnd().split('\n')[0]?.slice(0, -1) ?? '')).toBe(
        text.startsWith('{\n') || text.startsWith('[\n') ? undefined : 'json',
      );
  });

  test.each([
    ['a package', '{"name":"x","version":"1.0.0","dependencies":{"messages":"^1"}}'],
    ['translations', '{"messages":{"role":"Rolle","content":"Inhalt"}}'],
    ['a list of words', '{"messages":["hello","bye"]}'],
    ['a list of mail', '{"messages":[{"id":1,"subject":"hello"}]}'],
    ['members', '[{"role":"admin","content":"x"},{"role":"user"}]'],
    ['an answer of some service', '{"request":{"id":1},"response":{"status":200,"body":{"ok":true}}}'],
    ['a poll', '{"choices":[{"text":"yes"},{"text":"no"}]}'],
    [
      'traces of something else',
      '{"traceId":"1","spanId":"2","name":"GET /","attributes":{"http.method":"GET"}}',
    ],
    ['messages of other words', '{"messages":[{"role":"user","text":"hi","tool_calls":[]}]}'],
    ['anything', '{"a":1}\n{"b":2}\n'],
    ['events of a page', 'event: tick\ndata: {"type":"tick"}\n'],
    ['nothing', ''],
    ['text', 'role user content'],
  ])('not %s', (_, text) => expect(form(text)).toBeUndefined());

  test('not what stands in this repository', () => {
    for (const path of ['package.json', 'package-lock.json', 'tsconfig.json', 'biome.json', 'README.md'])
      expect(form(readFileSync(join(ROOT, path), 'utf8').slice(0, 65_536), path)).toBeUndefined();
  });
});

describe('growing', () => {
  test.each([
    'message-lines/messages.jsonl',
    'role-trace/trace.jsonl',
    'exchanges/pairs.jsonl',
    'printed-spans/javascript.jsonl',
  ])('%s, cut within a line, ends as if read at once', async (name) => {
    const text = sample(name);
    const path = join(temporaryFolder(), 'log.jsonl');
    writeFileSync(path, text);
    const whole = withoutSources(await withLoads(temporaryFolder(), [[path]], dump));
    const cut = Math.round(text.length * 0.7);
    writeFileSync(path, text.slice(0, cut));
    const connection = await connect(join(temporaryFolder(), 'w.duckdb'));
    try {
      await load(connection, temporaryFolder(), [path]);
      appendFileSync(path, text.slice(cut));
      await load(connection, temporaryFolder(), [path]);
      const parts = withoutSources(await dump(connection));
      expect(differences(whole, parts)).toEqual([]);
    } finally {
      connection.close();
    }
  });
});

test('a span may name the conversation after those that it belongs with', async () => {
  const span = (id: string, attributes: object): string =>
    `${JSON.stringify({ traceId: 't', spanId: id, kind: 2, name: 'x', startTime: [1778554800, 0], endTime: [1778554801, 0], attributes })}\n`;
  const path = join(temporaryFolder(), 'log.jsonl');
  const tool = span('a', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'ls' });
  const call = span('b', {
    'gen_ai.operation.name': 'chat',
    'gen_ai.conversation.id': 'c',
    'gen_ai.usage.input_tokens': 1,
    'gen_ai.usage.output_tokens': 1,
  });
  const connection = await connect(join(temporaryFolder(), 'w.duckdb'));
  try {
    writeFileSync(path, tool);
    await load(connection, temporaryFolder(), [path]);
    appendFileSync(path, call);
    await load(connection, temporaryFolder(), [path]);
    expect(
      await rowsOf(connection, 'select native_session_id, tool_call_count, llm_call_count from v1.sessions'),
    ).toEqual([{ native_session_id: 'c', tool_call_count: 1, llm_call_count: 1 }]);
  } finally {
    connection.close();
  }
});

test('damage costs only itself', async () => {
  const path = join(temporaryFolder(), 'log.jsonl');
  const line = '{"role":"user","content":"hello"}\n';
  writeFileSync(path, `${line}{"role":"user","conte\n[1]\n{"a":1}\n${line}${line.slice(0, 12)}`);
  await withLoads(temporaryFolder(), [[path]], async (connection) => {
    expect(await rowsOf(connection, 'select line_number, reason from v1.rejects order by 1')).toEqual([
      { line_number: 2, reason: 'not JSON' },
      { line_number: 3, reason: 'no object' },
      { line_number: 4, reason: 'of no known form' },
    ]);
    expect(await rowsOf(connection, 'select turn_number from v1.turns')).toHaveLength(2);
  });
});

describe('the folder of imports', () => {
  const place = (platform: NodeJS.Platform, env = {}, home = '/home/dev'): string | undefined =>
    generic.places({ home, env, platform, cwd: home })[0]?.path;
  test('is in the data folder of the platform', () => {
    expect(place('linux')).toBe('/home/dev/.local/share/agenttrace/imports');
    expect(place('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/agenttrace/imports');
    expect(place('darwin')).toBe('/home/dev/Library/Application Support/agenttrace/imports');
    expect(place('win32', {}, 'C:\\Users\\dev')).toBe('C:\\Users\\dev\\AppData\\Local\\agenttrace\\imports');
  });
});
