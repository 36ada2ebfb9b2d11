/** `publish` and `--team`, as a user runs them. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ran, runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'agenttrace-test-'));
const lake = join(folder, 'lake');
const ask = (...words: readonly string[]): Promise<Ran> => runCli([...words, '--team', lake]);

beforeAll(async () => {
  const { code, err } = await runCli(['publish', lake, '--demo', '--quiet']);
  expect([code, err]).toEqual([0, '']);
  writeFileSync(join(folder, 'secret.txt'), 'not for everyone');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('team shows the first rows of every report, and says how to go on', async () => {
  const { code, out } = await ask('team');
  expect(code).toBe(0);
  for (const title of [
    'Team by person',
    'Team by project',
    'Team by model',
    'Team by week',
    'Outliers',
    'Hosts of the lake',
  ])
    expect(out).toContain(title);
  expect(out).toContain(`agenttrace overview --team ${lake}`);
}, 60_000);

test.each(['markdown', 'table', 'html'])(
  'its tables have the headings of the reports in %s',
  async (format) => {
    const { out } = await ask('team', '-f', format);
    for (const heading of ['Person', 'USD per million', 'Tools failed', 'Worst person', 'Times the median'])
      expect(out).toContain(heading);
    for (const made of ['User name', 'Usd per', 'Mean health', 'Most failure'])
      expect(out).not.toContain(made);
  },
  60_000,
);

test('the overview is that of the logs, and its commands name the lake', async () => {
  const [team, logs] = await Promise.all([
    ask('overview', '-f', 'json'),
    runCli(['overview', '--demo', '-f', 'json']),
  ]);
  const ofTeam = JSON.parse(team.out);
  const ofLogs = JSON.parse(logs.out);
  for (const key of ['totals', 'models', 'days', 'waste', 'summary'])
    expect([key, ofTeam[key]]).toEqual([key, ofLogs[key]]);
  for (const { command } of ofTeam.next) expect(command).toContain(`--team ${lake}`);
}, 60_000);

test('query reads the lake and no other file, and writes none', async () => {
  const secret = join(folder, 'secret.txt');
  const written = join(lake, 'facts', 'v1', 'written.csv');
  const [hosts, file, copy, lacking] = await Promise.all([
    ask('query', 'select host, user_name, count(*) as n from sessions group by all', '-f', 'json'),
    ask('query', `select * from read_text('${secret}')`),
    ask('query', `copy (select 1) to '${written}'`),
    ask('query', 'select * from events'),
  ]);
  expect(JSON.parse(hosts.out)).toEqual([{ host: 'demo', user_name: 'demo', n: 21 }]);
  expect([file.code, copy.code, lacking.code]).toEqual([65, 65, 65]);
  expect(file.out + file.err).not.toContain('not for everyone');
  expect(existsSync(written)).toBe(false);
  expect(lacking.err).toContain('Hosts do not publish events');
}, 60_000);

test('what a host calls itself moves no cursor, in notes neither', async () => {
  const other = join(folder, 'other');
  cpSync(lake, other, { recursive: true });
  const record = join(other, 'hosts', readdirSync(join(other, 'hosts'))[0] ?? '');
  const { cells, ...facts } = JSON.parse(readFileSync(record, 'utf8'));
  const name = 'desk\u001b[2J\u001b]0;mine\u0007\u202e';
  writeFileSync(record, JSON.stringify({ ...facts, name, cells: cells.slice(1) }));
  const { out, err } = await runCli(['team', 'hosts', '--team', other]);
  expect(err).toMatch(/^note: desk \(.*other than its record says.*\n$/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
  expect(out + err).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
}, 60_000);

test('gates judge everyone, and what a lake cannot answer is refused', async () => {
  const [gate, errors, mode] = await Promise.all([
    ask('overview', '--max-cost', '1'),
    ask('errors'),
    ask('daily', '--cost-mode', 'calculate'),
  ]);
  expect(gate.code).toBe(2);
  expect([errors.code, mode.code]).toEqual([64, 64]);
  expect(errors.err).toContain('api_errors, which hosts do not publish');
  expect(mode.err).toContain('--cost-mode calculate cannot be had');
}, 60_000);

test('two sessions are compared and one is explained without what hosts do not publish, which is said', async () => {
  const sessions = ['claude-code:cbc774e4', 'claude-code:6ded2302'];
  const [diff, whole, explained, cost] = await Promise.all([
    ask('diff', ...sessions, '-f', 'json'),
    runCli(['diff', ...sessions, '--demo', '-f', 'json']),
    ask('explain', sessions[0] ?? '', '-f', 'json'),
    ask(
      'query',
      "select sum(cost_usd) as usd from llm_calls where session_id like 'claude-code:cbc774e4%'",
      '-f',
      'json',
    ),
  ]);
  expect([diff.code, explained.code]).toEqual([0, 0]);
  expect(diff.err).toContain('hosts do not publish file_changes');
  const team = JSON.parse(diff.out);
  const here = JSON.parse(whole.out);
  for (const key of ['effort', 'times', 'verifications', 'exploration'])
    expect([key, team[key].map(withoutProgram)]).toEqual([key, here[key].map(withoutProgram)]);
  expect(team.files).toBeNull();
  expect(team.editing.map((side: { changed_file_count: number | null }) => side.changed_file_count)).toEqual([
    null,
    null,
  ]);
  expect(explained.err).toContain('hosts do not publish sources');
  const classes = JSON.parse(explained.out) as readonly { cost_usd: number; path: string | null }[];
  expect(classes.reduce((sum, { cost_usd }) => sum + cost_usd, 0)).toBeCloseTo(
    JSON.parse(cost.out)[0].usd,
    9,
  );
  expect(new Set(classes.map(({ path }) => path))).toEqual(new Set([null]));
}, 60_000);

/** What a command ran is not published. */
const withoutProgram = ({ program: _, ...rest }: Record<string, unknown>): Record<string, unknown> => rest;
