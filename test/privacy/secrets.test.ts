/** Secrets in logs: none of them in the warehouse, in an answer or in an export. */
import { mkdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { shippedReports } from '../../src/catalog/contract.ts';
import { renderAnswer } from '../../src/cli/answer.ts';
import { htmlAnswer } from '../../src/cli/html-answer.ts';
import { reportAnswer } from '../../src/cli/report-answer.ts';
import type { Invocation } from '../../src/cli/spec.ts';
import { applySettings, runReport } from '../../src/report/run-report.ts';
import { connect } from '../../src/warehouse/connection.ts';
import { load, newWarehouse, temporaryFolder } from '../adapters/load.ts';
import { type Ran, runCli } from '../cli/run-cli.ts';
import { PLANTED } from './planted.ts';
import { plantSamples, plantSessions } from './planted-home.ts';

const home = temporaryFolder();
const warehouse = join(temporaryFolder(), 'data', 'w.duckdb');
const exports_ = temporaryFolder();
const CLAUDE = 'a1000000-0000-4000-8000-0000000000f1';
const CODEX = '019e0000-0000-7000-8000-0000000000f1';
const EVERY_TEXT = `
  select 'command' as what, command as words from raw.tool_commands
  union all select 'error', error_text from raw.tool_errors
  union all select 'path', file_path from raw.tool_uses
  union all select 'change', file_path from raw.file_changes
  union all select 'folder', cwd from raw.session_headers
  union all select 'branch', git_branch from raw.session_headers
  union all select 'remote', git_remote from raw.session_headers
  union all select 'code', code from raw.api_errors`;

const ask = (...words: readonly string[]): Promise<Ran> =>
  runCli(['--warehouse', warehouse, '--no-refresh', ...words], { env: { HOME: home } });

const FORMATS = ['table', 'markdown', 'json', 'jsonl', 'csv'] as const;

/** What the renderers ask of a call of the program in a pipe. */
const INVOCATION = {
  runtime: { now: new Date('2026-11-30T12:00:00Z'), stdout: { columnCount: null, rowCount: null } },
  options: { timeZone: 'UTC', hasColor: false },
  operands: [],
} as unknown as Invocation;

/** The kinds of secrets that stand in some bytes. */
function kindsIn(bytes: Buffer | string): readonly string[] {
  const text = typeof bytes === 'string' ? bytes : bytes.toString('latin1');
  return PLANTED.filter(({ secret }) => text.includes(secret)).map(({ kind }) => kind);
}

/** Each file of the warehouse's folder, and the kinds of secrets in it. */
async function filesWithKinds(): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = (await readdir(dirname(warehouse), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    await Promise.all(files.map(async (path) => [path, kindsIn(await readFile(path))] as const)),
  );
}

let whileOpen: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  plantSamples(join(home, 'samples'));
  plantSessions(home);
  mkdirSync(dirname(warehouse), { recursive: true });
  const connection = await connect(warehouse);
  try {
    await load(connection, home);
    await load(connection, home, [join(home, 'samples')]);
    whileOpen = await filesWithKinds();
  } finally {
    connection.close();
  }
}, 300_000);

describe('the warehouse', () => {
  it('holds none in any column of any table', async () => {
    const connection = await connect(warehouse, { access_mode: 'READ_ONLY' });
    try {
      const { rows: columns } = await connection.query(`
        select schema_name, table_name, column_name from duckdb_columns()
        where schema_name in ('raw', 'mart') and data_type like '%VARCHAR%'`);
      expect(columns.length).toBeGreaterThan(50);
      const found: string[] = [];
      for (const [schema, table, column] of columns) {
        const { rows } = await connection.query(
          `select string_agg("${column}"::varchar, chr(10)) from "${schema}"."${table}"`,
        );
        for (const kind of kindsIn(String(rows[0]?.[0] ?? '')))
          found.push(`${schema}.${table}.${column}: ${kind}`);
      }
      expect(found).toEqual([]);
    } finally {
      connection.close();
    }
  });

  it('holds the texts that they stood in, with a mark in their place', async () => {
    const connection = await connect(warehouse, { access_mode: 'READ_ONLY' });
    try {
      const { rows } = await connection.query(`
        select agent, count(*) filter (contains(words, '[masked]')), count(*)
        from (
            select s.agent, t.what, t.words
            from (
                select source_no, 'command' as what, command as words from raw.tool_commands
                union all select source_no, 'error', error_text from raw.tool_errors
            ) as t
            inner join raw.sources as s using (source_no)
        )
        group by agent order by agent`);
      const marked = new Map(rows.map(([agent, count]) => [String(agent), Number(count)]));
      expect(marked.get('claude-code')).toBeGreaterThanOrEqual(2 * PLANTED.length);
      expect(marked.get('codex')).toBeGreaterThanOrEqual(2 * PLANTED.length);
      expect([...marked.values()].filter((count) => count > 0).length).toBeGreaterThan(8);
      const places = await connection.query(`
        select what from (${EVERY_TEXT}) where contains(words, '[masked]') group by what order by what`);
      expect(places.rows.flat()).toEqual([
        'branch',
        'change',
        'code',
        'command',
        'error',
        'folder',
        'path',
        'remote',
      ]);
    } finally {
      connection.close();
    }
  });
});

describe('what is printed', () => {
  // These ask for a session or a model by name.
  const reports = shippedReports().filter(({ name }) => !/^(?:diff|session$|explain)/.test(name));

  it('by every report, in every format of text: none', async () => {
    const connection = await connect(warehouse, { access_mode: 'READ_ONLY', memory_limit: '512MB' });
    try {
      await applySettings(connection, { timeZone: 'UTC', costMode: 'auto' });
      for (const report of reports) {
        const answer = reportAnswer(await runReport({ connection, report, values: {} }), INVOCATION);
        const formats = answer.shape === 'table' ? FORMATS : (['table', 'markdown', 'json'] as const);
        const texts = formats.map((format) => renderAnswer(answer, { format, invocation: INVOCATION }));
        expect(texts[0]).toMatch(/\S/);
        for (const text of [...texts, htmlAnswer(answer, INVOCATION)]) {
          expect([report.name, kindsIn(text)]).toEqual([report.name, []]);
        }
      }
    } finally {
      connection.close();
    }
  }, 120_000);

  it.each([
    ['session', CLAUDE, '--content'],
    ['session', CODEX, '--content', '-f', 'markdown'],
    ['diff', CLAUDE, CODEX, '--content'],
    ['diff', CLAUDE, CODEX, '--content', '-f', 'json'],
    ['errors', '--content', '-f', 'csv'],
    ['overview', '-f', 'html'],
    ['files', '-f', 'csv'],
    ['projects', '-f', 'jsonl'],
    ['--doctor'],
  ])('%s %s %s: none', async (...words) => {
    const { out, err } = await ask(...words);
    expect(out.length + err.length).toBeGreaterThan(0);
    expect(kindsIn(out + err)).toEqual([]);
  });

  it.each(['table', 'markdown', 'json', 'jsonl', 'csv'])(
    'query over every text, as %s: none',
    async (format) => {
      const { code, out, err } = await ask('query', EVERY_TEXT, '-f', format);
      expect([code, err]).toEqual([0, expect.any(String)]);
      expect(out).toMatch(/masked/);
      expect(kindsIn(out)).toEqual([]);
    },
  );

  it('query over every text, as Parquet and Arrow: none', async () => {
    const parquet = join(exports_, 'texts.parquet');
    expect((await ask('query', EVERY_TEXT, '-f', 'parquet', '-o', parquet)).code).toBe(0);
    const connection = await newWarehouse();
    const { rows } = await connection.query(`select string_agg(words, chr(10)) from '${parquet}'`);
    connection.close();
    const { code, stdout } = await ask('query', EVERY_TEXT, '-f', 'arrow');
    expect(code).toBe(0);
    const arrow = tableFromIPC(stdout).toArray().map(String).join('\n');
    for (const text of [String(rows[0]?.[0]), arrow]) {
      expect(text).toContain('[masked]');
      expect(kindsIn(text)).toEqual([]);
    }
    expect(kindsIn(await readFile(parquet))).toEqual([]);
  });
});

it.each([
  ['a lake', 'publish', 'facts/v1/tool_calls/*/*/*.parquet'],
  ['an export', 'export', 'facts/tool_calls/*/*.parquet'],
])(
  '%s with content has none, in any column of any file',
  async (_, command, commands) => {
    const folder = join(temporaryFolder(), command);
    const { code, out, err } = await ask(command, folder, '--content');
    expect([code, kindsIn(out + err)]).toEqual([0, []]);
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const connection = await newWarehouse();
    const textOf = async (path: string): Promise<string> => {
      if (!path.endsWith('.parquet')) return readFile(path, 'latin1');
      const { rows } = await connection.query(
        `select string_agg(columns(*)::varchar, chr(10)) from read_parquet('${path}', hive_partitioning = false)`,
      );
      return (rows[0] ?? []).join('\n');
    };
    try {
      for (const { parentPath, name } of files) {
        const path = join(parentPath, name);
        expect([path, kindsIn(await textOf(path))]).toEqual([path, []]);
      }
      expect(await textOf(join(folder, commands))).toContain('[masked]');
    } finally {
      connection.close();
    }
  },
  120_000,
);

it('no file of the warehouse has any: not before it is closed, nor with kept answers beside it', async () => {
  expect([...whileOpen.keys()]).toContain(warehouse);
  for (const [path, kinds] of whileOpen) expect([path, kinds]).toEqual([path, []]);
  for (const report of ['overview', 'errors'])
    await runCli([report, '--warehouse', warehouse], { env: { HOME: home } });
  const files = await filesWithKinds();
  expect([...files.keys()].some((path) => path.includes('.answers'))).toBe(true);
  for (const [path, kinds] of files) expect([path, kinds]).toEqual([path, []]);
}, 120_000);
