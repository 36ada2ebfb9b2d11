// How long the query of each shipped report takes over one warehouse, and writes a section of docs/benchmarks.md.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importSource } from '../build.mjs';
import { machine, tableOf, writeSection } from './benchmarks-page.mjs';
import { medianOf } from './measure.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MOST_MS = 150;

/** Each report over all sessions, or over the biggest one where it asks for one: medians of as many runs after a first. */
export async function benchReports({ folder, generator, megabytes, runs, warehouse }) {
  const { openReports } = await importSource('scripts/bench/open-reports.mjs');
  const opened = await openReports(warehouse ?? loaded({ folder, generator, megabytes }));
  try {
    const values = await valuesOf(opened);
    const rows = [];
    for (const name of reportNames()) {
      const times = await timesOf(() => opened.run(name, values[name] ?? {}), runs);
      rows.push([name, times.wall.toFixed(0), times.cpu.toFixed(0)]);
      console.error(rows.at(-1).join('  '));
    }
    if (warehouse === undefined) writeSection('Reports', pageOf({ megabytes, runs, rows }));
  } finally {
    opened.close();
  }
}

const reportNames = () =>
  readdirSync(join(root, 'sql/reports'))
    .map((file) => file.replace(/\.sql$/, ''))
    // A patch is a file to compare with, not a warehouse to ask.
    .filter((name) => name !== 'diff-patch')
    .sort();

function loaded({ folder, generator, megabytes }) {
  const home = join(folder, `home-${megabytes}`);
  const file = join(folder, `reports-${megabytes}.duckdb`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(home, 'truth.json'))) {
    console.error(`writing ${megabytes} MB of logs`);
    execFileSync('node', [generator, '--out', home, '--mb', String(megabytes), '--seed', '1'], {
      stdio: 'ignore',
    });
  }
  execFileSync('node', [join(root, 'dist/agenttrace.cjs'), 'load', home, '--warehouse', file, '--quiet']);
  return file;
}

/** What reports about one session are asked for: the biggest ones. */
async function valuesOf({ query }) {
  const { rows } = await query(
    'select session_id from sessions order by tool_call_count desc, session_id limit 2',
  );
  const [[one], [other] = [null]] = rows;
  return { session: { session: one }, explain: { session: one }, diff: { a: one, b: other } };
}

async function timesOf(run, runs) {
  await run();
  const samples = [];
  for (let index = 0; index < runs; index += 1) {
    const cpuBefore = process.cpuUsage();
    const before = performance.now();
    await run();
    const { user, system } = process.cpuUsage(cpuBefore);
    samples.push({ wall: performance.now() - before, cpu: (user + system) / 1000 });
  }
  return { wall: medianOf(samples.map(({ wall }) => wall)), cpu: medianOf(samples.map(({ cpu }) => cpu)) };
}

const pageOf = ({ megabytes, runs, rows }) => `
Written by \`npm run bench -- --reports\`. Machine: ${machine}. The query of each shipped report over the warehouse of ${megabytes} MB of
generated logs, planned, run and fetched in an open connection; medians of ${runs} runs in milliseconds. Reports about a session
are asked for the one with the most tool calls. None may take ${MOST_MS} ms.

${tableOf(['report', 'wall ms', 'CPU ms'], [['---', '---:', '---:'], ...rows])}
`;
