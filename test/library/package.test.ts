/** The library as built: importing it, its example, and its types as a program that uses it sees them. */
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { FIXTURE_HOME, ROOT, temporaryFolder } from '../adapters/load.ts';
import { runCli } from '../cli/run-cli.ts';
import { readPage } from '../docs/pages.ts';

const run = promisify(execFile);
const node = (...words: readonly string[]) =>
  run(process.execPath, [...words], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' },
  });

const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

/** Runs code that may read the built files alone: no other file, no worker, no native library, no child. */
const confined = (code: string) => {
  const script = join(temporaryFolder(), 'script.mjs');
  writeFileSync(script, code);
  const readable = [join(ROOT, 'dist', '*'), join(ROOT, 'package.json'), script];
  return node('--no-warnings', PERMISSION, ...readable.map((path) => `--allow-fs-read=${path}`), script);
};

const INDEX = JSON.stringify(join(ROOT, 'dist', 'index.mjs'));

test('importing it opens no file, starts nothing and loads no DuckDB', async () => {
  const { stdout } = await confined(`
    import { openWarehouse } from ${INDEX};
    const busy = process.getActiveResourcesInfo().filter((name) => !/^(CloseReq|FSReqPromise|PipeWrap|TTYWrap)$/.test(name));
    console.log(typeof openWarehouse, busy.length);`);
  expect(stdout).toBe('function 0\n');
  // What it must not do at import is refused here: the test would see it.
  await expect(
    confined(`
      import { openWarehouse } from ${INDEX};
      const warehouse = await openWarehouse({ file: ${JSON.stringify(join(ROOT, 'package.json'))} });
      await warehouse.query('select 1');`),
  ).rejects.toThrow(/ERR_ACCESS_DENIED|ERR_DLOPEN_DISABLED/);
});

test('its example answers as the command line does', async () => {
  const { stdout, stderr } = await node('examples/cost-by-project.mjs', FIXTURE_HOME);
  expect(stderr).toBe('');
  const { out } = await runCli([
    'query',
    '-d',
    FIXTURE_HOME,
    `select project || ': ' || cost_usd || ' USD, ' || llm_call_count || ' calls' from project_cost order by cost_usd desc`,
    '-f',
    'csv',
  ]);
  const lines = out
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.replaceAll('"', ''));
  expect(lines.length).toBeGreaterThan(2);
  expect(stdout.split('\n').slice(1, lines.length + 1)).toEqual(lines);
});

test('the blocks of docs/library.md are a program that runs', async () => {
  const page = readPage('docs/library.md');
  const blocks = [...page.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code ?? '');
  expect(blocks.length).toBeGreaterThan(5);
  const folder = projectFolder();
  const script = join(folder, 'page.mjs');
  writeFileSync(script, blocks.join('\n'));
  const { stdout } = await run(process.execPath, [script], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: FIXTURE_HOME,
      XDG_CONFIG_HOME: folder,
      AGENTTRACE_WAREHOUSE: join(folder, 'warehouse.duckdb'),
    },
  });
  expect(stdout).toMatch(/^infra \d+\.\d{9}\n/);
  expect(stdout).toContain('Cost by model Model · ');
  expect(stdout).toContain('bad_sql Binder Error');
});

/** A folder in which the package is installed. */
function projectFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules', 'agenttrace'), 'dir');
  return folder;
}

const CONSUMER = `
import { AgenttraceError, openWarehouse, type Row, type ViewRow, type Warehouse } from 'agenttrace';
import { viewRows } from 'agenttrace/views';

const warehouse: Warehouse = await openWarehouse({ file: ':memory:', timeZone: 'UTC' });
await warehouse.load({ directories: ['logs'], signal: AbortSignal.timeout(1000), onProgress: (now) => void (now.phase === 'reading' ? now.bytesDone : now.doneRatio) });
const rows: readonly Row[] = await warehouse.query('select 1', { parameters: { since: new Date() } });
const sessions = await warehouse.query('from sessions', { row: viewRows.sessions });
const id: string = sessions[0]!.session_id;
const tokens: bigint | null = sessions[0]!.total_tokens;
const row: ViewRow<'sessions'> = sessions[0]!;
const picked = await warehouse.query('from sessions', { row: viewRows.sessions.pick({ cost_usd: true }) });
const cost: string | null = picked[0]!.cost_usd;
const arrow: Uint8Array = await warehouse.queryArrow('select 1');
const code = new AgenttraceError({ code: 'usage', message: id }).code;
// @ts-expect-error the cost is text with every digit
const wrong: number = picked[0]!.cost_usd;
// @ts-expect-error only what was picked is there
picked[0]!.session_id;
// @ts-expect-error an unknown option
await openWarehouse({ path: 'x' });
export { arrow, code, cost, row, rows, tokens, wrong };
`;

test('its types hold for a program that uses them', async () => {
  const folder = projectFolder();
  writeFileSync(join(folder, 'consumer.mts'), CONSUMER);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: 'ES2022',
        module: 'NodeNext',
        lib: ['ES2023', 'DOM'],
        types: [],
      },
      files: ['consumer.mts'],
    }),
  );
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = await run(process.execPath, [compiler, '-p', folder]).catch(
    (error: { readonly stdout: string }) => error,
  );
  expect(stdout).toBe('');
});
