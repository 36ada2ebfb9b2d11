import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { EXAMPLE, runCli, withFolder } from './run-cli.ts';

test('prints its version', async () => {
  for (const word of ['--version', '-version']) {
    const { code, out, err } = await runCli([word]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^agenttrace v\d+\.\d+\.\d+\n$/);
  }
});

test.each(COMMANDS.map(({ name }) => name))('%s has help with examples, on stdout', async (name) => {
  const { code, out, err } = await runCli([name, '--help']);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(`Usage: agenttrace ${name}`);
  expect(out).toContain('Examples:');
  expect(out).toContain('Exit codes:');
});

describe('wrong usage', () => {
  test.each([
    [['--nope'], 64, 'Unknown option'],
    [['overview', '--formt', 'json'], 64, 'Did you mean --format?'],
    [['overveiw'], 64, 'Did you mean overview?'],
    [['--sinse', '7d'], 64, 'Did you mean --since, as of overview, latest, '],
    [['-f', 'xml'], 64, 'Choose from table'],
    [['-f', 'jsn'], 64, 'Did you mean json?'],
    [['-f'], 64, 'argument missing'],
    [['--since', 'yesterday'], 64, '--since does not understand'],
    [['--since', '1d', '--until', '2d'], 64, 'not before'],
    [['--limit', '0'], 64, '--limit'],
    [['--timezone', 'Europe/Berln'], 64, 'Did you mean Europe/Berlin?'],
    [['--timezone', '+02:00'], 64, '--timezone knows no “+02:00”'],
    [['--cost-mode', 'guess'], 64, 'auto, calculate, reported'],
    [['report', 'dayly'], 64, 'Did you mean daily?'],
    [['schema', 'sesions'], 64, 'Did you mean sessions?'],
    [['forget', '--undo'], 64, 'wants the REF'],
    [['export'], 64, "Missing required argument 'dir'"],
    [['-f', 'csv'], 64, 'several tables'],
    [['query', '--agent', 'codex', 'select 1'], 64, 'query has no --agent'],
    [['query', 'select 1', '--file', 'a.sql'], 64, 'given twice'],
    [['session'], 64, "Missing required argument 'ref'"],
    [['completion', 'tcsh'], 64, 'bash, zsh or fish'],
    [['--demo', '-d', '.'], 64, '--demo'],
    [['report', '--max-cost', '1', '--since', '7d'], 64, 'takes no --since, --max-cost'],
    [['report', '--fail-on-critical', '--demo'], 64, 'takes no --demo, --fail-on-critical'],
    [['report', '--eject', 'tools', '--limit', '3'], 64, 'takes no --limit'],
    [['report', '--eject', 'tools', 'daily'], 64, 'daily is one too many'],
    [['--agent', 'codex', '--agent', 'pi'], 64, '--agent is given twice'],
    [['-f', 'csv', '--latest', '--format=md'], 64, '--format is given twice'],
    [['tools', '--session', 'a', '--session', 'a'], 64, '--session is given twice'],
    [[''], 64, 'not an empty text'],
    [['daily', ''], 64, 'agenttrace daily wants PATH, not an empty text'],
    [['session', ''], 64, 'agenttrace session wants REF, not an empty text'],
    [['-d', ''], 64, '--dir wants DIR, not an empty text'],
    [['daily', '-o='], 64, '--output wants FILE'],
    [['--warehouse', ''], 64, '--warehouse wants FILE'],
    [['--fail-on-sql', ' '], 64, '--fail-on-sql wants'],
    [['--session', ''], 64, '--session wants REF'],
    [['--agent='], 64, '--agent wants AGENT'],
    [['query', '--x'], 64, "Unknown option '--x'"],
    [['--lang', 'zh', 'daily'], 64, '--lang zh is not built yet'],
    [['-lang=zh-cn'], 64, '--lang zh-cn is not built yet'],
    [['--lang', 'xx'], 64, '--lang has no “xx”'],
    [['--theme', 'dark', 'daily'], 64, "Unknown option '--theme'"],
    [['--foo', 'bar'], 64, "Unknown option '--foo'"],
    [['help', 'nosuch'], 64, 'There is no command “nosuch”'],
    [['help', 'dayly'], 64, 'Did you mean daily?'],
    [['session', 'x', '--session', 'y'], 64, '--session is one session too many'],
    [
      ['session', 'claude-code:cbc7', '--demo', '--since', '7d'],
      64,
      'agenttrace sessions --since … lists those that match, agenttrace latest --since … shows the newest of them.',
    ],
    [['--limit', '99999999999'], 64, 'from 1 to 999,999,999'],
    [['models', '--demo', '-o', 'answer.xlsx'], 64, 'The suffix “.xlsx” names no format'],
    [['-d', 'does-not-exist'], 66, 'no such file or folder'],
    [['query', '--file', 'does-not-exist.sql'], 66, 'cannot be read'],
  ] as const)('%j exits with %i', async (words, exitCode, said) => {
    const { code, out, err } = await runCli(words);
    expect(err).toContain(said);
    expect(err).toMatch(/^error: /);
    expect([code, out]).toEqual([exitCode, '']);
  });

  test('without logs there is no answer', async () => {
    await withFolder(async (folder) => {
      const { code, err } = await runCli(['overview', '-d', folder]);
      expect(code).toBe(66);
      expect(err).toContain('agenttrace doctor');
      const home = { HOME: folder, XDG_DATA_HOME: join(folder, 'data') };
      expect((await runCli(['--no-refresh'], { env: home })).code).toBe(66);
      expect((await runCli(['doctor'], { env: home })).code).toBe(0);
    });
  });

  test('with -f json an error is one object on stderr', async () => {
    const { code, out, err } = await runCli(['-d', EXAMPLE, 'query', 'select * from sesions', '-f', 'json']);
    expect([code, out]).toEqual([65, '']);
    const { error } = JSON.parse(err);
    expect(error.code).toBe('bad_sql');
    expect(error.message).toContain('LINE 1: select * from sesions');
    expect(error.hint).toContain('sessions');
  });
});

test('the older flags still work, with one dash or two', async () => {
  const answers = await Promise.all(
    [['--overview'], ['-overview'], ['overview'], []].map((words) =>
      runCli([...words, '-f', 'json', '-d', EXAMPLE]),
    ),
  );
  const summaries = answers.map(({ out }) => JSON.parse(out).summary);
  for (const summary of summaries) expect(summary).toEqual(summaries[0]);
  expect(summaries[0].total_sessions).toBeGreaterThan(5);
});

test('takes what older scripts pass and needs no answer', async () => {
  const { code, out, err } = await runCli(['-compare', '-m', 'opus', '-lang', 'en', '-d', EXAMPLE]);
  expect([code, err]).toEqual([0, expect.stringContaining('-m is taken for the sake of older scripts')]);
  expect(out).toBe((await runCli(['compare', '-d', EXAMPLE])).out);
  const prices = await runCli(['-test-match', '--limit', '1', '--demo']);
  expect([prices.code, prices.out]).toEqual([0, expect.stringMatching(/^Model prices/)]);
});

test('SQL may begin with a comment', async () => {
  for (const words of [
    ['query', '-- slowest\nselect 1 as a'],
    ['-f', 'json', 'query', '-- a = b\nselect 1 as a'],
    ['query', '-f=json', '--', '--x\nselect 1 as a'],
  ]) {
    const { code, out } = await runCli(['--demo', ...words]);
    expect([code, out]).toEqual([0, expect.stringMatching(/a/)]);
  }
});

test('help of a command, and of all', async () => {
  expect((await runCli(['help', 'daily'])).out).toBe((await runCli(['daily', '--help'])).out);
  expect((await runCli(['help'])).out).toBe((await runCli(['--help'])).out);
});

test('flags work behind the operands', async () => {
  const { code, out } = await runCli(['overview', EXAMPLE, '-f', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(out).version).toMatch(/^\d/);
});

test.each(['bash', 'zsh', 'fish'])('completes in %s', async (shell) => {
  const { code, out } = await runCli(['completion', shell]);
  expect(code).toBe(0);
  for (const { name } of COMMANDS) expect(out).toContain(name);
  expect(out).toContain('format');
});
