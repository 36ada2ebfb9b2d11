// Makes sql/seeds/model_prices.csv from a copy of LiteLLM's model_prices_and_context_window.json.
//
//   node scripts/build-prices.mjs LIST.json --date 2026-08-01            a newer list: dated changes join the seed
//   node scripts/build-prices.mjs LIST.json --date 2026-08-01 --first    start the seed anew from this list
//   … --stdout                                                           print instead of writing
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const seedPath = `${root}sql/seeds/model_prices.csv`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { date: { type: 'string' }, first: { type: 'boolean' }, stdout: { type: 'boolean' } },
});
const [listPath] = positionals;
if (listPath === undefined || values.date === undefined) {
  console.error('usage: node scripts/build-prices.mjs LIST.json --date YYYY-MM-DD [--first] [--stdout]');
  process.exit(64);
}

const { buildSeed } = await importTypeScript('src/prices/build-seed.ts');
const made = buildSeed({
  list: readFileSync(listPath, 'utf8'),
  listedOn: values.date,
  before: values.first || !existsSync(seedPath) ? null : readFileSync(seedPath, 'utf8'),
});
for (const warning of made.warnings) console.error(`left out ${warning.model}: ${warning.reason}`);
for (const change of made.changes) console.error(change);
if (values.stdout) process.stdout.write(made.text);
else writeFileSync(seedPath, made.text);
console.error(`${made.rowCount} lines, ${made.text.length} bytes`);

/** Imports a TypeScript module on a Node that cannot: bundled in memory, nothing is written. */
async function importTypeScript(path) {
  const bundle = await build({
    entryPoints: [root + path],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
  });
  const code = Buffer.from(bundle.outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}
