import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aider } from '../../adapters/aider/adapter.ts';
import { connect } from '../../src/warehouse/connection.ts';
import {
  type Dump,
  differences,
  dump,
  load,
  ROOT,
  rowsOf,
  temporaryFolder,
  withLoads,
  withoutSources,
} from './load.ts';

const CHAT = readFileSync(join(ROOT, 'adapters/aider/samples/minimal/input/.aider.chat.history.md'), 'utf8');
/** The local time of the history's header, in seconds. */
const STARTED = new Date('2026-05-06T09:00:00').getTime() / 1000;

const event = (name: string, time: number, properties: object = {}): string =>
  `${JSON.stringify({ event: name, properties: { aider_version: '0.86.1', ...properties }, user_id: 'u', time })}\n`;

const sent = (time: number, prompt_tokens: number, completion_tokens: number, cost: number): string =>
  event('message_send', time, {
    main_model: 'openai/REDACTED',
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    cost,
    total_cost: cost,
  });

const written = (name: string, text: string): string => {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
};

const CALLS = `select model_raw, uncached_input_tokens as input, output_tokens as output, granularity, is_output_incomplete,
  cast(reported_cost_usd as double) as usd from v1.llm_calls order by input desc`;
const call = (model_raw: string, input: number, output: number, usd: number, granularity = 'call') => ({
  model_raw,
  input,
  output,
  granularity,
  is_output_incomplete: false,
  usd,
});

test('what follows a report belongs to its call', async () => {
  const path = written('h.md', CHAT);
  await withLoads(temporaryFolder(), [[path]], async (connection) => {
    expect(
      await rowsOf(
        connection,
        'select t.tool_name, c.output_tokens as output from v1.tool_calls t join v1.llm_calls c using (llm_call_id) order by 1',
      ),
    ).toEqual([
      { tool_name: 'edit', output: 305 },
      { tool_name: 'git_commit', output: 305 },
    ]);
  });
});

describe('analytics log', () => {
  test('alone: a session for each run, exact figures', async () => {
    const log = written(
      'log.jsonl',
      event('launched', STARTED) +
        event('cli session', STARTED + 1) +
        sent(STARTED + 10, 2413, 305, 0.0090825) +
        'no event\n' +
        event('exit', STARTED + 20) +
        event('launched', STARTED) +
        event('message_send_exception', STARTED + 30, { exception: 'litellm.RateLimitError: slow down' }),
    );
    await withLoads(temporaryFolder(), [[log]], async (connection) => {
      expect(await rowsOf(connection, CALLS)).toEqual([call('openai/REDACTED', 2413, 305, 0.0090825)]);
      expect(await rowsOf(connection, 'select llm_call_count as n from v1.sessions order by n')).toEqual([
        { n: 0 },
        { n: 1 },
      ]);
      expect(await rowsOf(connection, 'select error_kind from v1.api_errors')).toEqual([
        { error_kind: 'rate_limit' },
      ]);
      expect(await rowsOf(connection, 'select line_number from v1.rejects')).toEqual([{ line_number: 4 }]);
    });
  });

  test('beside the history of the same session each call counts once, with the exact figures, in any order', async () => {
    const chat = written('.aider.chat.history.md', CHAT);
    const log = written(
      'log.jsonl',
      event('launched', STARTED + 2) + sent(STARTED + 10, 2413, 305, 0.0090825),
    );
    const dumps: Dump[] = [];
    for (const loads of [[[chat, log]], [[chat], [log]], [[log], [chat]], [[log], [chat], [log, chat]]]) {
      await withLoads(temporaryFolder(), loads, async (connection) => {
        expect(await rowsOf(connection, CALLS)).toEqual([
          call('openai/REDACTED', 2413, 305, 0.0090825),
          call('gpt-4o', 900, 10, 0.0024, 'rounded'),
        ]);
        expect(
          await rowsOf(connection, 'select turn_count, tool_call_count, llm_call_count from v1.sessions'),
        ).toEqual([{ turn_count: 2, tool_call_count: 2, llm_call_count: 2 }]);
        dumps.push(await dump(connection));
      });
    }
    for (const other of dumps.slice(1)) expect(differences(dumps[0] ?? {}, other)).toEqual([]);
  });

  test('of another time is another session', async () => {
    const chat = written('.aider.chat.history.md', CHAT);
    const log = written(
      'log.jsonl',
      event('launched', STARTED + 60) + sent(STARTED + 70, 2413, 305, 0.0090825),
    );
    await withLoads(temporaryFolder(), [[chat], [log]], async (connection) => {
      expect(await rowsOf(connection, CALLS)).toHaveLength(3);
      expect(await rowsOf(connection, 'select 1 from v1.sessions')).toHaveLength(2);
    });
  });
});

describe('growing', () => {
  const second = CHAT.replace('09:00:00', '11:00:00').replaceAll('2.4k', '5.1k');
  const log =
    event('launched', STARTED) +
    sent(STARTED + 9, 10, 1, 0.1) +
    event('launched', STARTED + 99) +
    sent(STARTED + 100, 20, 2, 0.2);
  const llm =
    'TO LLM 2026-05-06T09:00:05\n-------\nUSER hello\nLLM RESPONSE 2026-05-06T09:00:08\nASSISTANT hi\nTO LLM 2026-05-06T09:01:00\nUSER bye\n';
  test.each([
    ['chat history', 'h.md', `${CHAT}${second}`],
    ['analytics log', 'a.jsonl', log],
    ['LLM history', 'llm.history', llm],
  ])('%s, cut anywhere, ends as if read at once', async (_, name, text) => {
    const path = written(name, text);
    const whole = await withLoads(temporaryFolder(), [[path]], dump);
    for (const cut of [0.45, 0.9].map((part) => Math.round(text.length * part))) {
      const connection = await connect(join(temporaryFolder(), 'w.duckdb'));
      try {
        writeFileSync(path, text.slice(0, cut));
        await load(connection, temporaryFolder(), [path]);
        appendFileSync(path, text.slice(cut));
        await load(connection, temporaryFolder(), [path]);
        expect(
          differences(withoutSources(whole), withoutSources(await dump(connection))),
          `cut at ${cut}`,
        ).toEqual([]);
      } finally {
        connection.close();
      }
    }
  });

  test('a history that was rewritten leaves nothing behind', async () => {
    const path = written('h.md', `${CHAT}${second}`);
    const connection = await connect(join(temporaryFolder(), 'w.duckdb'));
    try {
      await load(connection, temporaryFolder(), [path]);
      writeFileSync(path, second);
      await load(connection, temporaryFolder(), [path]);
      expect(
        await rowsOf(connection, 'select uncached_input_tokens as n from v1.llm_calls order by n'),
      ).toEqual([{ n: 900 }, { n: 5100 }]);
      expect(await rowsOf(connection, 'select turn_count from v1.sessions')).toEqual([{ turn_count: 2 }]);
    } finally {
      connection.close();
    }
  });
});

test('a copy under another name holds the same session', async () => {
  const path = written('.aider.chat.history.md', CHAT);
  const copy = join(temporaryFolder(), 'renamed.md');
  copyFileSync(path, copy);
  await withLoads(temporaryFolder(), [[copy], [path]], async (connection) => {
    expect(
      await rowsOf(connection, 'select turn_count, llm_call_count, tool_call_count from v1.sessions'),
    ).toEqual([{ turn_count: 2, llm_call_count: 2, tool_call_count: 2 }]);
  });
});

test('an LLM history tells when requests and responses were written, and no usage', async () => {
  const path = written(
    'llm.history',
    'TO LLM 2026-05-06T09:00:05\nUSER hello\nLLM RESPONSE 2026-05-06T09:00:08\nASSISTANT hi\n',
  );
  await withLoads(temporaryFolder(), [[path]], async (connection) => {
    expect(
      await rowsOf(connection, 'select event_type, text_bytes from v1.events order by occurred_at'),
    ).toEqual([
      { event_type: 'user_injected', text_bytes: 11 },
      { event_type: 'assistant', text_bytes: 13 },
    ]);
    expect(await rowsOf(connection, 'select active_ms, llm_call_count from v1.sessions')).toEqual([
      { active_ms: 3000, llm_call_count: 0 },
    ]);
  });
});

test('the header has the local time of the machine, and the project is the folder', async () => {
  const path = written('.aider.chat.history.md', CHAT);
  await withLoads(temporaryFolder(), [[path]], async (connection) => {
    expect(await rowsOf(connection, 'select epoch(started_at)::bigint as at, cwd from v1.sessions')).toEqual([
      { at: STARTED, cwd: path.replace('/.aider.chat.history.md', '') },
    ]);
  });
});

describe('places', () => {
  const paths = (surroundings: Parameters<typeof aider.places>[0]): readonly string[] =>
    aider.places(surroundings).map(({ path }) => path);
  test('the folder and those it lies in, up to the home', () => {
    expect(paths({ home: '/home/dev', env: {}, platform: 'linux', cwd: '/home/dev/a/b' })).toEqual([
      '/home/dev/a/b/.aider.chat.history.md',
      '/home/dev/a/.aider.chat.history.md',
      '/home/dev/.aider.chat.history.md',
      '/home/dev/a/b/.aider.llm.history',
      '/home/dev/.aider/analytics.jsonl',
    ]);
  });
  test('where the environment says', () => {
    const env = { AIDER_CHAT_HISTORY_FILE: '~/h.md', AIDER_ANALYTICS_LOG: '/x/log.jsonl' };
    expect(paths({ home: '/home/dev', env, platform: 'darwin', cwd: '/home/dev' }).slice(0, 2)).toEqual([
      '/home/dev/h.md',
      '/x/log.jsonl',
    ]);
  });
  test('on Windows', () => {
    const cwd = 'C:\\Users\\dev\\a';
    expect(paths({ home: 'C:\\Users\\dev', env: {}, platform: 'win32', cwd })).toEqual([
      'C:\\Users\\dev\\a\\.aider.chat.history.md',
      'C:\\Users\\dev\\.aider.chat.history.md',
      'C:\\Users\\dev\\a\\.aider.llm.history',
      'C:\\Users\\dev\\.aider\\analytics.jsonl',
    ]);
  });
});

test('is told by content', () => {
  const form = (text: string): string | undefined =>
    aider.recognise({ text, path: '/x/any', tables: () => undefined });
  expect(form(CHAT)).toBe('chat');
  expect(form('#### hi  \n\nHello.\n\n> Tokens: 2.4k sent, 3 received.  \n')).toBe('chat');
  expect(form(event('launched', 1))).toBe('analytics');
  expect(form('TO LLM 2026-05-06T09:00:05\nUSER hello\n')).toBe('llm');
  expect(form(`# Formats\n\n\`\`\`markdown\n${CHAT}\`\`\`\n`)).toBeUndefined();
  expect(form('# aider chat started at noon\n')).toBeUndefined();
  expect(form('{"event":"launched","properties":{},"time":1}\n')).toBeUndefined();
});

test('times without a zone are of the zone that TZ names, also on the days when clocks change', async () => {
  const before = process.env.TZ;
  const header = (time: string): string => `\n# aider chat started at ${time}\n\n#### ask ${time}\n\nDone.\n`;
  const times = ['2026-03-29 01:30:00', '2026-03-29 02:30:00', '2026-10-25 02:30:00', '2026-10-25 03:30:00'];
  const path = written('.aider.chat.history.md', times.map(header).join(''));
  const startedAt = async (zone: string): Promise<unknown> => {
    process.env.TZ = zone;
    return withLoads(temporaryFolder(), [[path]], (connection) =>
      rowsOf(
        connection,
        "select strftime(started_at at time zone 'UTC', '%m-%d %H:%M') as at from v1.sessions order by started_at",
      ),
    );
  };
  try {
    // Half past two was skipped in March; in October it came twice, and the first is meant.
    expect(await startedAt('Europe/Berlin')).toEqual(
      ['03-29 00:30', '03-29 01:30', '10-25 00:30', '10-25 02:30'].map((at) => ({ at })),
    );
    expect(await startedAt('Asia/Tokyo')).toEqual(
      ['03-28 16:30', '03-28 17:30', '10-24 17:30', '10-24 18:30'].map((at) => ({ at })),
    );
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});
