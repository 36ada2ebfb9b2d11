// Builds dist/: the command line, the library, the projector's worker and scanner.
//
// Everything is bundled, except DuckDB's native library: loading the packages from their loose files costs more than
// most answers. Code is split, so that --help loads no DuckDB. The SQL files become part of the bundle.

import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildScan, buildWorker } from './build-scan.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundled CommonJS (the DuckDB driver) asks for `require`, which a module does not have. */
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

/** Builds the command line and the library into `folder`. */
export async function buildPrograms(folder) {
  await mkdir(folder, { recursive: true });
  await removeOldChunks(folder);
  await build({
    absWorkingDir: root,
    entryPoints: { agenttrace: 'src/cli/main.ts', index: 'src/index.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'none',
    external: ['@duckdb/node-bindings*'],
    banner: { js: REQUIRE },
    plugins: [embedSql()],
    logLevel: 'warning',
  });
  await addShebang(join(folder, 'agenttrace.mjs'));
}

/** Builds the command line to `outFile`, and what belongs to it beside it. */
export const buildProgram = (outFile) => buildPrograms(dirname(outFile));

/** Chunks are named after their content: those of the last build would stay for ever. */
async function removeOldChunks(folder) {
  const names = await readdir(folder);
  await Promise.all(
    names
      .filter((name) => /^chunk-.*\.mjs$/.test(name))
      .map((name) => rm(join(folder, name), { force: true })),
  );
}

async function addShebang(file) {
  const text = await readFile(file, 'utf8');
  await writeFile(file, `#!/usr/bin/env node\n${text}`);
  await chmod(file, 0o755);
}

/** Replaces src/catalog/sql-files.ts by a module that holds the texts. */
function embedSql() {
  return {
    name: 'embed-sql',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]catalog[\\/]sql-files\.ts$/ }, async () => {
        const files = await readSqlFiles();
        const contents = `
          const files = new Map(${JSON.stringify([...files])});
          export const readSqlFiles = () => files;
          export function sqlFile(path) {
            const text = files.get(path);
            if (text === undefined) throw new Error('no SQL file ' + path);
            return text;
          }
          export const sqlFilesBelow = (folder) => [...files.keys()].filter((path) => path.startsWith(folder + '/'));
        `;
        return { contents, loader: 'js', watchFiles: [...files.keys()].map((path) => join(root, path)) };
      });
    },
  };
}

/** The same files in the same order as src/catalog/sql-files.ts reads them. */
async function readSqlFiles() {
  const files = [];
  for (const folder of ['adapters', 'migrations', 'sql']) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(sql|csv)$/.test(entry.name)) continue;
      const file = join(entry.parentPath ?? entry.path, entry.name);
      const path = file.slice(root.length).replaceAll('\\', '/');
      files.push([path, await readFile(file, 'utf8')]);
    }
  }
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function main() {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
  await Promise.all([
    buildPrograms(folder),
    buildScan(join(folder, 'scan.wasm')),
    buildWorker(join(folder, 'worker.mjs')),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
