import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What the files of each layer may import of the others: model ← catalog ← warehouse ← ingest, report ← cli. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'src/model': [],
  'src/catalog': ['src/model'],
  'src/warehouse': ['src/model', 'src/catalog'],
  'src/project': ['src/model'],
  'src/read': ['src/model'],
  'src/prices': ['src/model'],
  'src/render': ['src/model'],
  'src/report': ['src/model', 'src/catalog', 'src/warehouse'],
  'src/export': ['src/model', 'src/catalog', 'src/warehouse'],
  'src/ingest': [
    'src/model',
    'src/catalog',
    'src/warehouse',
    'src/project',
    'src/read',
    'src/prices',
    'adapters',
  ],
  'src/lake': ['src/model', 'src/catalog', 'src/warehouse', 'src/export', 'src/ingest', 'adapters'],
  'src/cli': [
    'src/model',
    'src/catalog',
    'src/warehouse',
    'src/prices',
    'src/render',
    'src/report',
    'src/export',
    'src/ingest',
    'src/lake',
    'adapters',
  ],
  'src/library': ['src/model', 'src/catalog', 'src/warehouse', 'src/report', 'src/ingest'],
  adapters: ['src/model', 'src/read'],
};

/** Packages and globals that one layer keeps to itself. */
const OWNED: readonly (readonly [owner: string, pattern: RegExp, what: string])[] = [
  ['src/warehouse', /from '@duckdb\/node-api'|import\('@duckdb\/node-api'\)/, '@duckdb/node-api'],
  ['src/read', /'libsql'/, 'libsql'],
  ['src/render', /'echarts(\/[a-z]+)?'/, 'echarts'],
  ['src/cli', /from 'commander'|import\('commander'\)/, 'commander'],
  ['src/cli', /\bconsole\.\w+\(/, 'console'],
];

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources: readonly Source[] = ['src', 'adapters'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    // AssemblyScript, which looks like TypeScript and is none.
    .filter((path) => !path.startsWith('src/project/scan/'))
    .map((path) => {
      const text = withoutComments(readFileSync(join(ROOT, path), 'utf8'));
      return { path, text, imports: importsOf(path, text) };
    }),
);

const layerOf = (path: string): string | undefined =>
  Object.keys(LAYERS).find((layer) => path.startsWith(`${layer}/`));

describe('TypeScript', () => {
  it.each(Object.keys(LAYERS))('%s imports only what lies below it', (layer) => {
    const allowed = [layer, ...(LAYERS[layer] ?? [])];
    const strays = sources
      .filter(({ path }) => layerOf(path) === layer)
      .flatMap(({ path, imports }) =>
        imports
          .filter(
            (imported) =>
              imported !== 'package.json' && !allowed.some((folder) => imported.startsWith(`${folder}/`)),
          )
          .map((imported) => `${path} imports ${imported}`),
      );
    expect(strays).toEqual([]);
  });

  it.each(OWNED)('only %s uses what matches %s', (owner, pattern) => {
    const strays = sources
      .filter(
        ({ path, text }) =>
          layerOf(path) !== undefined && !path.startsWith(`${owner}/`) && pattern.test(text),
      )
      .map(({ path }) => path);
    expect(strays).toEqual([]);
  });

  it('reads the process only in src/cli and where the library begins', () => {
    const strays = sources
      .filter(
        ({ path, text }) =>
          /\bprocess\.(env|argv|cwd|exit|stdout|stderr|stdin)\b/.test(text) &&
          !path.startsWith('src/cli/') &&
          path !== 'src/index.ts',
      )
      .map(({ path }) => path);
    expect(strays).toEqual([]);
  });

  it('names the file of every import of its own', () => {
    const strays = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)]
        .map((match) => match[1] ?? '')
        .filter((name) => !/\.(ts|json)$/.test(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(strays).toEqual([]);
  });

  it('has no default export, enum or folder of odds and ends', () => {
    const strays = sources
      .filter(
        ({ path, text }) =>
          /^export default|^(export )?(const )?enum /m.test(text) ||
          /(utils?|helpers?|common)(\/|\.ts$)/.test(path),
      )
      .map(({ path }) => path);
    expect(strays).toEqual([]);
  });
});

function importsOf(path: string, text: string): readonly string[] {
  return [...text.matchAll(/(?:from|import|import\()\s*'(\.[^']*)'/g)].map((match) =>
    normalize(join(dirname(path), match[1] ?? '')),
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
