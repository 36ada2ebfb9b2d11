/** Whose a session of pi's format is, and where each of the family keeps them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { omp } from '../../adapters/omp/adapter.ts';
import { openclaw } from '../../adapters/openclaw/adapter.ts';
import { pi } from '../../adapters/pi/adapter.ts';
import type { Adapter, Surroundings } from '../../src/model/adapter.ts';
import { connect } from '../../src/warehouse/connection.ts';
import {
  copySample,
  differences,
  dump,
  filesBelow,
  load,
  ROOT,
  temporaryFolder,
  withHome,
  withLoads,
  withoutSources,
} from './load.ts';

const FAMILY = [pi, omp, openclaw];

/** Of the family, who claims a file with these lines. */
function claimants(
  lines: readonly unknown[] | string,
  path = '/home/dev/kept/session.jsonl',
): readonly string[] {
  const text =
    typeof lines === 'string' ? lines : `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
  const head = { text, path, tables: () => undefined };
  return FAMILY.filter((adapter) => adapter.recognise(head) !== undefined).map(({ id }) => id);
}

const header = {
  type: 'session',
  version: 3,
  id: 's1',
  timestamp: '2026-05-10T04:00:00.000Z',
  cwd: '/home/dev/proj',
};
const answer = {
  type: 'message',
  id: 'a1',
  message: {
    role: 'assistant',
    content: [{ type: 'toolCall', id: 'c1', name: 'bash', arguments: {} }],
    api: 'x',
    provider: 'anthropic',
    usage: { input: 1, output: 1 },
  },
};

describe('a session anywhere', () => {
  test.each([
    ['a header alone', [header], ['pi']],
    ['an answer without a header', [answer], ['pi']],
    [
      'a result without a header',
      [{ type: 'message', message: { role: 'toolResult', toolCallId: 'c1', isError: false } }],
      ['pi'],
    ],
    ['a line that holds a title', [{ type: 'title', v: 1, title: 'x', pad: '   ' }, header], ['omp']],
    ['a header with a title', [{ ...header, titleSource: 'auto' }], ['omp']],
    ['a call outside the conversation', [header, { type: 'model_usage', purpose: 'title' }], ['omp']],
    ['a subagent', [header, { type: 'session_init', task: 'look' }], ['omp']],
    ['a model in one word', [header, { type: 'model_change', model: 'openai/gpt-5.5' }], ['omp']],
    ['a model in two', [header, { type: 'model_change', provider: 'openai', modelId: 'gpt-5.5' }], ['pi']],
    ['a snapshot of the model', [header, { type: 'custom', customType: 'model-snapshot' }], ['openclaw']],
    ['a workspace', [{ ...header, cwd: '/home/dev/.openclaw/workspace' }], ['openclaw']],
    [
      'a mirror',
      [header, { type: 'message', message: { role: 'assistant', provider: 'openclaw', api: 'x' } }],
      ['openclaw'],
    ],
    [
      'a result of exec',
      [
        header,
        {
          type: 'message',
          message: { role: 'toolResult', toolName: 'exec', toolCallId: 'c', isError: false },
        },
      ],
      ['openclaw'],
    ],
    ['only a prompt', [{ type: 'message', message: { role: 'user', content: 'hi' } }], []],
    ["another agent's header", [{ type: 'session', id: 's1' }], []],
    [
      "another agent's message",
      [
        {
          type: 'message',
          id: '1',
          timestamp: 't',
          parentId: null,
          message: { role: 'assistant', content: [] },
        },
      ],
      [],
    ],
    ['no JSON', 'type: session', []],
  ])('%s', (_, lines, expected) => {
    expect(claimants(lines)).toEqual(expected);
  });

  test.each([
    ['/home/dev/.omp/agent/sessions/-proj/a.jsonl', 'omp'],
    ['/home/dev/.openclaw/agents/main/sessions/a.jsonl', 'openclaw'],
    ['/backup/agents/main/sessions/a.jsonl', 'openclaw'],
    ['/backup/a.jsonl.reset.2026-05-09T05-00-08.000Z', 'openclaw'],
    ['/home/dev/.pi/agent/sessions/--proj--/a.jsonl', 'pi'],
  ])('where the content is common to all: %s', (path, expected) => {
    expect(claimants([header, answer], path)).toEqual([expected]);
  });

  test('that is not of the family is left to its own', () => {
    const strangers = adapters.filter((adapter) => !FAMILY.includes(adapter));
    const claimed = strangers.flatMap(({ id }) =>
      filesBelow(join(ROOT, 'adapters', id, 'samples'))
        .filter((path) => path.includes('/input/') && !/\.(?:zst|sql)$/.test(path))
        .filter((path) => claimants(readFileSync(path, 'utf8').slice(0, 65_536), path).length > 0),
    );
    expect(claimed).toEqual([]);
  });

  test('is told apart in every sample', () => {
    const wrong = FAMILY.flatMap(({ id }) =>
      readdirSync(join(ROOT, 'adapters', id, 'samples')).flatMap((name) =>
        filesBelow(join(ROOT, 'adapters', id, 'samples', name, 'input'))
          .filter((path) => path.endsWith('.jsonl') && !path.includes('trajectory'))
          .map((path) => [path, claimants(readFileSync(path, 'utf8'), path)] as const)
          .filter(([, ids]) => ids.join() !== id),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe('places', () => {
  const paths = (
    adapter: Adapter,
    { env = {}, platform = 'linux' as NodeJS.Platform }: Partial<Surroundings> = {},
  ) =>
    adapter
      .places({ home: platform === 'win32' ? 'C:\\Users\\dev' : '/home/dev', env, platform, cwd: '/' })
      .map(({ path }) => path);

  test('of pi', () => {
    expect(paths(pi)).toEqual(['/home/dev/.pi/agent/sessions']);
    expect(paths(pi, { platform: 'win32' })).toEqual(['C:\\Users\\dev\\.pi\\agent\\sessions']);
    expect(
      paths(pi, { env: { PI_CODING_AGENT_DIR: '~/agents/pi', PI_CODING_AGENT_SESSION_DIR: '/kept' } }),
    ).toEqual(['/kept', '/home/dev/agents/pi/sessions']);
  });

  test('of Oh My Pi, which shares a variable with pi', () => {
    expect(paths(omp)).toEqual(['/home/dev/.omp/agent/sessions']);
    const env = { PI_CODING_AGENT_DIR: '/srv/.omp/agent' };
    expect(paths(omp, { env })).toEqual(['/srv/.omp/agent/sessions']);
    expect(paths(pi, { env })).toEqual(['/home/dev/.pi/agent/sessions']);
    expect(paths(omp, { env: { PI_CODING_AGENT_DIR: '/srv/pi' } })).toEqual([
      '/home/dev/.omp/agent/sessions',
    ]);
    expect(paths(omp, { env: { OMP_PROFILE: 'work', XDG_DATA_HOME: '/home/dev/.local/share' } })).toEqual([
      '/home/dev/.local/share/omp/profiles/work/sessions',
      '/home/dev/.omp/profiles/work/agent/sessions',
    ]);
  });

  test('of OpenClaw and its earlier names', () => {
    expect(paths(openclaw)).toEqual([
      '/home/dev/.openclaw/agents',
      '/home/dev/.clawdbot/agents',
      '/home/dev/.moltbot/agents',
      '/home/dev/.moldbot/agents',
    ]);
    expect(paths(openclaw, { env: { OPENCLAW_STATE_DIR: '/srv/claw' } })).toEqual(['/srv/claw/agents']);
    expect(paths(openclaw, { env: { OPENCLAW_PROFILE: 'dev' } })).toContain('/home/dev/.openclaw-dev/agents');
  });

  test('OpenClaw reads archives, and no copies or traces', () => {
    const forms = [
      'main/sessions/a.jsonl',
      'main/sessions/a-topic-3.jsonl',
      'main/sessions/a.jsonl.reset.2026-05-09T05-00-08.000Z',
      'main/sessions/a.jsonl.deleted.2026-05-09T05-00-08.000Z.zst',
      'main/sessions/cold/abcd.jsonl.zst',
      'main/agent/openclaw-agent.sqlite',
      'main/sessions/sessions.json',
      'main/sessions/a.jsonl.bak.1',
      'main/sessions/a.jsonl.lock',
      'main/sessions/a.trajectory.jsonl',
      'main/sessions/a.checkpoint.0a0b.jsonl',
    ].map((path) => openclaw.formOf(path));
    expect(forms).toEqual([
      'jsonl',
      'jsonl',
      'jsonl',
      'jsonl',
      'cold',
      'sqlite',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test.each([
  ['pi', 'tools'],
  ['pi', 'summaries'],
  ['omp', 'subagents'],
])('%s %s, a line more each time, is what one load makes of it', async (agent, sample) => {
  const home = temporaryFolder();
  copySample(join(ROOT, 'adapters', agent, 'samples', sample, 'input'), home);
  const whole = await withHome(home, dump);
  const logs = filesBelow(home)
    .filter((path) => path.endsWith('.jsonl'))
    .map((path) => [path, readFileSync(path, 'utf8').split(/(?<=\n)/)] as const);
  const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
  try {
    for (let lines = 1; logs.some(([, all]) => all.length >= lines); lines += 1) {
      for (const [path, all] of logs) writeFileSync(path, all.slice(0, lines).join(''));
      await load(connection, home);
    }
    const grown = differences(whole, await dump(connection));
    expect(
      grown.filter(
        (line) => !/^(?:sources .*: modified_at|source_totals .*: line_count) \S+ → \S+$/.test(line),
      ),
    ).toEqual([]);
  } finally {
    connection.close();
  }
});

test('silences between events of two files at one time do not depend on which was loaded first', async () => {
  const folder = temporaryFolder();
  const time = (second: number): string => new Date(Date.UTC(2026, 4, 10, 4, 0, second)).toISOString();
  const written = (
    name: string,
    entries: readonly (readonly [second: number, message: object])[],
  ): string => {
    const header = { type: 'session', version: 3, id: 'both', timestamp: time(0), cwd: '/home/dev/shop' };
    const lines = entries.map(([second, message], index) => ({
      type: 'message',
      id: `${name}${index}`,
      parentId: null,
      timestamp: time(second),
      message: { ...message, timestamp: Date.parse(time(second)) },
    }));
    const path = join(folder, `${name}_both.jsonl`);
    writeFileSync(path, [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
    return path;
  };
  const said = (content: readonly object[]) => ({
    role: 'assistant',
    content,
    api: 'a',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2, cost: { total: 0 } },
    stopReason: 'stop',
  });
  const call = { type: 'toolCall', id: 'c1', name: 'bash', arguments: { command: 'x' } };
  const a = written('a', [
    [1, { role: 'user', content: 'one' }],
    [5, said([call])],
  ]);
  const b = written('b', [
    [1, { role: 'user', content: 'two' }],
    [5, said([{ type: 'text', text: 'b' }])],
    [9, said([{ type: 'text', text: 'c' }])],
  ]);
  const forward = await withLoads(folder, [[a], [b]], dump);
  const backward = await withLoads(folder, [[b], [a]], dump);
  expect(differences(withoutSources(forward), withoutSources(backward))).toEqual([]);
});
