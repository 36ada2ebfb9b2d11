/** A log read as it grew says what it says when it is read as a whole, however the lines that tell of all of it are spread. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import {
  differences,
  dump,
  load,
  newWarehouse,
  rowsOf,
  temporaryFolder,
  withHome,
  withoutSources,
} from './load.ts';

const TIMEOUT = 240_000;

type Line = Readonly<Record<string, unknown>>;

function writeLog(file: string, lines: readonly Line[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

interface Growing {
  readonly path: string;
  readonly lines: readonly Line[];
  readonly others?: Readonly<Record<string, readonly Line[]>>;
}

/** Loads a log after each of its lines beside others that are whole, and compares with a load of all of it. */
async function whileItGrows(
  { path, lines, others = {} }: Growing,
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  const home = temporaryFolder();
  for (const [to, written] of Object.entries(others)) writeLog(join(home, to), written);
  const grown = await newWarehouse();
  try {
    for (const index of lines.keys()) {
      writeLog(join(home, path), lines.slice(0, index + 1));
      await load(grown, home);
    }
    await use(grown);
    const whole = await withHome(home, dump);
    expect(differences(withoutSources(await dump(grown)), withoutSources(whole))).toEqual([]);
  } finally {
    grown.close();
  }
}

const at = (second: number): string => new Date(Date.UTC(2026, 4, 2, 10, 0, second)).toISOString();

const THREAD = '019e0000-0000-7000-8000-000000000001';
const PARENT = '019e0000-0000-7000-8000-000000000002';
const ROLLOUT = `.codex/sessions/2026/05/02/rollout-2026-05-02T10-00-00-${THREAD}.jsonl`;

const rollout = (second: number, type: string, payload: Line): Line => ({
  timestamp: at(second),
  type,
  payload,
});

const meta = (second: number, id: string, more: Line = {}): Line =>
  rollout(second, 'session_meta', {
    id,
    cwd: '/home/dev/app',
    cli_version: '0.120.0',
    source: 'cli',
    ...more,
  });

const limits = (second: number, primary: number, secondary: number): Line =>
  rollout(second, 'event_msg', {
    type: 'token_count',
    info: null,
    rate_limits: {
      primary: { used_percent: primary, window_minutes: 300, resets_at: 1_777_720_000 },
      secondary: { used_percent: secondary, window_minutes: 10_080, resets_at: 1_778_000_000 },
    },
  });

test('Codex: a rate limit is kept where its figure changed, not where a load began', {
  timeout: TIMEOUT,
}, async () => {
  const lines = [
    meta(0, THREAD),
    limits(1, 2, 33.3),
    limits(2, 2, 33.3),
    limits(3, 3, 33.3),
    limits(4, 3, 34),
  ];
  await whileItGrows({ path: ROLLOUT, lines }, async (grown) => {
    expect(
      await rowsOf(
        grown,
        'select window_name, round(used_ratio, 3) as used_ratio, source_line from v1.rate_limits order by all',
      ),
    ).toEqual([
      { window_name: 'primary', used_ratio: 0.02, source_line: 2 },
      { window_name: 'primary', used_ratio: 0.03, source_line: 4 },
      { window_name: 'secondary', used_ratio: 0.333, source_line: 2 },
      { window_name: 'secondary', used_ratio: 0.34, source_line: 5 },
    ]);
  });
});

const SESSION = '0b000000-0000-4000-8000-000000000001';
const TRANSCRIPT = `.claude/projects/-home-dev-app/${SESSION}.jsonl`;

const prompt = (second: number, more: Line = {}): Line => ({
  type: 'user',
  uuid: `00000000-0000-4000-8000-${String(second).padStart(12, '0')}`,
  sessionId: SESSION,
  timestamp: at(second),
  message: { role: 'user', content: 'go' },
  ...more,
});

test('Claude Code: each setting is that of the first line that states it', { timeout: TIMEOUT }, async () => {
  const lines = [
    prompt(0, { version: '2.0.0' }),
    prompt(1, { cwd: '/home/dev/app' }),
    prompt(2, { version: '2.0.1', cwd: '/home/dev/other', gitBranch: 'main' }),
    prompt(3, { gitBranch: 'fix', entrypoint: 'cli' }),
  ];
  await whileItGrows({ path: TRANSCRIPT, lines }, async (grown) => {
    expect(await rowsOf(grown, 'select cwd, git_branch, agent_version, entrypoint from v1.sessions')).toEqual(
      [{ cwd: '/home/dev/app', git_branch: 'main', agent_version: '2.0.0', entrypoint: 'cli' }],
    );
  });
});

test('Claude Code: a transcript is a fork whichever of its lines says so', { timeout: TIMEOUT }, async () => {
  const origin = '0b000000-0000-4000-8000-000000000002';
  const lines = [
    { type: 'permission-mode', permissionMode: 'default', sessionId: SESSION },
    prompt(1, { forkedFrom: { sessionId: origin, messageUuid: '00000000-0000-4000-8000-000000000099' } }),
    prompt(2),
  ];
  await whileItGrows({ path: TRANSCRIPT, lines }, async (grown) => {
    expect(await rowsOf(grown, 'select kind from v1.sessions')).toEqual([{ kind: 'fork' }]);
  });
});

test('Claude Code: lines read before one named their session are of that session', {
  timeout: TIMEOUT,
}, async () => {
  const unnamed = (second: number): Line => ({
    ...prompt(second),
    sessionId: undefined,
    type: 'assistant',
    message: {
      id: `msg_${second}`,
      role: 'assistant',
      model: 'claude-sonnet-4-5-20250929',
      content: [{ type: 'tool_use', id: `toolu_${second}`, name: 'Bash', input: { command: 'ls' } }],
      stop_reason: 'tool_use',
      usage: { input_tokens: 5, output_tokens: 10 },
    },
  });
  const lines = [{ type: 'summary', summary: 'A title' }, unnamed(1), prompt(2), unnamed(3)];
  const path = '.claude/projects/-home-dev-app/renamed.jsonl';
  await whileItGrows({ path, lines }, async (grown) => {
    expect(
      await rowsOf(grown, 'select native_session_id, llm_call_count, tool_call_count from v1.sessions'),
    ).toEqual([{ native_session_id: SESSION, llm_call_count: 2, tool_call_count: 2 }]);
  });
});

test('Codex: a spawned thread is not forked from the parent whose session_meta it copied', {
  timeout: TIMEOUT,
}, async () => {
  const spawned = { source: { subagent: { thread_spawn: { parent_thread_id: PARENT, depth: 1 } } } };
  const lines = [
    meta(5, THREAD, spawned),
    meta(6, PARENT),
    rollout(7, 'event_msg', { type: 'user_message', message: 'work' }),
  ];
  const others = {
    [`.codex/sessions/rollout-2026-05-02T09-00-00-${PARENT}.jsonl`]: [
      meta(0, PARENT),
      rollout(1, 'event_msg', { type: 'user_message', message: 'go' }),
    ],
  };
  await whileItGrows({ path: ROLLOUT, lines, others }, async (grown) => {
    expect(
      await rowsOf(
        grown,
        'select kind, forked_from_session_id from v1.sessions where parent_session_id is not null',
      ),
    ).toEqual([{ kind: 'subagent', forked_from_session_id: null }]);
  });
});

test('Codex: a copied history is known by a parent that comes later, though its own file was touched', {
  timeout: TIMEOUT,
}, async () => {
  const home = temporaryFolder();
  const usage = { input_tokens: 100, cached_input_tokens: 0, output_tokens: 10, total_tokens: 110 };
  const history = [
    meta(0, PARENT),
    rollout(1, 'turn_context', { turn_id: 't1', model: 'gpt-5.5' }),
    rollout(2, 'event_msg', { type: 'user_message', message: 'go' }),
    rollout(3, 'event_msg', {
      type: 'token_count',
      info: { total_token_usage: usage, last_token_usage: usage },
    }),
  ];
  const connection = await newWarehouse();
  try {
    const calls = 'select session_id from v1.llm_calls';
    writeLog(join(home, ROLLOUT), [meta(9, THREAD, { forked_from_id: PARENT }), ...history]);
    await load(connection, home);
    expect(await rowsOf(connection, calls)).toEqual([{ session_id: `codex:${THREAD}` }]);
    utimesSync(join(home, ROLLOUT), 1_800_000_000, 1_800_000_000);
    writeLog(join(home, `.codex/sessions/rollout-2026-05-02T09-00-00-${PARENT}.jsonl`), history);
    await load(connection, home);
    expect(await rowsOf(connection, calls)).toEqual([{ session_id: `codex:${PARENT}` }]);
  } finally {
    connection.close();
  }
});

const counter = (second: number, total: number): Line => {
  const usage = { input_tokens: total, cached_input_tokens: 0, output_tokens: 1, total_tokens: total + 1 };
  return rollout(second, 'event_msg', { type: 'token_count', info: { total_token_usage: usage } });
};

const PARENT_ROLLOUT = `.codex/sessions/rollout-2026-05-02T09-00-00-${PARENT}.jsonl`;
const ORIGIN = '019e0000-0000-7000-8000-000000000003';
const spawnedBy = (parent_thread_id: string): Line => ({
  source: { subagent: { thread_spawn: { parent_thread_id, depth: 1 } } },
});

test('Codex: a resumed thread is no fork, whichever of its lines were read first', {
  timeout: TIMEOUT,
}, async () => {
  const lines = [meta(0, THREAD), meta(0, PARENT), counter(1, 10), counter(1, 30)];
  await whileItGrows({ path: ROLLOUT, lines }, async (grown) => {
    expect(await rowsOf(grown, 'select kind, llm_call_count from v1.sessions')).toEqual([
      { kind: 'main', llm_call_count: 2 },
    ]);
  });
});

test('Codex: a copied history is that of the thread which spawned this one, in whichever line that stands', {
  timeout: TIMEOUT,
}, async () => {
  const turn = (second: number, turn_id: string): Line =>
    rollout(second, 'turn_context', { turn_id, model: 'gpt-5.5' });
  const lines = [
    meta(5, THREAD, { forked_from_id: ORIGIN }),
    turn(6, 't1'),
    counter(6, 10),
    turn(7, 't2'),
    counter(7, 30),
    meta(8, THREAD, spawnedBy(PARENT)),
  ];
  const others = {
    [PARENT_ROLLOUT]: [meta(0, PARENT), turn(1, 't1'), counter(1, 10)],
    [PARENT_ROLLOUT.replace(PARENT, ORIGIN)]: [meta(0, ORIGIN), turn(1, 't1'), turn(2, 't2'), counter(2, 30)],
  };
  await whileItGrows({ path: ROLLOUT, lines, others }, async (grown) => {
    expect(
      await rowsOf(grown, 'select kind, llm_call_count from v1.sessions where parent_session_id is not null'),
    ).toEqual([{ kind: 'subagent', llm_call_count: 1 }]);
  });
});

test('Codex: where a thread says late whence it comes, a copied session_meta does not', {
  timeout: TIMEOUT,
}, async () => {
  const lines = [meta(5, THREAD), meta(6, PARENT), meta(7, THREAD, { forked_from_id: ORIGIN })];
  const others = {
    [PARENT_ROLLOUT]: [meta(0, PARENT)],
    [PARENT_ROLLOUT.replace(PARENT, ORIGIN)]: [meta(0, ORIGIN)],
  };
  await whileItGrows({ path: ROLLOUT, lines, others }, async (grown) => {
    expect(
      await rowsOf(grown, `select kind, forked_from_session_id from v1.sessions where kind <> 'main'`),
    ).toEqual([{ kind: 'fork', forked_from_session_id: `codex:${ORIGIN}` }]);
  });
});

test('Codex: the provider is the one that is named, in whichever line', { timeout: TIMEOUT }, async () => {
  const lines = [
    { record_type: 'state' },
    meta(0, THREAD),
    rollout(1, 'turn_context', { turn_id: 't1', model: 'gpt-5.5' }),
    counter(2, 10),
    meta(3, THREAD, { model_provider: 'azure' }),
    counter(4, 30),
  ];
  await whileItGrows({ path: ROLLOUT, lines }, async (grown) => {
    expect(await rowsOf(grown, 'select distinct provider from v1.llm_calls')).toEqual([
      { provider: 'azure' },
    ]);
  });
});

test('Codex: the provider is OpenAI where a log names none', { timeout: TIMEOUT }, async () => {
  const lines = [meta(0, THREAD), counter(1, 10)];
  await whileItGrows({ path: ROLLOUT, lines }, async (grown) => {
    expect(await rowsOf(grown, 'select provider from v1.llm_calls')).toEqual([{ provider: 'openai' }]);
  });
});

const progress = (second: number, agentId: string): Line => ({
  type: 'progress',
  uuid: `00000000-0000-4000-8000-${String(second).padStart(12, '0')}`,
  timestamp: at(second),
  data: {
    type: 'agent_progress',
    agentId,
    message: {
      type: 'assistant',
      timestamp: at(second),
      message: {
        id: `msg_${agentId}_${second}`,
        role: 'assistant',
        model: 'claude-sonnet-4-5-20250929',
        content: [{ type: 'text', text: 'x' }],
        usage: { input_tokens: 5, output_tokens: 10 },
      },
    },
  },
});

test('Claude Code: subagents that are told of before a line names their session are of that session', {
  timeout: TIMEOUT,
}, async () => {
  const lines = [progress(1, 'g1'), progress(2, 'g2'), prompt(3), progress(4, 'g1')];
  const path = '.claude/projects/-home-dev-app/renamed.jsonl';
  await whileItGrows({ path, lines }, async (grown) => {
    expect(
      await rowsOf(grown, 'select session_id, llm_call_count as calls from v1.sessions order by all'),
    ).toEqual([
      { session_id: `claude-code:${SESSION}`, calls: 0 },
      { session_id: `claude-code:${SESSION}:g1`, calls: 2 },
      { session_id: `claude-code:${SESSION}:g2`, calls: 1 },
    ]);
  });
});

const FORKED: Line = {
  forkedFrom: {
    sessionId: '0b000000-0000-4000-8000-000000000002',
    messageUuid: '00000000-0000-4000-8000-000000000099',
  },
};

test('Claude Code: a fork is one though none of its lines names a session', {
  timeout: TIMEOUT,
}, async () => {
  const unnamed = { ...prompt(1, FORKED), sessionId: undefined };
  await whileItGrows({ path: TRANSCRIPT, lines: [unnamed] }, async (grown) => {
    expect(await rowsOf(grown, 'select kind from v1.sessions')).toEqual([{ kind: 'fork' }]);
  });
});

test('Claude Code: a transcript is a fork though the line that says so names no session', {
  timeout: TIMEOUT,
}, async () => {
  const lines = [prompt(1), { ...prompt(2, FORKED), sessionId: undefined }];
  await whileItGrows({ path: TRANSCRIPT, lines }, async (grown) => {
    expect(await rowsOf(grown, 'select kind from v1.sessions')).toEqual([{ kind: 'fork' }]);
  });
});

const WIRE =
  '.kimi/sessions/2b8c70fb72d8a087e5dee109778f74cf/0d000000-0000-4000-8000-000000000001/wire.jsonl';

const said = (second: number, type: string, payload: Line): Line => ({
  timestamp: 1_777_716_000 + second,
  message: { type, payload },
});

const toolCall = (id: string, name: string, words: string | null): Line => ({
  type: 'function',
  id,
  function: { name, arguments: words },
});

const ofAgent = (second: number, type: string, payload: Line): Line =>
  said(second, 'SubagentEvent', { agent_id: 'a1', parent_tool_call_id: 'c9', event: { type, payload } });

test('Kimi CLI: a call is told whole whose arguments go on after a load', { timeout: TIMEOUT }, async () => {
  const lines = [
    said(0, 'ToolCall', toolCall('c1', 'WriteFile', '{"path":"/home/dev/a')),
    said(1, 'ToolCallPart', { arguments_part: '.txt","content":"one' }),
    ofAgent(2, 'ToolCall', toolCall('c2', 'Shell', '{"comm')),
    said(3, 'ToolCallPart', { arguments_part: '\\ntwo"}' }),
    ofAgent(4, 'ToolCallPart', { arguments_part: 'and":"make test"}' }),
    said(5, 'ToolResult', { tool_call_id: 'c1', return_value: { is_error: false, output: 'done' } }),
  ];
  await whileItGrows({ path: WIRE, lines }, async (grown) => {
    expect(
      await rowsOf(
        grown,
        'select tool_name, input_bytes, input_hash is not null as is_known, command, file_path, status from v1.tool_calls order by 1',
      ),
    ).toEqual([
      {
        tool_name: 'Shell',
        input_bytes: 23,
        is_known: true,
        command: 'make test',
        file_path: null,
        status: 'pending',
      },
      {
        tool_name: 'WriteFile',
        input_bytes: 47,
        is_known: true,
        command: null,
        file_path: '/home/dev/a.txt',
        status: 'ok',
      },
    ]);
    expect(await rowsOf(grown, 'select added_line_count from v1.file_changes')).toEqual([
      { added_line_count: 2 },
    ]);
  });
});

test('Kimi CLI: the size before a compaction is that of the last status, whenever that was read', {
  timeout: TIMEOUT,
}, async () => {
  const lines = [
    said(0, 'StatusUpdate', { context_tokens: 9000, token_usage: null }),
    said(1, 'CompactionBegin', {}),
    said(3, 'CompactionEnd', {}),
    said(4, 'StatusUpdate', { context_tokens: 700, token_usage: null }),
    said(5, 'StatusUpdate', { context_tokens: 800, token_usage: null }),
  ];
  await whileItGrows({ path: WIRE, lines }, async (grown) => {
    expect(
      await rowsOf(grown, 'select before_tokens, after_tokens, duration_ms from v1.compactions'),
    ).toEqual([{ before_tokens: 9000, after_tokens: 700, duration_ms: 2000 }]);
  });
});

test('Kimi Code: equal records of usage are as many events as calls', { timeout: TIMEOUT }, async () => {
  const used = (cached: number): Line => ({
    type: 'usage.record',
    model: 'kimi-k2',
    usage: { inputOther: 20, output: 2, inputCacheRead: cached, inputCacheCreation: 0 },
    time: 1_777_716_001_000,
  });
  const lines = [used(0), used(0), used(5)];
  const wire = (id: string): string =>
    `.kimi-code/sessions/wd_app_0123456789ab/session_${id}/agents/main/wire.jsonl`;
  const fork = [...lines, { type: 'forked', time: 1_777_716_002_000 }];
  await whileItGrows({ path: wire('1'), lines, others: { [wire('2')]: fork } }, async (grown) => {
    expect(
      await rowsOf(
        grown,
        `select session_id, count(*) as event_count, (select count(*) from v1.llm_calls as c where c.session_id = e.session_id) as call_count
        from v1.events as e where occurred_at < timestamptz '2026-05-02 10:00:02+00' group by all order by all`,
      ),
    ).toEqual([{ session_id: 'kimi-code:session_1', event_count: 3, call_count: 3 }]);
  });
});
