/** Single files of hundreds of megabytes are read piece by piece: memory stays flat, and nothing is lost. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import { ROOT, type Row, rowsOf, temporaryFolder } from '../adapters/load.ts';

const TIMEOUT = 300_000;
const MOST_MEGABYTES = 400;
const LOADED = readFileSync(join(ROOT, 'scripts/generate-logs/loaded.sql'), 'utf8');
const PEAK =
  "process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'))";

/** What the generator says that it wrote. */
function generate(...args: readonly string[]): Readonly<Record<string, unknown>> {
  const output = execFileSync(process.execPath, [join(ROOT, 'scripts/generate-logs.mjs'), ...args]);
  return JSON.parse(output.toString()) as Readonly<Record<string, unknown>>;
}

/** Loads a file in a process of its own, in little memory, and tells what is there then. */
async function loaded(path: string): Promise<{ readonly totals: Row; readonly rejects: readonly Row[] }> {
  const home = temporaryFolder();
  const warehouse = join(home, 'warehouse.duckdb');
  const program = join(ROOT, 'dist', 'agenttrace.cjs');
  const told = `data:text/javascript,${encodeURIComponent(PEAK)}`;
  const run = spawnSync(
    process.execPath,
    ['--import', told, program, 'load', path, '--warehouse', warehouse],
    {
      env: { PATH: process.env.PATH, HOME: home, USERPROFILE: home },
      encoding: 'utf8',
    },
  );
  expect(run.status, run.stderr).toBe(0);
  const peakKilobytes = Number(/peak (\d+)/.exec(run.stderr)?.[1]);
  expect(peakKilobytes).toBeGreaterThan(0);
  expect(peakKilobytes / 1024).toBeLessThan(MOST_MEGABYTES);
  const connection = await connect(warehouse);
  try {
    const [row] = await rowsOf(connection, LOADED);
    const { agent: _, ...totals } = row ?? {};
    return {
      totals,
      rejects: await rowsOf(connection, 'select line_number, reason, size_bytes from v1.rejects'),
    };
  } finally {
    connection.close();
  }
}

for (const kind of ['opencode-export', 'generic-array'] as const) {
  test(`${kind}: one document in one line of 200 MB`, { timeout: TIMEOUT }, async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'export.json');
    const written = generate('--document', path, '--kind', kind, '--mb', '200');
    expect(statSync(path).size).toBeGreaterThan(200e6);
    expect(await loaded(path)).toEqual({ totals: written, rejects: [] });
    rmSync(folder, { recursive: true });
  });
}

test('an OpenCode database of 200 MB', { timeout: TIMEOUT }, async () => {
  const home = temporaryFolder();
  const written = generate('--home', home, '--agents', 'opencode', '--mb', '190');
  const path = join(home, '.local/share/opencode/opencode.db');
  expect(statSync(path).size).toBeGreaterThan(200e6);
  expect(await loaded(path)).toEqual({ totals: written.opencode, rejects: [] });
  rmSync(home, { recursive: true });
});

test('an element that is too long is a reject, and the others are read', { timeout: TIMEOUT }, async () => {
  const folder = join(temporaryFolder(), 'exports');
  mkdirSync(folder);
  const path = join(folder, 'chat.json');
  const file = openSync(path, 'w');
  const call = (id: string): string =>
    JSON.stringify({
      request: { model: 'gpt-4o', messages: [{ role: 'user', content: `say ${id}` }] },
      response: {
        id,
        object: 'chat.completion',
        created: 1778554800,
        model: 'gpt-4o',
        choices: [{ index: 0, message: { role: 'assistant', content: 'so' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 10, completion_tokens: 2 },
      },
    });
  writeSync(file, `[${call('a')},{"role":"user","content":"`);
  for (let megabytes = 0; megabytes < 80; megabytes += 1) writeSync(file, 'w'.repeat(1 << 20));
  writeSync(file, `"},${call('b')}]`);
  closeSync(file);
  const { totals, rejects } = await loaded(path);
  expect(totals).toMatchObject({ calls: 2, turns: 2, output_tokens: 4 });
  expect(rejects).toMatchObject([{ line_number: 2, reason: 'longer than 64 MB' }]);
  expect(Number(rejects[0]?.size_bytes)).toBeGreaterThan(80 << 20);
  rmSync(folder, { recursive: true });
});
