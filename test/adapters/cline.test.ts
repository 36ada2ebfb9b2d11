/** Cline, Roo Code and Kilo Code: whose a file is, what a lone file tells, and tasks that are written anew. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cline } from '../../adapters/cline/adapter.ts';
import { adapters } from '../../adapters/index.ts';
import { kiloCode } from '../../adapters/kilo-code/adapter.ts';
import { rooCode } from '../../adapters/roo-code/adapter.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import type { Adapter, Surroundings } from '../../src/model/adapter.ts';
import { dump, load, type Plain, rowsOf, temporaryFolder, withHome, withLoads } from './load.ts';

const T = 1778641200000;

function write(path: string, value: unknown): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

function recognised(name: string, value: unknown): string | undefined {
  const found = recogniseFile(write(join(temporaryFolder(), name), value), adapters);
  return found && `${found.adapter.id} ${found.form}`;
}

const request = (ts: number, figures: object, more: object = {}): object => ({
  ts,
  type: 'say',
  say: 'api_req_started',
  text: JSON.stringify(figures),
  ...more,
});

const first = { ts: T, type: 'say', say: 'text', text: 'go' };
const modelInfo = { providerId: 'anthropic', modelId: 'claude-sonnet-4-5', mode: 'act' };
const details =
  '<environment_details>\n# Current Working Directory (/home/dev/p) Files\na.ts\n</environment_details>';

describe('whose a file is', () => {
  test.each([
    ['rooveterinaryinc.roo-cline/tasks/x/ui_messages.json', 'roo-code ui'],
    ['kilocode.kilo-code/tasks/x/ui_messages.json', 'kilo-code ui'],
    ['saoudrizwan.claude-dev/tasks/x/ui_messages.json', 'cline ui'],
    ['cline/roo-code/x.json', 'roo-code ui'],
    ['roo/cline/x.json', 'cline ui'],
    ['logs/cline-task/roo_1.json', 'roo-code ui'],
    ['logs/kilo.2.json', 'kilo-code ui'],
    ['logs/rooster/x.json', 'cline ui'],
    ['x.json', 'cline ui'],
  ])('by its folder: %s', (name, expected) => {
    expect(recognised(name, [first, request(T, { tokensIn: 1 })])).toBe(expected);
  });

  test.each([
    ['the protocol', [first, request(T, { apiProtocol: 'openai', tokensIn: 1 })], 'roo-code ui'],
    [
      'an approval',
      [first, { ts: T, type: 'ask', ask: 'tool', text: '{}', isAnswered: true }],
      'roo-code ui',
    ],
    ['a seller', [first, request(T, { apiProtocol: 'openai', inferenceProvider: 'x' })], 'kilo-code ui'],
    ['a model', [{ ...first, modelInfo }, request(T, {}, { modelInfo })], 'cline ui'],
    ['a checkpoint', [first, { ts: T, type: 'say', say: 'checkpoint_created' }], 'cline ui'],
    ['words', [{ role: 'user', content: [{ type: 'text', text: details }] }], 'cline conversation'],
    [
      'a mode',
      [{ role: 'user', content: `${details}<environment_details><slug>code</slug></environment_details>` }],
      'roo-code conversation',
    ],
    ['models', { files_in_context: [], model_usage: [{ ts: T, model_id: 'm' }] }, 'cline metadata'],
    ['a session', { version: 1, agent: 'lead', sessionId: 's', messages: [] }, 'cline session'],
  ])('by %s', (_, value, expected) => {
    expect(recognised('renamed.json', value)).toBe(expected);
  });

  test('by its fields rather than by a name that a person gave, and by its extension above all', () => {
    const answered = [first, { ts: T, type: 'ask', ask: 'tool', text: '{}', isAnswered: true }];
    expect(recognised('cline/x.json', answered)).toBe('roo-code ui');
    expect(recognised('saoudrizwan.claude-dev/roo/x.json', answered)).toBe('cline ui');
    expect(recognised('cline/y.json', [first, request(T, { apiProtocol: 'openai' })])).toBe('cline ui');
  });

  test.each([
    [
      'a conversation with a model',
      [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: [{ type: 'text', text: 'ho' }] },
      ],
    ],
    [
      'calls of tools',
      [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'read_file', input: {} }] }],
    ],
    ['roll-ups', [{ id: '1', ts: T, task: 'go', tokensIn: 1, tokensOut: 2, totalCost: 0.1 }]],
    ['a roll-up', { id: '1', number: 1, ts: T, task: 'go', tokensIn: 1, tokensOut: 2, totalCost: 0.1 }],
    ['a manifest', { version: 1, session_id: 's', cwd: '/p', provider: 'x', model: 'm' }],
    ['settings', { title: 'x' }],
    ['numbers', [1, 2]],
    ['nothing', []],
  ])('not %s', (_, value) => {
    expect(recognised('renamed.json', value) ?? '').not.toMatch(/^(?:cline|roo-code|kilo-code) /);
  });

  test('by a first message that is longer than what is looked at', () => {
    const long = [{ ts: T, type: 'say', say: 'task', text: 'x'.repeat(100_000) }];
    expect(recognised('renamed.json', long)).toBe('cline ui');
  });
});

describe('where tasks are', () => {
  const places = (
    adapter: Adapter,
    platform: NodeJS.Platform,
    env: Surroundings['env'] = {},
  ): readonly string[] =>
    adapter
      .places({ home: platform === 'win32' ? 'C:\\Users\\dev' : '/home/dev', cwd: '/', env, platform })
      .map(({ path }) => path);

  test('in the editors, here and on remote hosts', () => {
    expect(places(rooCode, 'darwin')).toContain(
      '/home/dev/Library/Application Support/Code/User/globalStorage/rooveterinaryinc.roo-cline/tasks',
    );
    expect(places(kiloCode, 'linux')).toContain(
      '/home/dev/.config/VSCodium/User/globalStorage/kilocode.kilo-code/tasks',
    );
    expect(places(kiloCode, 'linux')).toContain(
      '/home/dev/.vscode-server/data/User/globalStorage/kilocode.kilo-code/tasks',
    );
    expect(places(cline, 'win32')).toContain(
      'C:\\Users\\dev\\AppData\\Roaming\\Cursor\\User\\globalStorage\\saoudrizwan.claude-dev\\tasks',
    );
  });

  test('in folders of their own, which can be moved', () => {
    expect(places(cline, 'linux').slice(-2)).toEqual([
      '/home/dev/.cline/data/tasks',
      '/home/dev/.cline/data/sessions',
    ]);
    expect(places(cline, 'linux', { CLINE_DIR: '/c' }).slice(-2)).toEqual([
      '/c/data/tasks',
      '/c/data/sessions',
    ]);
    expect(places(cline, 'linux', { CLINE_DATA_DIR: '/d', CLINE_SESSION_DATA_DIR: '/s' }).slice(-2)).toEqual([
      '/d/tasks',
      '/s',
    ]);
  });
});

const text = (words: string): object => ({ type: 'text', text: words });

const conversation = [
  { role: 'user', content: [text('<task>\ngo\n</task>'), text(details)], ts: T },
  {
    role: 'assistant',
    content: [
      text(
        'I run it.\n<execute_command>\n<command>npm test</command>\n</execute_command>\n<write_to_file>\n<path>n.ts</path>\n<content>\n1\n2\n</content>\n</write_to_file>',
      ),
    ],
    modelInfo,
    metrics: { tokens: { prompt: 100, completion: 20, cached: 0 }, cost: 0.5 },
    ts: T + 1000,
  },
  {
    role: 'user',
    content: [
      text("[execute_command for 'npm test'] Result:"),
      text('Command executed. Exit code: 2\nOutput:\nExit code: 0\n<task>\nprinted\n</task>'),
      text(
        "[write_to_file for 'n.ts'] Result:\nThe user denied this operation.\nThe user provided the following feedback:\n<feedback>\nno\n</feedback>",
      ),
      text(details),
    ],
    ts: T + 2000,
  },
  {
    role: 'assistant',
    content: [
      { type: 'tool_use', id: 'toolu_0123456789abcdef', name: 'execute_command', input: { command: 'ls' } },
    ],
    modelInfo: { ...modelInfo, providerId: 'openai' },
    metrics: { tokens: { prompt: 310, completion: 2, cached: 300 } },
    ts: T + 3000,
  },
  {
    role: 'user',
    content: [
      text("[execute_command for 'ls'] Result:\nCommand executed successfully (exit code 0).\nOutput:\na"),
      text(details),
    ],
    ts: T + 4000,
  },
  {
    role: 'user',
    content: [text('[TASK RESUMPTION] This task was interrupted just now.'), text(details)],
    ts: T + 5000,
  },
];

const FACTS = `select s.native_session_id as session, s.cwd, s.turn_count as turns,
    (select list({'in': uncached_input_tokens, 'read': cache_read_tokens, 'out': output_tokens, 'is': granularity} order by started_at)
        from v1.llm_calls) as calls,
    (select list(tool_name || ' ' || status || ' ' || status_source order by tool_name, status) from v1.tool_calls) as tools,
    (select list(prompt_bytes order by turn_number) from v1.turns) as prompts,
from v1.sessions s`;

const told: Plain = {
  session: 'one',
  cwd: '/home/dev/p',
  turns: 2,
  calls: [
    { in: 100, read: 0, out: 20, is: 'call' },
    { in: 10, read: 300, out: 2, is: 'estimate' },
  ],
  tools: ['execute_command failed exit_code', 'execute_command ok exit_code', 'write_to_file rejected text'],
  prompts: [2, 2],
};

describe('what a file tells by itself', () => {
  test('a conversation: prompts, calls in tags, and figures where a version writes them', async () => {
    const path = write(join(temporaryFolder(), 'one-api_conversation_history.json'), conversation);
    await withLoads(dirname(path), [[path], [path]], async (connection) => {
      expect(await rowsOf(connection, FACTS)).toEqual([told]);
      expect(await rowsOf(connection, 'select * from v1.file_changes')).toEqual([]);
    });
  });

  test('metadata: when which model was used', async () => {
    const path = write(join(temporaryFolder(), 'one-task_metadata.json'), {
      files_in_context: [],
      model_usage: [{ ts: T, model_id: 'm', model_provider_id: 'x', mode: 'act' }],
    });
    await withLoads(dirname(path), [[path]], async (connection) => {
      expect(await rowsOf(connection, FACTS)).toEqual([
        { session: 'one', cwd: null, turns: 0, calls: null, tools: null, prompts: null },
      ]);
    });
  });

  test('beside each other what the task shows counts alone, in any order', async () => {
    const folder = temporaryFolder();
    const files = [
      write(join(folder, 'one-api_conversation_history.json'), conversation),
      write(join(folder, 'one-task_metadata.json'), { files_in_context: [], model_usage: [] }),
      write(join(folder, 'one-ui_messages.json'), [
        first,
        request(T + 1, { request: details, tokensIn: 100, tokensOut: 20 }),
      ]),
    ];
    for (const order of [files, files.toReversed()]) {
      await withLoads(
        folder,
        order.map((file) => [file]),
        async (connection) => {
          expect(await rowsOf(connection, FACTS)).toEqual([
            {
              session: 'one',
              cwd: '/home/dev/p',
              turns: 1,
              calls: [{ in: 100, read: null, out: 20, is: 'call' }],
              tools: null,
              prompts: [2],
            },
          ]);
        },
      );
    }
  });
});

test('a task that is written anew, with the figures of a request in place, counts as it stands at last', async () => {
  const home = temporaryFolder();
  const store = join(home, '.config/Code/User/globalStorage/saoudrizwan.claude-dev/tasks/t');
  const last = [
    first,
    request(T + 1, { tokensIn: 5, tokensOut: 6 }),
    { ts: T + 2, type: 'say', say: 'text', text: 'ok' },
  ];
  write(join(store, 'ui_messages.json'), [first, request(T + 1, { request: 'r' })]);
  await withHome(home, async (connection) => {
    expect(await rowsOf(connection, 'select * from v1.llm_calls')).toEqual([]);
    write(join(store, 'ui_messages.json'), last);
    await load(connection, home);
    const grown = await dump(connection);
    expect(await rowsOf(connection, 'select output_tokens from v1.llm_calls')).toEqual([
      { output_tokens: 6 },
    ]);
    await withHome(home, async (fresh) => expect(await dump(fresh)).toEqual(grown));
    write(join(store, 'history_item.json'), { id: 't', workspace: '/home/dev/p' });
    await load(connection, home);
    expect(await rowsOf(connection, 'select cwd from v1.sessions')).toEqual([{ cwd: '/home/dev/p' }]);
  });
});

test('a subagent of early versions stands in a folder of its own below its session', async () => {
  const home = temporaryFolder();
  const root = join(home, '.cline/data/sessions/root');
  const session = (sessionId: string, agent: string): object => ({
    version: 1,
    agent,
    sessionId,
    messages: [{ id: `${sessionId}-1`, role: 'user', ts: T, content: [{ type: 'text', text: 'go' }] }],
  });
  write(join(root, 'root.json'), { version: 1, session_id: 'root', cwd: '/home/dev/p' });
  write(join(root, 'root.messages.json'), session('root', 'lead'));
  write(join(root, 'worker', 'sub.messages.json'), session('sub', 'subagent'));
  await withHome(home, async (connection) => {
    expect(
      await rowsOf(
        connection,
        'select native_session_id, parent_session_id, cwd from v1.sessions order by all',
      ),
    ).toEqual([
      { native_session_id: 'root', parent_session_id: null, cwd: '/home/dev/p' },
      { native_session_id: 'sub', parent_session_id: 'cline:root', cwd: '/home/dev/p' },
    ]);
  });
});

test('a task that breaks off gives what there is, and says where', async () => {
  const whole = JSON.stringify([first, request(T + 1, { tokensIn: 5, tokensOut: 6 }), first]);
  const path = write(join(temporaryFolder(), 'cut-ui_messages.json'), whole.slice(0, -20));
  await withLoads(dirname(path), [[path]], async (connection) => {
    expect(await rowsOf(connection, 'select output_tokens from v1.llm_calls')).toEqual([
      { output_tokens: 6 },
    ]);
    expect(await rowsOf(connection, 'select line_number from v1.rejects')).toEqual([{ line_number: 3 }]);
  });
});
