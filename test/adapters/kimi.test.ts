/** Kimi CLI and Kimi Code: whose a file is, what their settings say, and wires that grow. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { kimiCli } from '../../adapters/kimi-cli/adapter.ts';
import { contextOf, defaultModel } from '../../adapters/kimi-cli/settings.ts';
import { kimiCode } from '../../adapters/kimi-code/adapter.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import {
  copySample,
  differences,
  dump,
  filesBelow,
  load,
  logsOf,
  ROOT,
  rowsOf,
  temporaryFolder,
  withHome,
  withLoads,
  withoutSources,
} from './load.ts';

const samplesOf = (agent: string): readonly string[] =>
  readdirSync(join(ROOT, 'adapters', agent, 'samples')).map((name) =>
    join(ROOT, 'adapters', agent, 'samples', name),
  );

const headOf = (path: string) => ({ text: readFileSync(path, 'utf8'), path, tables: () => undefined });

test('each knows its own logs by their content, and nobody else’s', () => {
  for (const { id } of adapters) {
    const logs = samplesOf(id)
      .flatMap((sample) => filesBelow(join(sample, 'input')))
      .filter((path) => path.endsWith('.jsonl'));
    for (const log of logs) {
      const known = [kimiCli, kimiCode].filter((kimi) => kimi.recognise(headOf(log)) !== undefined);
      const expected = [kimiCli, kimiCode].filter((kimi) => kimi.id === id);
      const isEmptyWire = /"metadata"[^\n]*\n?$/.test(readFileSync(log, 'utf8'));
      if (!isEmptyWire) expect(known, log).toEqual(expected);
    }
  }
});

test('of config.toml the default model is read through its alias, and nothing else', () => {
  const keys = '[providers.a]\napi_key = "sk-secret"\nmodel = "no"\n';
  expect(defaultModel(`default_model = "m"\n${keys}`)).toEqual({ model: 'm' });
  expect(
    defaultModel(
      `${keys.replace('[providers.a]', '')}default_model = 'x/y' # mine\n[models."x/y"]\nmodel = "k2"\nprovider = "p"\n`,
    ),
  ).toEqual({ model: 'k2', provider: 'p' });
  expect(defaultModel('default_model = ""\n[models.a]\nmodel = "k2"\n')).toBeUndefined();
  expect(defaultModel(keys)).toBeUndefined();
  expect(contextOf(join(temporaryFolder(), 'moved.jsonl'))).toEqual({});
});

test('places follow the environment and the platform', () => {
  const at = (platform: NodeJS.Platform, env: Record<string, string> = {}) => ({
    home: platform === 'win32' ? 'C:\\Users\\dev' : '/home/dev',
    env,
    platform,
    cwd: '/',
  });
  const paths = (adapter: typeof kimiCli, surroundings: ReturnType<typeof at>) =>
    adapter.places(surroundings).map(({ path }) => path);
  expect(paths(kimiCli, at('linux'))).toEqual(['/home/dev/.kimi/sessions']);
  expect(paths(kimiCli, at('win32'))).toEqual(['C:\\Users\\dev\\.kimi\\sessions']);
  expect(paths(kimiCli, at('linux', { KIMI_SHARE_DIR: '/data/kimi' }))).toEqual(['/data/kimi/sessions']);
  expect(paths(kimiCode, at('darwin', { KIMI_CODE_HOME: '/k' }))).toEqual([
    '/k/sessions',
    '/home/dev/Library/Application Support/kimi-desktop/daimon-share/daimon/runtime/kimi-code/home/sessions',
  ]);
});

test('a subagent of which its parent’s wire tells no more than a tool call is a session', async () => {
  const home = temporaryFolder();
  const folder = join(home, '.kimi/sessions/2b8c70fb72d8a087e5dee109778f74cf/s1');
  mkdirSync(folder, { recursive: true });
  const call = { type: 'function', id: 'c1', function: { name: 'Shell', arguments: '{"command":"ls"}' } };
  const event = { type: 'ToolCall', payload: call };
  const message = { type: 'SubagentEvent', payload: { agent_id: 'a1', event } };
  writeFileSync(join(folder, 'wire.jsonl'), JSON.stringify({ timestamp: 1_777_716_000, message }));
  expect(
    await withHome(home, (connection) =>
      rowsOf(connection, 'select session_id, kind, tool_call_count from v1.sessions order by 1'),
    ),
  ).toEqual([
    { session_id: 'kimi-cli:s1', kind: 'main', tool_call_count: 0 },
    { session_id: 'kimi-cli:s1:a1', kind: 'subagent', tool_call_count: 1 },
  ]);
});

test('a context file that was copied is told once', async () => {
  const sample = join(ROOT, 'adapters/kimi-cli/samples/context-only/input');
  const [folder, copy] = [temporaryFolder(), temporaryFolder()];
  copySample(sample, folder);
  copySample(sample, copy);
  const counts = (connection: Connection) =>
    rowsOf(connection, 'select count(*) as events, count(distinct session_id) as sessions from v1.events');
  expect(await withLoads(temporaryFolder(), [[folder], [folder, copy]], counts)).toEqual(
    await withLoads(temporaryFolder(), [[folder]], counts),
  );
});

const GROWING = [
  ['kimi-cli', 'subagents'],
  ['kimi-cli', 'fork'],
  ['kimi-code', 'subagent'],
  ['kimi-code', 'fork'],
] as const;

test.each(GROWING)('%s: the wires of %s grow line by line', async (agent, name) => {
  const sample = join(ROOT, 'adapters', agent, 'samples', name, 'input');
  const home = temporaryFolder();
  copySample(sample, home);
  const whole = await withHome(home, dump);
  const wires = logsOf(home).map((path) => ({ path, lines: readFileSync(path, 'utf8').split(/(?<=\n)/) }));
  for (const { path } of wires) writeFileSync(path, '');
  const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
  try {
    const most = Math.max(...wires.map(({ lines }) => lines.length));
    for (let count = 1; count <= most; count += 2) {
      for (const { path, lines } of wires) writeFileSync(path, lines.slice(0, count + 1).join(''));
      await load(connection, home);
    }
    // Written anew by this test, the files are younger.
    expect(differences(withoutSources(whole), withoutSources(await dump(connection)))).toEqual([]);
  } finally {
    connection.close();
  }
});

/** A wire of a sample, and how many of its lines the first of two loads finds. */
const SPLIT = [
  ['kimi-cli', 'context-only', '66666666-0000-4000-8000-000000000006.jsonl', 6],
  ['kimi-cli', 'streamed-call', 'wire.jsonl', 15],
  ['kimi-code', 'minimal', 'main/wire.jsonl', 9],
  ['kimi-code', 'subagent', 'main/wire.jsonl', 8],
  ['kimi-code', 'times', 'main/wire.jsonl', 4],
] as const;

test.each(SPLIT)(
  '%s: %s, of which a load reads %s up to line %d, is told as by one load',
  async (...split) => {
    const [agent, name, file, lineCount] = split;
    const home = temporaryFolder();
    copySample(join(ROOT, 'adapters', agent, 'samples', name, 'input'), home);
    const whole = await withHome(home, dump);
    const path = filesBelow(home).find((other) => other.endsWith(file)) ?? file;
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text
        .split(/(?<=\n)/)
        .slice(0, lineCount)
        .join(''),
    );
    const parts = await withHome(home, async (connection) => {
      writeFileSync(path, text);
      await load(connection, home);
      return dump(connection);
    });
    expect(differences(withoutSources(whole), withoutSources(parts))).toEqual([]);
  },
);
