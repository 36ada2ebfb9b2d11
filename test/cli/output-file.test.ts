import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLE, runCli, withFolder } from './run-cli.ts';

const models = (folder: string, output: string, ...more: readonly string[]): ReturnType<typeof runCli> =>
  runCli(['models', '-d', EXAMPLE, '-o', output, ...more], { cwd: folder });

test('-o writes the file, whose suffix decides the format, and leaves stdout empty', async () => {
  await withFolder(async (folder) => {
    for (const [name, start] of [
      ['a.json', '['],
      ['a.csv', 'model,'],
      ['a.md', '# '],
      ['a.jsonl', '{'],
      ['a.txt', 'Cost by model'],
      ['a.log', 'Cost by model'],
      ['a', 'Cost by model'],
      ['new/deep/a.json', '['],
    ] as const) {
      const { code, out, err } = await models(folder, name);
      expect([code, out]).toEqual([0, '']);
      expect(err).toContain('wrote ');
      expect(readFileSync(join(folder, name), 'utf8').startsWith(start)).toBe(true);
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
}, 120_000);

test('- is stdout', async () => {
  await withFolder(async (folder) => {
    const { code, out } = await models(folder, '-', '-f', 'csv');
    expect([code, out]).toEqual([0, expect.stringMatching(/^model,/)]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('-f wins over the suffix', async () => {
  await withFolder(async (folder) => {
    await models(folder, 'a.xlsx', '-f', 'csv');
    expect(readFileSync(join(folder, 'a.xlsx'), 'utf8')).toMatch(/^model,/);
    await models(folder, 'a.txt', '-f', 'json');
    expect(JSON.parse(readFileSync(join(folder, 'a.txt'), 'utf8')).length).toBeGreaterThan(0);
  });
});

test('an existing file is replaced as a whole, keeps its mode, and this is said', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'a.json');
    writeFileSync(file, 'old');
    chmodSync(file, 0o600);
    const { code, err } = await models(folder, 'a.json');
    expect(code).toBe(0);
    expect(err).toContain(`replaced ${file}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await models(folder, 'a.json', '--quiet')).err).toBe('');
  });
});

test('a folder gets a new file each time', async () => {
  await withFolder(async (folder) => {
    mkdirSync(join(folder, 'out'));
    await models(folder, 'out', '-f', 'csv');
    await models(folder, 'out', '-f', 'csv');
    const names = readdirSync(join(folder, 'out'));
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^agenttrace-models-\d{8}-\d{6}(-2)?\.csv$/);
  });
});

test('logs, warehouses and what is no regular file are refused', async () => {
  await withFolder(async (folder) => {
    const log = join(folder, 'logs', 'a.jsonl');
    mkdirSync(join(folder, 'logs'));
    const shipped = readdirSync(EXAMPLE, { recursive: true, withFileTypes: true }).find(
      (entry) => entry.isFile() && entry.name.endsWith('.jsonl'),
    );
    const text = readFileSync(join(shipped?.parentPath ?? '', shipped?.name ?? ''), 'utf8');
    writeFileSync(log, text);
    const overLog = await runCli(['models', '-d', join(folder, 'logs'), '-o', log]);
    expect(overLog.code).toBe(64);
    expect(overLog.err).toContain('log of an agent');
    expect(readFileSync(log, 'utf8')).toBe(text);

    const warehouse = join(folder, 'w.duckdb');
    await runCli(['load', '-d', EXAMPLE, '--warehouse', warehouse]);
    const before = readFileSync(warehouse);
    for (const name of [warehouse, join(folder, '.', 'w.duckdb')]) {
      const over = await runCli([
        'models',
        '--no-refresh',
        '--warehouse',
        warehouse,
        '-o',
        name,
        '-f',
        'csv',
      ]);
      expect(over.code).toBe(64);
      expect(over.err).toContain('the warehouse');
    }
    expect(readFileSync(warehouse).equals(before)).toBe(true);

    symlinkSync(warehouse, join(folder, 'link.csv'));
    expect((await models(folder, 'link.csv')).code).toBe(64);
    expect((await models(folder, '/dev/null', '-f', 'csv')).code).toBe(64);
  });
});

test('a failure leaves no file behind', async () => {
  await withFolder(async (folder) => {
    const { code } = await runCli([
      'query',
      'select nothing',
      '-d',
      EXAMPLE,
      '-o',
      join(folder, 'a.parquet'),
    ]);
    expect(code).toBe(65);
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(join(folder, 'a.parquet'))).toBe(false);
  });
});
