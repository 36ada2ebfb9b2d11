/** What holds for every file of the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, readPage, repositoryFiles } from './pages.ts';

const files = repositoryFiles();
const texts = files
  .filter((path) => !/\.(zst|wasm|parquet|duckdb)$/.test(path))
  .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')] as const);

/** Homes that are made up for samples and tests. */
const INVENTED = /^(?:\/home\/(?:dev|ada|ann|de?(?![a-z]))|\/Users\/ada)$/;

test('no file holds a path of the machine that it was written on', () => {
  const own = [ROOT.replace(/\/$/, ''), homedir()].filter((path) => path.split('/').length > 2);
  const strays = texts.flatMap(([path, text]) => [
    ...own.filter((folder) => text.includes(`${folder}/`)).map((folder) => `${path}: ${folder}`),
    ...[...text.matchAll(/(?<![\w.~/\\-])\/(?:tmp|work|workspace|root|mnt)\/\w+/g)].map(
      ([found]) => `${path}: ${found}`,
    ),
    ...[...text.matchAll(/(?<![\w.~/\\-])\/(?:home|Users)\/\w+/g)]
      .filter(([found]) => !INVENTED.test(found))
      .map(([found]) => `${path}: ${found}`),
  ]);
  expect(strays).toEqual([]);
});

test('the lock file names no host', () => {
  expect(readPage('package-lock.json')).not.toMatch(/"resolved": "https?:\/\/(?!registry\.npmjs\.org\/)/);
});

describe.each(files.filter((path) => path.endsWith('.md')))('%s', (path) => {
  const text = readPage(path);

  test('links to files that are there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target ?? '');
    expect(targets.filter((target) => !existsSync(join(ROOT, dirname(path), target)))).toEqual([]);
  });

  test('names files of the repository that are there', () => {
    const named = [
      ...text.matchAll(/`((?:src|sql|adapters|migrations|test|scripts|fixtures|docs)\/[\w./-]+)`/g),
    ]
      .map(([, target]) => (target ?? '').replace(/\/$/, ''))
      .filter((target) => !target.includes('…'));
    const bases = ['', dirname(path)];
    expect(named.filter((target) => !bases.some((base) => existsSync(join(ROOT, base, target))))).toEqual([]);
  });
});

test('ARCHITECTURE.md gives a reason for every package that is imported', () => {
  const { dependencies, devDependencies } = JSON.parse(readPage('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const code = texts.filter(([path]) => /\.(ts|mjs)$/.test(path)).map(([, text]) => text);
  const isImported = (name: string): boolean =>
    code.some((text) => new RegExp(`(?:from |import\\()'${name}(?:/[^']*)?'`).test(text));
  const reasons = readPage('ARCHITECTURE.md');
  for (const name of [...Object.keys(dependencies).filter(isImported), ...Object.keys(devDependencies)])
    expect(reasons).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
});

test('SQL comments that point into a README name a heading there', () => {
  const pointers = texts
    .filter(([path]) => path.endsWith('.sql'))
    .flatMap(([path, text]) =>
      [...text.matchAll(/([\w/-]+README\.md), "([^"]+)"/g)].map(([, file = '', heading = '']) => ({
        path,
        file,
        heading,
      })),
    );
  expect(pointers.length).toBeGreaterThan(0);
  const strays = pointers.filter(({ file, heading }) => !readPage(file).includes(`\n## ${heading}\n`));
  expect(strays).toEqual([]);
});

test('the program has the licences of the packages that it contains beside it', () => {
  const licenses = readFileSync(join(ROOT, 'dist/third-party-licenses.txt'), 'utf8');
  for (const name of ['@duckdb/node-api', 'apache-arrow', 'commander', 'echarts', 'fzstd', 'zod', 'zrender'])
    expect(licenses).toMatch(new RegExp(`^${name} \\d[^\\n]*: `, 'm'));
  expect(licenses).toContain('Apache License');
  expect(readFileSync(join(ROOT, 'LICENSE'), 'utf8')).toContain('Apache ECharts');
});
