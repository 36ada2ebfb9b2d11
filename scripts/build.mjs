// Builds dist/: the command line, the library, the projector's worker and scanner.
//
// Everything is bundled, except DuckDB's native library: loading the packages from their loose files costs more than
// most answers. What most answers do without has files of its own. The SQL files become one file of texts beside it.

import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { buildScan, buildWorker } from './build-scan.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What is not code: named after its content. */
const ASSETS = '[name]-[hash]';

const SHARED = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  assetNames: ASSETS,
  external: ['@duckdb/node-bindings*'],
  plugins: [embedSql(), dropZodLocales()],
  logLevel: 'warning',
};

/** The command line: CommonJS, each file a function as Node makes one of a module, for the launcher to load. */
const PROGRAM = {
  ...SHARED,
  entryNames: '[name]-[hash]',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  // What is imported when it is needed is evaluated then.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'moduleUrl' },
  banner: {
    js: "(function (exports, require, module, __filename, __dirname) {const moduleUrl = require('node:url').pathToFileURL(__filename).href;",
  },
  footer: { js: '})' },
};

/** What the command line seldom needs and is large, each in a file of its own. None of it imports anything of ours. */
const APART = {
  arrow: 'apache-arrow',
  charts: './src/render/html/echarts.ts',
  duckdb: '@duckdb/node-api',
  zod: 'zod',
};

/** The library: modules, split so that what is imported when it is needed is read then. */
const LIBRARY = {
  ...SHARED,
  entryPoints: { index: 'src/index.ts', views: 'src/views.ts' },
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunk-[hash]',
  splitting: true,
  format: 'esm',
  // Bundled CommonJS (the DuckDB driver) asks for `require`, which a module does not have.
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
};

/** Builds the command line and the library into `folder`; the paths written. */
export async function buildPrograms(folder) {
  const buildInto = (options) => build({ ...options, outdir: folder });
  const apart = await buildInto({ ...PROGRAM, entryPoints: APART });
  const program = await buildInto({
    ...PROGRAM,
    entryPoints: { program: 'src/cli/main.ts' },
    plugins: [keepApart(apart.outputFiles.map(({ path }) => basename(path))), ...PROGRAM.plugins],
  });
  const built = [apart, program, await buildInto(LIBRARY)];
  await mkdir(folder, { recursive: true });
  // The entries come last, and each file appears whole: a program that starts meanwhile finds all its parts.
  const isEntry = ({ path }) => /^(index|views)\.mjs$/.test(basename(path));
  const files = built
    .flatMap(({ outputFiles }) => outputFiles)
    .toSorted((a, b) => Number(isEntry(a)) - Number(isEntry(b)));
  for (const { path, contents } of files) await replaceFile(path, contents);
  const launcher = await readFile(join(root, 'src/cli/agenttrace.cjs'), 'utf8');
  const parts = [...program.outputFiles, ...apart.outputFiles].filter(({ path }) => path.endsWith('.cjs'));
  const [name] = parts.map(nameOfAscii);
  await replaceProgram(join(folder, 'agenttrace.cjs'), launcher.replace('./program.cjs', `./${name}`));
  // npx remembers where the program was when it first ran in a clone, which may be here.
  await replaceProgram(join(folder, 'agenttrace.mjs'), "#!/usr/bin/env node\nimport './agenttrace.cjs';\n");
  const inputs = built.flatMap(({ metafile }) =>
    Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs)),
  );
  await replaceFile(join(folder, 'third-party-licenses.txt'), await licensesOf(inputs));
  return files.map(({ path }) => path);
}

/** Finds what is kept apart in its files beside the program. */
function keepApart(files) {
  const fileOf = (name) => `./${files.find((file) => file.startsWith(`${name}-`))}`;
  return {
    name: 'keep-apart',
    setup({ onResolve }) {
      for (const [name, entry] of Object.entries(APART)) {
        // A package is imported by its name, a module of ours from beside it.
        const imported = entry.startsWith('.') ? `./${basename(entry)}` : entry;
        onResolve({ filter: new RegExp(`^${imported}$`) }, () => ({ path: fileOf(name), external: true }));
      }
    },
  };
}

/** Name of a file of the program. The launcher reads a byte as a character, which takes half the memory and time. */
function nameOfAscii({ path, contents, text }) {
  if (contents.length !== text.length) throw new Error(`${path} is not ASCII: write \\u{…} in the sources`);
  return basename(path);
}

async function replaceProgram(path, text) {
  await replaceFile(path, text);
  await chmod(path, 0o755);
}

/** The licences and notices of every package of which something is in the bundle. */
async function licensesOf(inputs) {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const said = await Promise.all(
      (await licenseFiles(join(root, folder))).map((file) => readFile(file, 'utf8')),
    );
    return [`${name} ${version}: ${license}`, ...said.map((text) => text.trim())].join('\n\n');
  });
  return `${(await Promise.all(texts)).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** A package's own, and those of what it contains, in a folder of their own. */
async function licenseFiles(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries
    .filter(({ name }) => /^(licen[cs]es?|notice|copying)\b/i.test(name))
    .map(async (entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
    });
  return (await Promise.all(found)).flat().sort();
}

/** Builds the command line to `outFile`, and what belongs to it beside it. */
export async function buildProgram(outFile) {
  await Promise.all([buildPrograms(dirname(outFile)), buildShipped(dirname(outFile))]);
}

async function replaceFile(path, contents) {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

/** Removes files that are named after their content, of earlier builds: they would stay for ever. */
async function removeOld(folder, pattern, kept) {
  const names = (await readdir(folder)).filter((name) => pattern.test(name));
  await Promise.all(
    names.filter((name) => !kept.includes(name)).map((name) => rm(join(folder, name), { force: true })),
  );
}

/**
 * Replaces src/catalog/sql-files.ts by a module that finds the texts in one file beside the program: as a part of it, all of
 * them would be scanned at every start.
 */
function embedSql() {
  return {
    name: 'embed-sql',
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /[\\/]catalog[\\/]sql-files\.ts$/ }, async () => {
        const files = await readSqlFiles();
        let end = 0;
        const places = [...files].map(([path, text]) => {
          const start = end;
          end += Buffer.byteLength(text);
          return [path, [start, end]];
        });
        const contents = `
          import { openSync, readSync } from 'node:fs';
          import name from 'sql.txt';
          const places = new Map(${JSON.stringify(places)});
          let file;
          export function sqlFile(path) {
            const place = places.get(path);
            if (place === undefined) throw new Error('no SQL file ' + path);
            file ??= openSync(new URL(name, import.meta.url));
            const [start, end] = place;
            const text = Buffer.allocUnsafe(end - start);
            readSync(file, text, 0, text.length, start);
            return text.toString('utf8');
          }
          export const readSqlFiles = () => new Map([...places.keys()].map((path) => [path, sqlFile(path)]));
          export const sqlFilesBelow = (folder) => [...places.keys()].filter((path) => path.startsWith(folder + '/'));
        `;
        const pluginData = [...files.values()].join('');
        const watchFiles = [...files.keys()].map((path) => join(root, path));
        return { contents, loader: 'js', pluginData, watchFiles, resolveDir: root };
      });
      onResolve({ filter: /^sql\.txt$/ }, ({ path, pluginData }) => ({ path, namespace: 'sql', pluginData }));
      onLoad({ filter: /.*/, namespace: 'sql' }, ({ pluginData }) => ({
        contents: pluginData,
        loader: 'file',
      }));
    },
  };
}

/** Leaves the checker's messages in languages that no one asks for out of the bundle: half a megabyte to parse. */
function dropZodLocales() {
  return {
    name: 'drop-zod-locales',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
        contents: "export { default as en } from './en.js';",
        loader: 'js',
      }));
    },
  };
}

/** Makes the warehouse that new ones begin as and the names of the price list ready, with the program's own code. */
export async function buildShipped(folder) {
  const { makeShipped } = await importSource('src/ingest/make-shipped.ts', folder);
  const [template] = await makeShipped(folder);
  await removeOld(folder, /^warehouse-.*\.duckdb$/, [template]);
}

/** Imports a module of the sources, bundled for the moment beside what it looks for there. */
export async function importSource(entry, folder = join(root, 'dist')) {
  const outfile = join(folder, `${basename(entry, extname(entry))}.${process.pid}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    assetNames: ASSETS,
    plugins: [embedSql()],
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(outfile);
  }
}

/** Writes the library's declarations to the folder of `outFile`, `types/index.d.ts`: those that its entries reach, no others. */
export async function buildTypes(outFile) {
  const folder = dirname(outFile);
  const made = await mkdtemp(join(tmpdir(), 'agenttrace-types-'));
  try {
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const project = join(root, 'tsconfig.types.json');
    await promisify(execFile)(process.execPath, [compiler, '-p', project, '--outDir', made]);
    await rm(folder, { recursive: true, force: true });
    const done = new Set();
    for (const entry of ['index.d.ts', 'views.d.ts'])
      await copyTypes(join(made, 'src', entry), { from: join(made, 'src'), to: folder, done });
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** Copies a declaration and what it imports, under the names that a package's declarations have. */
async function copyTypes(path, { from, to, done }) {
  if (done.has(path)) return;
  done.add(path);
  const text = await readFile(path, 'utf8');
  const target = join(to, relative(from, path));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text.replace(/(from '\.[^']*)\.ts'/g, "$1.js'"));
  for (const [, name] of text.matchAll(/from '(\.[^']*)\.ts'/g))
    await copyTypes(join(dirname(path), `${name}.d.ts`), { from, to, done });
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
  const folder = join(root, 'dist');
  await mkdir(folder, { recursive: true });
  const [files] = await Promise.all([
    buildPrograms(folder),
    buildScan(join(folder, 'scan.wasm')),
    buildWorker(join(folder, 'worker.mjs')),
    buildShipped(folder),
    buildTypes(join(folder, 'types', 'index.d.ts')),
  ]);
  await removeOld(
    folder,
    new RegExp(`^(?:chunk-.*\\.mjs|(?:program|${Object.keys(APART).join('|')})-.*\\.cjs.*|sql-.*\\.txt)$`),
    files.map((path) => basename(path)),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
