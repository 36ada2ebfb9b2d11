import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What tests run that is not TypeScript as it stands: where it is built to, from what, and by which script. */
const PRODUCTS = [
  { file: 'dist/scan.wasm', from: ['src/project/scan'], script: 'scripts/build-scan.mjs', make: 'buildScan' },
  {
    file: 'dist/worker.mjs',
    from: ['src/project', 'src/ingest', 'src/read', 'src/model', 'adapters'],
    script: 'scripts/build-scan.mjs',
    make: 'buildWorker',
  },
  {
    file: 'dist/agenttrace.cjs',
    from: ['src', 'sql', 'adapters', 'migrations'],
    script: 'scripts/build.mjs',
    make: 'buildProgram',
  },
  {
    file: 'dist/types/index.d.ts',
    from: ['src'],
    script: 'scripts/build.mjs',
    make: 'buildTypes',
  },
] as const;

const root = new URL('..', import.meta.url);

/** Vitest's global set-up: builds what is missing or older than its sources, and makes a folder for what tests write. */
export async function setup(): Promise<void> {
  // What a test file leaves it cannot remove itself: its process is ended from outside.
  process.env.AGENTTRACE_TEST_FOLDER = mkdtempSync(join(tmpdir(), 'agenttrace-tests-'));
  for (const { file, from, script, make } of PRODUCTS) {
    const target = fileURLToPath(new URL(file, root));
    const folders = from.map((folder) => newest(new URL(`${folder}/`, root)));
    const sources = Math.max(...folders, modified(new URL(script, root)));
    if (existsSync(target) && modified(new URL(file, root)) >= sources) continue;
    const built = (await import(new URL(script, root).href)) as Record<
      string,
      (outFile: string) => Promise<void>
    >;
    await built[make]?.(target);
  }
}

/** Removes the folders that tests made. */
export function teardown(): void {
  const folder = process.env.AGENTTRACE_TEST_FOLDER;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

function modified(url: URL): number {
  return statSync(url).mtimeMs;
}

function newest(folder: URL): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(
    0,
    ...entries
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(`${entry.parentPath}/${entry.name}`).mtimeMs),
  );
}
