/** The program as built keeps what V8 compiled of it, beside itself. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, temporaryFolder } from '../adapters/load.ts';
import { EXAMPLE } from './run-cli.ts';

const isKept = (path: string): boolean => /\.cjs\../.test(path);

/** A copy of the program that has kept nothing yet. */
function copyProgram(): string {
  const folder = temporaryFolder();
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !isKept(path) });
  for (const name of ['node_modules', 'package.json']) symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}

/** The first screen of the example home. */
function overview(folder: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'dist', 'agenttrace.cjs'), '--quiet'],
    {
      env: { PATH: process.env.PATH ?? '', HOME: EXAMPLE, TZ: 'UTC', XDG_DATA_HOME: folder },
      encoding: 'utf8',
    },
  );
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

const keptFiles = (folder: string): readonly string[] => readdirSync(join(folder, 'dist')).filter(isKept);

test('code is kept once an answer was, and used from then on', () => {
  const folder = copyProgram();
  const first = overview(folder);
  expect(keptFiles(folder)).toEqual([]);
  expect(overview(folder)).toBe(first);
  const [name = ''] = keptFiles(folder);
  expect(name).toMatch(new RegExp(`^program-\\w+\\.cjs\\.${process.version}-${process.arch}$`));
  const code = readFileSync(join(folder, 'dist', name));
  expect(overview(folder)).toBe(first);
  expect(keptFiles(folder)).toEqual([name]);
  expect(readFileSync(join(folder, 'dist', name)).equals(code)).toBe(true);
});

test('what V8 does not know is compiled anew; where nothing can be kept, the program answers as well', () => {
  const folder = copyProgram();
  const first = overview(folder);
  overview(folder);
  const [name = ''] = keptFiles(folder);
  const file = join(folder, 'dist', name);
  writeFileSync(file, 'of another version');
  expect(overview(folder)).toBe(first);
  expect(readFileSync(file).length).toBeGreaterThan(100_000);
  rmSync(file);
  mkdirSync(file);
  expect(overview(folder)).toBe(first);
  expect(keptFiles(folder)).toEqual([name]);
});
