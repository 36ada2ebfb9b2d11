/** What is said where something is missing, unreadable or not to be written: the place, and a next step that works. */
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explainOpening } from '../../src/warehouse/open.ts';
import { zstd } from '../project/zstd.ts';
import { EXAMPLE, runCli, withFolder } from './run-cli.ts';

const isRoot = process.getuid?.() === 0;

test('where no log was found, the path is named', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'passwd');
    writeFileSync(file, 'root:x:0:0');
    mkdirSync(join(folder, 'empty'));
    for (const [words, path] of [
      [[file], file],
      [['daily', '-d', 'empty'], join(folder, 'empty')],
    ] as const) {
      const { code, err } = await runCli(words, { cwd: folder });
      expect(code).toBe(66);
      expect(err).toContain(`where: ${path}\n`);
      expect(err).toContain(`agenttrace doctor ${path} `);
    }
  });
});

test('in an empty home doctor lists every place, and load says to ask it', async () => {
  await withFolder(async (folder) => {
    const env = { HOME: folder };
    const load = await runCli(['load'], { env });
    expect([load.code, load.out]).toEqual([0, expect.stringContaining('agenttrace doctor')]);
    expect(load.out).not.toMatch(/overview|rejected, and why/);
    const { code, out } = await runCli(['doctor'], { env });
    expect(code).toBe(0);
    expect(out).toContain(join(folder, '.claude', 'projects'));
    expect(out).toContain(join(folder, '.codex', 'sessions'));
  });
});

test('a filter that no log knows is said, each time, with what was probably meant', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'w.duckdb');
    const ask = (...words: readonly string[]): ReturnType<typeof runCli> =>
      runCli([...words, '-d', EXAMPLE, '--warehouse', file]);
    for (const words of [['daily'], ['daily'], ['overview']]) {
      const { code, err } = await ask(...words, '--agent', 'claud-code');
      expect([code, err]).toEqual([
        0,
        'note: no log has the agent “claud-code”. Did you mean claude-code?\n',
      ]);
    }
    expect((await ask('daily', '--project', 'nosuch', '--model', 'gpt-5.5')).err).toBe(
      'note: no log has the project “nosuch”.\n',
    );
    expect((await ask('daily', '--agent', 'codex', '--since', '2030-01-01')).err).toBe('');
    expect((await ask('daily', '--agent', 'nosuch', '--quiet')).err).toBe('');
  });
});

test('of a compressed log that is cut off, the file, the damage and what was kept are said', async () => {
  await withFolder(async (folder) => {
    const sessions = join(folder, '.codex', 'sessions');
    mkdirSync(sessions, { recursive: true });
    const path = join(sessions, 'rollout-2026-05-02T10-00-00-019e0000-0000-7000-8000-000000000001.jsonl.zst');
    const line = '{"timestamp":"2026-05-02T10:00:00Z","type":"session_meta","payload":{"id":"a"}}\n';
    writeFileSync(path, zstd(Buffer.from(line.repeat(3)), line.length).subarray(0, -9));
    const env = { HOME: folder };
    const said = 'is cut off: its compressed data end too early. The 2 lines before that are counted';
    const load = await runCli(['load'], { env });
    expect(load.err).toBe(
      `note: One log could not be read in full (${path}: ${said}). See agenttrace doctor.\n`,
    );
    const doctor = await runCli(['doctor'], { env });
    expect([doctor.code, doctor.err]).toEqual([0, '']);
    expect(doctor.out).toContain(said);
    expect(doctor.out).toContain('put a whole copy in its place');
    expect(doctor.out).not.toContain('permission');
  });
});

test('a file that cannot be written is named before any work, and nothing is left', async () => {
  await withFolder(async (folder) => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'x.csv');
    const { code, err } = await runCli(['models', '--demo', '-o', path]);
    expect(code).toBe(1);
    expect(err).toContain(`where: ${path}\n`);
    expect(err).not.toContain('.tmp');
    expect(readdirSync(folder)).toEqual(['file']);
  });
});

test.skipIf(isRoot)('a folder without the right to write', async () => {
  await withFolder(async (folder) => {
    chmodSync(folder, 0o500);
    const { code, err } = await runCli(['models', '--demo', '-o', join(folder, 'x.parquet')]);
    chmodSync(folder, 0o700);
    expect([code, err]).toEqual([1, expect.stringContaining(`where: ${join(folder, 'x.parquet')}\n`)]);
  });
});

test.skipIf(process.platform !== 'linux')('where the system refuses to make files, it ends', async () => {
  for (const path of ['/proc/x', '/proc/y/x']) {
    const written = await runCli(['models', '--demo', '-o', `${path}.csv`]);
    expect([written.code, written.err]).toEqual([1, expect.stringContaining(`where: ${path}.csv\n`)]);
    const loaded = await runCli(['load', '--demo', '--warehouse', `${path}.duckdb`]);
    expect(loaded.code).toBe(1);
    expect(loaded.err).toContain('The warehouse cannot be made here');
    expect(loaded.err).not.toContain('dist');
    for (const words of [
      ['export', path, '--demo'],
      ['publish', path, '--demo'],
      ['report', '--eject', 'daily', '--reports', path],
    ]) {
      const { code, err } = await runCli(words);
      expect([words[0], code, err]).toEqual([words[0], 1, expect.stringContaining('error: No such file')]);
    }
  }
});

test('a warehouse that may not be read is not said to be written', () => {
  const refused = new Error('IO Error: Cannot open file "/w.duckdb": Permission denied');
  const { message, hint } = explainOpening(refused, { file: '/w.duckdb', mode: 'read' }) as Error & {
    readonly hint: string;
  };
  expect(message).toContain('cannot be read');
  expect(hint).not.toContain('--no-refresh');
});

test('a price list that is none says where it lies and what one is', async () => {
  await withFolder(async (folder) => {
    writeFileSync(join(folder, 'q.sql'), 'select 1\n a');
    const { code, err } = await runCli(['prices', '--load', 'q.sql'], { cwd: folder, env: { HOME: folder } });
    expect(code).toBe(65);
    expect(err).toMatch(
      /^error: The price list is not JSON\.\nwhere: .*q\.sql\nhint: {2}It is one JSON object/,
    );
  });
});

test('a file in the place of SQL is told from SQL', async () => {
  await withFolder(async (folder) => {
    writeFileSync(join(folder, 'q.sql'), 'select 1 as a');
    const { code, err } = await runCli(['query', 'q.sql', '--demo'], { cwd: folder });
    expect([code, err]).toEqual([64, expect.stringContaining('agenttrace query --file q.sql')]);
  });
});

test('what --content and --plan cannot do is said', async () => {
  const noted = await runCli(['daily', '--demo', '--content']);
  expect([noted.code, noted.err]).toEqual([0, expect.stringContaining('--content adds nothing')]);
  expect((await runCli(['daily', '--demo', '--content', '--quiet'])).err).toBe('');
  const both = await runCli(['query', '--demo', '--plan', '--profile', 'select 1']);
  expect([both.code, both.out]).toEqual([64, '']);
});

test('no end, and a time before all', async () => {
  const all = await runCli(['daily', '--demo', '-f', 'csv']);
  for (const words of [
    ['--until', '9999-12-31'],
    ['--since', '999999d'],
    ['--since', '0001-01-01'],
  ])
    expect(await runCli(['daily', '--demo', '-f', 'csv', ...words])).toEqual(all);
});
