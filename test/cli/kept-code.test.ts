/** The program as built keeps what V8 compiled of it, beside itself. */
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, temporaryFolder } from '../adapters/load.ts';
import { EXAMPLE, runCli } from './run-cli.ts';

const isKept = (path: string): boolean => /\.cjs\../.test(path);

/** A copy of the program that has kept nothing yet. */
function copyProgram(): string {
  const folder = temporaryFolder();
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !isKept(path) });
  for (const name of ['node_modules', 'package.json']) symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}

/** What the program answers about the example home. */
const ask = (folder: string, ...words: readonly string[]): Promise<string> => askWith({}, folder, ...words);

async function askWith(
  env: Readonly<Record<string, string>>,
  folder: string,
  ...words: readonly string[]
): Promise<string> {
  const { code, out, err } = await runCli([...words, '--quiet'], {
    program: join(folder, 'dist', 'agenttrace.cjs'),
    env: { HOME: EXAMPLE, XDG_DATA_HOME: folder, ...env },
  });
  expect([code, err]).toEqual([0, '']);
  return out;
}

const keptFiles = (folder: string): readonly string[] => readdirSync(join(folder, 'dist')).filter(isKept);

test('code is kept once an answer was, and used from then on', async () => {
  const folder = copyProgram();
  const first = await ask(folder, 'overview');
  expect(keptFiles(folder)).toEqual([]);
  expect(await ask(folder, 'overview')).toBe(first);
  const [name = ''] = keptFiles(folder);
  expect(name).toMatch(new RegExp(`^program-\\w+\\.cjs\\.${process.version}-${process.arch}-short$`));
  const code = readFileSync(join(folder, 'dist', name));
  expect(await ask(folder, 'overview')).toBe(first);
  expect(keptFiles(folder)).toEqual([name]);
  expect(readFileSync(join(folder, 'dist', name)).equals(code)).toBe(true);
});

test('what V8 does not know is compiled anew; where nothing can be kept, the program answers as well', async () => {
  const folder = copyProgram();
  const first = await ask(folder, 'overview');
  await ask(folder, 'overview');
  const [name = ''] = keptFiles(folder);
  const file = join(folder, 'dist', name);
  const code = readFileSync(file);
  const damaged = Buffer.from(code);
  damaged.fill(0, damaged.length / 2);
  for (const bytes of [damaged, code.subarray(0, 1000), Buffer.from('of another version'), Buffer.alloc(0)]) {
    writeFileSync(file, bytes);
    expect(await ask(folder, 'overview')).toBe(first);
    expect(readFileSync(file).length).toBeGreaterThan(100_000);
  }
  rmSync(file);
  mkdirSync(file);
  expect(await ask(folder, 'overview')).toBe(first);
  expect(keptFiles(folder)).toEqual([name]);
});

test('the way that other answers take is kept until the shortest is', async () => {
  const folder = copyProgram();
  const kinds = (): readonly string[] =>
    keptFiles(folder)
      .map((name) => name.replace(/-\w+\.cjs\..*-/, ' '))
      .sort();
  await ask(folder, 'load');
  expect(kinds()).toEqual([]);
  const count = await ask(folder, 'query', 'select count(*) from sessions');
  expect(kinds()).toEqual(['duckdb long', 'program long']);
  await ask(folder, 'overview');
  await ask(folder, 'overview');
  expect(kinds()).toEqual(['duckdb long', 'program long', 'program short']);
  expect(await ask(folder, 'query', 'select count(*) from sessions')).toBe(count);
  expect(kinds()).toHaveLength(3);
});

test('what V8 made with other flags is left, and beside it the code for these is kept once', async () => {
  const folder = copyProgram();
  const count = ['query', 'select count(*) from sessions'];
  await ask(folder, 'overview');
  await ask(folder, 'overview');
  const [short = ''] = keptFiles(folder);
  const stamps = (): readonly string[] =>
    keptFiles(folder).map(
      (name) => `${name} ${statSync(join(folder, 'dist', name), { bigint: true }).mtimeNs}`,
    );
  const [shortStamp] = stamps();
  const otherFlags = { NODE_OPTIONS: '--stack-trace-limit=20' };
  await askWith(otherFlags, folder, ...count);
  expect(keptFiles(folder)).toContain(short.replace(/short$/, 'long'));
  const kept = stamps();
  await askWith(otherFlags, folder, ...count);
  expect(stamps()).toEqual(kept);
  expect(kept).toContain(shortStamp);
});
