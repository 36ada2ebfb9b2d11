// A long run of the projector's fuzz test: node scripts/fuzz.mjs [--seed 1] [--lines 1000000]

import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { buildScan } from './build-scan.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, lines: { type: 'string', default: '1000000' } },
});
const ROUND = 50_000;

await buildScan(`${root}dist/scan.wasm`);
// The test's own code, bundled where its relative paths (../../dist) still hold.
const bundle = `${root}dist/fuzz/run/fuzz.mjs`;
await build({
  absWorkingDir: root,
  entryPoints: ['test/project/fuzz.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  define: { 'import.meta.url': JSON.stringify(new URL('../test/project/fuzz.ts', import.meta.url).href) },
  logLevel: 'warning',
});
try {
  const { runFuzz } = await import(bundle);
  let failed = false;
  for (
    let done = 0, seed = Number(values.seed);
    done < Number(values.lines) && !failed;
    done += ROUND, seed++
  ) {
    const lines = Math.min(ROUND, Number(values.lines) - done);
    const { records, rejects, differences } = await runFuzz({ seed, lines });
    console.log(
      `seed ${seed}: ${lines} lines, ${records} records, ${rejects} rejects, ${differences.length} differences`,
    );
    for (const difference of differences) console.log(difference);
    failed = differences.length > 0;
  }
  process.exitCode = failed ? 1 : 0;
} finally {
  await rm(`${root}dist/fuzz`, { recursive: true, force: true });
}
