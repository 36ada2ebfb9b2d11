/** Reports that are not shipped: whose they are, that they run sealed off, and what is said of their errors. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import { temporaryFolder } from '../adapters/load.ts';
import { callCli } from './call-cli.ts';
import { makeWarehouse, type Ran } from './run-cli.ts';

let warehouse: Awaited<ReturnType<typeof makeWarehouse>>;
beforeAll(async () => {
  warehouse = await makeWarehouse();
}, 60_000);
afterAll(() => warehouse.remove());

const root = temporaryFolder();
const project = join(root, 'project');
const own = join(root, 'config', 'agenttrace', 'reports');
const team = join(root, 'team');
const deep = join(project, 'src', 'deep');
mkdirSync(deep, { recursive: true });

function put(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.sql`), text);
}
const ofProject = (files: Readonly<Record<string, string>>): void =>
  put(join(project, '.agenttrace', 'reports'), files);

const call = (...words: readonly string[]): Promise<Ran> =>
  callCli([...words, '--warehouse', warehouse.file, '--no-refresh'], {
    cwd: deep,
    env: { XDG_CONFIG_HOME: join(root, 'config') },
  });
const report = (...words: readonly string[]): Promise<Ran> => call('report', ...words);
/** Without a warehouse: the list of reports, say. */
const reports = (...words: readonly string[]): Promise<Ran> =>
  callCli(['report', ...words], { cwd: deep, env: { XDG_CONFIG_HOME: join(root, 'config') } });

const DEAR = `-- Sessions above an amount.
-- @title Dear sessions
-- @param least decimal(18,9) 1 Least cost.
-- @column session_id Which
-- @column cost_usd   Cost
select session_id, cost_usd
from sessions
where cost_usd >= $least
order by cost_usd desc, session_id
`;

describe('a report of one’s own', () => {
  test('takes parameters, and has a title and labels', async () => {
    put(own, { dear: DEAR });
    const all = await report('dear', '-f', 'json');
    const fewer = await report('dear', '-f', 'json', '--param', 'least=5');
    expect(JSON.parse(all.out).length).toBeGreaterThan(JSON.parse(fewer.out).length);
    expect((await report('dear')).out).toMatch(/^Dear sessions\nWhich +Cost\n/);
    const noNumber = await report('dear', '--param', 'least=much');
    expect([noNumber.code, noNumber.out]).toEqual([64, '']);
    expect(noNumber.err).toContain('least (decimal(18,9))');
    expect((await report('dear', '--agent', 'codex')).err).toContain('cannot be narrowed by --agent');
    expect((await report('dear', '--agent', 'codex')).err).toContain('It takes --param least=…');
    const stray = await report('dear', '--param', 'leest=1');
    expect([stray.code, stray.err]).toEqual([64, expect.stringContaining('has no parameter leest')]);
  });

  test('is written in every format, with the same rows', async () => {
    put(own, { dear: DEAR });
    const rows = JSON.parse((await report('dear', '-f', 'json')).out) as readonly Record<string, unknown>[];
    const ids = rows.map(({ session_id: id }) => String(id));
    expect(ids.length).toBeGreaterThan(1);
    const lines = (await report('dear', '-f', 'jsonl')).out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
    for (const format of ['csv', 'markdown', 'html', 'table']) {
      const { out } = await report('dear', '-f', format);
      for (const id of ids) expect(out).toContain(id);
    }
    const arrow = tableFromIPC((await report('dear', '-f', 'arrow')).stdout);
    expect(arrow.toArray().map((row) => row?.toJSON().session_id)).toEqual(ids);
    const file = join(root, 'dear.parquet');
    expect((await report('dear', '-o', file)).code).toBe(0);
    const reader = await connect(':memory:');
    const { rows: read } = await reader.query(`select session_id from '${file}'`);
    reader.close();
    expect(read.flat()).toEqual(ids);
  });

  test('is named to who takes it for a command', async () => {
    put(own, { dear: DEAR });
    expect((await call('dear')).err).toContain('agenttrace report dear runs your own report');
  });

  test('is held against gates', async () => {
    put(own, { dear: DEAR });
    const gated = await report(
      'dear',
      '--max-cost',
      '1',
      '--fail-on-sql',
      'select session_id from judged_sessions',
    );
    expect([gated.code, gated.out]).toEqual([2, (await report('dear')).out]);
    expect(gated.err).toContain('2 of 2 gates did not hold');
    expect((await report('dear', '--max-cost', '1000')).code).toBe(0);
  });

  test.each([
    [
      'a wrong column',
      '-- A.\n-- @title T\n\nselect project,\n    costs_usd\nfrom sessions',
      ':5',
      'cost_usd',
    ],
    ['a wrong view', 'select 1 from sesions', ':1', 'Did you mean sessions'],
    ['a syntax error', '-- A.\nselect 1 from from', ':2', 'syntax error'],
    ['an unknown tag', '-- Title.\n-- @nonsense x\nselect 1', ':2', '@nonsense is not known'],
    ['an undeclared parameter', '-- A.\nselect 1,\n    $x', ':3', 'no @param x'],
    ['a type that is none', '-- A.\n-- @param x int); 1 X.\nselect $x', ':2', 'is not known'],
    ['a label for no column', '-- A.\n-- @title T\n-- @column b B\nselect 1 as a', ':3', 'no column b'],
    ['no statement', '-- A.', ':1', 'no statement'],
  ])('says file and line of %s', async (_, sql, line, says) => {
    put(own, { wrong: sql });
    const { code, err, out } = await report('wrong');
    expect([code, out]).toEqual([65, '']);
    expect(err).toContain(`where: ${join(own, 'wrong.sql')}${line}\n`);
    expect(err.toLowerCase()).toContain(says.toLowerCase());
    expect(err.split(join(own, 'wrong.sql'))).toHaveLength(2);
    put(own, { wrong: 'select 1' });
  });

  test('moves no cursor and colours nothing, whatever its header and its errors hold', async () => {
    const red = '\u001b[31m';
    put(own, { red: `-- R.\n-- @title ${red}red\n-- @column a ${red}A\nselect 1 as a` });
    put(own, { redder: `select '${red}' as a, nothing` });
    const said = [await report('red'), await report('redder'), await report('red', '-f', 'html')];
    for (const { out, err } of said) expect(out + err).not.toContain('\u001b');
  });
});

describe('of several of one name', () => {
  test('the folders of --reports come first, then one’s own, the shipped one, and the project’s', async () => {
    ofProject({ daily: 'select 4 as project', once: 'select 4 as project' });
    expect((await report('once')).out).toContain('Project');
    put(own, { once: 'select 2 as own' });
    expect((await report('once')).out).toContain('Own');
    put(team, { once: 'select 1 as team', daily: 'select 1 as team' });
    expect((await report('once', '--reports', team)).out).toContain('Team');
    const shipped = await report('daily');
    expect(shipped.out).toContain('Cost by day');
    expect(shipped.err).toContain('a project replaces no report');
    expect((await report('daily', '--reports', team)).out).toContain('Team');
    const byPath = await report(join('..', '..', '.agenttrace', 'reports', 'daily.sql'));
    expect(byPath.out).toContain('Project');
  });

  test('a project replaces no command, one’s own do, and it is said', async () => {
    ofProject({ models: 'select 4 as project', daily: 'select 4 as project' });
    expect((await call('models')).out).toContain('Cost by model');
    put(own, { models: 'select 2 as own' });
    const { out, err } = await call('models');
    expect(out).toContain('Own');
    expect(err).toContain(`This is your own report ${join(own, 'models.sql')}`);
  });

  test('the list shows all, what is hidden, and what cannot be used', async () => {
    ofProject({ daily: 'select 1', broken: '-- B.\n-- @nonsense\nselect 1' });
    put(own, { dear: DEAR });
    const listed = JSON.parse((await reports('-f', 'json')).out) as readonly Record<string, unknown>[];
    const of = (name: string) => listed.filter((one) => one.name === name);
    expect(of('daily')).toMatchObject([
      { origin: 'shipped', file: null, is_hidden: false },
      { origin: 'project', file: join(project, '.agenttrace', 'reports', 'daily.sql'), is_hidden: true },
    ]);
    expect(of('broken')[0]?.error).toContain('broken.sql:2');
    expect(of('dear')[0]?.parameters).toEqual([
      { name: 'least', type: 'decimal(18,9)', default: '1', description: 'Least cost.' },
    ]);
    const { out } = await reports();
    expect(out).toMatch(/^dear +own +Sessions above an amount\. --param least=1$/m);
    expect(out).toMatch(/^daily +project \(hidden\)/m);
    expect((await report('nothing-of-the-kind')).code).toBe(64);
    expect((await report('dear', '--reports', join(root, 'gone'))).code).toBe(66);
  });
});

describe('a stranger’s repository', () => {
  const OUT = join(root, 'outside');
  mkdirSync(OUT);
  writeFileSync(join(OUT, 'secret.csv'), 'secret\n42\n');
  const HOSTILE = [
    `select * from read_csv('${OUT}/secret.csv')`,
    `select * from '${OUT}/secret.csv'`,
    `select * from glob('${OUT}/*')`,
    `copy (select 42) to '${OUT}/stolen.csv'`,
    `attach '${OUT}/new.duckdb' as other`,
    'set enable_external_access = true',
    'set lock_configuration = false',
    'create temp macro sum(x) as 0',
    'create temp view judged_sessions as select 1',
    'set variable cost_mode = $$reported$$',
    'select 1; select 2',
    'commit; drop schema v1 cascade',
    'drop view v1.sessions',
    'insert into raw.sources default values',
    'call enable_logging()',
    'pragma enable_profiling',
    "select * from read_parquet('http://127.0.0.1:1/x.parquet')",
    'install httpfs',
  ];

  test.each(HOSTILE)('runs nothing but a sealed SELECT: %s', async (sql) => {
    ofProject({ hostile: sql });
    const before = createHash('sha256').update(readFileSync(warehouse.file)).digest('hex');
    const { code, out, err } = await report('hostile');
    expect([code, out]).toEqual([65, '']);
    expect(err).toContain('hostile.sql');
    expect(err).not.toContain('42\n');
    expect(readdirSync(OUT)).toEqual(['secret.csv']);
    expect(createHash('sha256').update(readFileSync(warehouse.file)).digest('hex')).toBe(before);
  });

  test('writes no other file than that of -o', async () => {
    ofProject({ one: 'select 1 as a', hostile: `copy (select 1) to '${OUT}/b.parquet'` });
    const target = join(root, 'one.parquet');
    expect((await report('one', '-o', target)).code).toBe(0);
    expect((await report('hostile', '-o', join(root, 'two.parquet'))).code).toBe(65);
    expect(existsSync(join(root, 'two.parquet'))).toBe(false);
    expect(readdirSync(OUT)).toEqual(['secret.csv']);
  });

  test('is stopped when it takes too long', async () => {
    ofProject({ endless: 'select count(*) from range(100000000000) as a, range(100000000) as b' });
    const { code, err } = await report('endless', '--timeout', '1');
    expect(code).toBe(1);
    expect(err).toContain('stopped after 1 s');
  });

  test('shows no line of a file outside by a link', async () => {
    ofProject({ one: 'select 1 as a' });
    const link = join(project, '.agenttrace', 'reports', 'link.sql');
    symlinkSync(join(OUT, 'secret.csv'), link);
    const { code, err } = await report('link');
    expect(code).toBe(65);
    expect(err).toContain('outside of the project');
    expect(err).not.toContain('secret\n');
    expect((await report(dirname(link))).code).toBe(65);
  });
});

describe('--eject', () => {
  test('writes a shipped report to change, once', async () => {
    const first = await reports('--eject', 'tools');
    const path = join(own, 'tools.sql');
    expect([first.code, first.out]).toEqual([0, `${path}\n`]);
    expect(readFileSync(path, 'utf8')).toBe(
      readFileSync(new URL('../../sql/reports/tools.sql', import.meta.url), 'utf8'),
    );
    const again = await reports('--eject', 'tools');
    expect([again.code, again.out]).toEqual([64, '']);
    writeFileSync(path, readFileSync(path, 'utf8').replace('@title   Tools', '@title   My tools'));
    expect((await call('tools')).out).toMatch(/^My tools\n/);
    expect((await reports('--eject', 'tols')).err).toContain('Did you mean tools?');
  });

  test('writes it into the folder of --reports, where it answers as before', async () => {
    const folder = join(root, 'ejected');
    for (const name of ['overview', 'daily', 'trend']) {
      await reports('--eject', name, '--reports', folder);
      const mine = await report(name, '--reports', folder, '-f', 'json');
      const generated = /"generated_at": "[^"]*"/;
      expect(mine.out.replace(generated, '')).toBe(
        (await report(name, '-f', 'json')).out.replace(generated, ''),
      );
    }
  });
});
