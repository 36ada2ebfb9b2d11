// Compiles the projector's scanner from AssemblyScript to WebAssembly, and bundles the worker that runs it.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes the scanner to `outFile`. */
export async function buildScan(outFile) {
  const asc = await import('assemblyscript/asc');
  const files = new Map();
  const talk = [];
  const { error } = await asc.main(
    [
      'src/project/scan/scan.ts',
      '--outFile',
      'scan.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--importMemory',
      '--noAssert',
      '--memoryBase',
      '1024',
      '--baseDir',
      root,
    ],
    {
      stdout: { write: (text) => talk.push(text) },
      stderr: { write: (text) => talk.push(text) },
      writeFile: (name, contents) => files.set(name, contents),
    },
  );
  if (error) throw new Error(`${error.message}\n${talk.join('')}`);
  await mkdir(dirname(outFile), { recursive: true });
  // In one step: a test may be loading it.
  await writeFile(`${outFile}.${process.pid}`, files.get('scan.wasm'));
  await rename(`${outFile}.${process.pid}`, outFile);
}

/** Bundles the worker's entry to `outFile`. */
export async function buildWorker(outFile) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: ['src/ingest/scan-worker.ts'],
    outfile: outFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildScan(`${root}dist/scan.wasm`);
  await buildWorker(`${root}dist/worker.mjs`);
}
