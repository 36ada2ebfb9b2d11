/** The shell as a process: in a terminal, and with statements on stdin. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callCli } from '../cli/call-cli.ts';
import { EXAMPLE, runCli } from '../cli/run-cli.ts';
import { hasTerminal, openTerminal, type Terminal } from './pseudo-terminal.ts';

const TIMEOUT = 300_000;
const PROMPT = /agenttrace> $/;

let folder: string;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agenttrace-shell-'));
  env = { HOME: folder, XDG_STATE_HOME: join(folder, 'state'), PAGER: 'sed s/^/paged:/' };
  cpSync(join(EXAMPLE, '.claude'), join(folder, '.claude'), { recursive: true });
  const { code, err } = await runCli(['load'], { env });
  expect(code, err).toBe(0);
}, TIMEOUT);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const piped = (input: string, words: readonly string[] = []): ReturnType<typeof callCli> =>
  callCli(['shell', '--warehouse', warehouse(), '--no-refresh', ...words], { env, input, cwd: folder });

const warehouse = (): string => join(folder, '.local', 'share', 'agenttrace', 'warehouse.duckdb');

describe('with statements on stdin', () => {
  test('answers one after the other, without a prompt', async () => {
    const { code, out, err } = await piped(
      `\\f csv
      select 1 as a, 'x;y' as b;
      create temp table five as select 5 as n; set variable k = 6;
      select n + getvariable('k') as sum from five; select count(*) > 0 as is_there from sessions
      `,
    );
    expect(err).toBe('Answers are written as csv.\n');
    expect(out.replaceAll('\r', '')).toBe('a,b\n1,x;y\nsum\n11\nis_there\ntrue\n');
    expect(code).toBe(0);
  });

  test('stops at the first error, with its words and its exit code', async () => {
    const { code, out, err } = await piped('select 1 as a;\nselect nope from sessions;\nselect 2 as b;', [
      '-f',
      'csv',
    ]);
    expect(out).toBe('a\r\n1\r\n');
    expect(err).toContain('Referenced column "nope" not found');
    expect(err).toContain('hint:  agenttrace schema VIEW');
    expect(code).toBe(65);
  });

  test.each([
    ['create table x (i int);', 'is not allowed here'],
    ["attach 'x.duckdb';", 'is not allowed here'],
    ["select * from read_text('/etc/hostname');", 'sealed off'],
  ])('is sealed off: %s', async (sql, words) => {
    const { code, err } = await piped(sql);
    expect(err).toContain(words);
    expect(code).toBe(65);
  });

  test('runs reports with their filters, commands of a file, and writes answers to files', async () => {
    writeFileSync(join(folder, 'more.sql'), '\\r models --limit 1\n\\o\nselect 3 as three;\n');
    const { code, out, err } = await piped(
      '\\o out.jsonl\nselect 1 as one;\nselect 2 as two;\n\\o models.csv\n\\i more.sql\n',
    );
    expect(err).toContain('wrote');
    expect(out.trim().split('\n')).toHaveLength(3);
    expect(readFileSync(join(folder, 'out.jsonl'), 'utf8')).toBe('{"one": 1}\n{"two": 2}\n');
    expect(readFileSync(join(folder, 'models.csv'), 'utf8').trim().split('\n')).toHaveLength(2);
    expect(code).toBe(0);
  });

  test('writes Parquet, and no log or warehouse over', async () => {
    const parquet = await piped('create temp table t as select 7 as seven;\n\\o t.parquet\nfrom t;\n');
    expect(parquet.err).toContain('wrote');
    expect(readFileSync(join(folder, 't.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    const before = readFileSync(warehouse());
    const { code, err } = await piped(`\\f csv\n\\o ${warehouse()}\nselect 1;`);
    expect(err).toContain('This is the warehouse');
    expect(code).toBe(64);
    expect(readFileSync(warehouse()).equals(before)).toBe(true);
  });
});

describe.skipIf(!hasTerminal)('in a terminal', () => {
  let terminal: Terminal;

  test(
    'lines, Tab, errors, Ctrl-C, the pager, and a load elsewhere',
    async () => {
      terminal = openTerminal(['shell'], env);
      try {
        await terminal.sees(/\d+ sessions\. SQL ends with a semicolon[\s\S]*agenttrace> $/);

        terminal.type('select kind,\n');
        await terminal.sees(/\.\.\.> $/);
        terminal.type("count(*) as n from sessions where agent = 'claude\n");
        await terminal.sees(/\.\.'> $/);
        terminal.type("-code' group by kind order by kind;\n");
        expect(await terminal.sees(PROMPT)).toContain('No rows');

        terminal.type('select count(*) from tool_c\t');
        await terminal.sees(/tool_calls/);
        terminal.type(' where command_tex\x03');
        await terminal.sees(/\^C\n[\s\S]*agenttrace> $/);
        terminal.type('from llm_calls select cost_\t');
        expect(await terminal.sees(/agenttrace> from llm_calls select cost_$/)).toMatch(
          /cost_usd +column of llm_calls +Cost under the cost mode/,
        );
        terminal.type('\x03');
        await terminal.sees(/\^C\n[\s\S]*agenttrace> $/);

        terminal.type('from sesions;\n');
        expect(await terminal.sees(PROMPT)).toMatch(/error: [\s\S]*hint: {2}Did you mean sessions/);

        terminal.type('select count(*) from range(1000000000000) t(i) where hash(i) = 1;\n');
        await new Promise((resolve) => setTimeout(resolve, 500));
        terminal.type('\x03');
        expect(await terminal.sees(/Stopped\.\n[\s\S]*agenttrace> $/)).toContain('Stopped.');

        terminal.type('create temp table kept as select count(*) as n from sessions;\n');
        await terminal.sees(PROMPT);

        // The shell is idle: another process writes the warehouse without waiting for it.
        cpSync(join(EXAMPLE, '.codex'), join(folder, '.codex'), { recursive: true });
        const { code, err } = await runCli(['load'], { env });
        expect(code, err).toBe(0);
        expect(err).not.toContain('waiting');
        terminal.type('select (select count(*) from sessions) > n as grew from kept;\n');
        expect(await terminal.sees(/agenttrace> $/)).toMatch(/grew[\s\S]*yes/);

        terminal.type('from range(100);\n');
        expect(await terminal.sees(/paged: *99[\s\S]*agenttrace> $/)).toContain('paged:');
        terminal.type('\x04');
        expect(await terminal.ends()).toBe(0);
      } finally {
        terminal.kill();
      }
      const history = join(folder, 'state', 'agenttrace', 'shell_history');
      expect(statSync(history).mode & 0o777).toBe(0o600);
      expect(readFileSync(history, 'utf8')).toContain('from sesions;\n');
    },
    TIMEOUT,
  );

  test(
    'what was asked is recalled the next time',
    async () => {
      mkdirSync(join(folder, 'state', 'agenttrace'), { recursive: true });
      writeFileSync(join(folder, 'state', 'agenttrace', 'shell_history'), 'select 40 + 2 as answer;\n');
      terminal = openTerminal(['shell', '--no-refresh'], env);
      try {
        await terminal.sees(PROMPT);
        terminal.type('\x1b[A');
        await terminal.sees(/as answer;/);
        terminal.type('\n');
        expect(await terminal.sees(PROMPT)).toContain('42');
        terminal.type('\\q\n');
        expect(await terminal.ends()).toBe(0);
      } finally {
        terminal.kill();
      }
    },
    TIMEOUT,
  );
});
