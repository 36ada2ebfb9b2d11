// How fast each adapter reads its own logs, beside Claude Code's of the same size, and writes a section of docs/benchmarks.md.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateLogs } from '../generate-logs/generate-logs.mjs';
import { writers } from '../generate-logs/writers.mjs';
import { machine, tableOf, writeSection } from './benchmarks-page.mjs';
import { environmentOf, measure, mediansOf } from './measure.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LOADED = readFileSync(join(root, 'scripts/generate-logs/loaded.sql'), 'utf8');
const CLAUDE = 'claude-code';

/** Generated homes of one agent each, loaded into a new warehouse: as many runs, in turn with those of Claude Code. */
export function benchAdapters({ folder, megabytes, runs, agents }) {
  const program = join(root, 'dist/agenttrace.cjs');
  const claude = homeOf({ agent: CLAUDE, folder, megabytes });
  const rows = writers
    .map(({ agent }) => agent)
    .filter((agent) => agent !== CLAUDE && (agents === undefined || agents.includes(agent)))
    .map((agent) => {
      const row = besideClaude({ program, claude, other: homeOf({ agent, folder, megabytes }), runs });
      console.error(row.join('  '));
      return row;
    });
  if (agents === undefined) writeSection('Adapters', pageOf({ megabytes, runs, rows }));
}

function homeOf({ agent, folder, megabytes }) {
  const home = join(folder, `adapter-${agent}`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const totals = generateLogs({ agent, home, megabytes });
  return { agent, home, totals, megabytes: sizeOf(home) / 1e6, warehouse: `${home}.duckdb` };
}

const sizeOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);

function besideClaude({ program, claude, other, runs }) {
  const samples = { claude: [], other: [] };
  for (let run = 0; run < runs; run += 1) {
    samples.claude.push(coldLoad(program, claude));
    samples.other.push(coldLoad(program, other));
  }
  expectTotals(program, other);
  rmSync(other.home, { recursive: true });
  const speeds = (home, { wall, cpu }) => ({ wall: home.megabytes / wall, cpu: home.megabytes / cpu });
  const [best, own] = [mediansOf(samples.claude), mediansOf(samples.other)];
  const [fast, told] = [speeds(claude, best), speeds(other, own)];
  return [
    other.agent,
    other.megabytes.toFixed(0),
    own.wall.toFixed(2),
    own.cpu.toFixed(2),
    own.memory.toFixed(0),
    told.wall.toFixed(0),
    fast.wall.toFixed(0),
    (told.wall / fast.wall).toFixed(2),
    (told.cpu / fast.cpu).toFixed(2),
  ];
}

function coldLoad(program, { home, warehouse }) {
  for (const path of [warehouse, `${warehouse}.wal`, `${warehouse}.answers`]) {
    rmSync(path, { recursive: true, force: true });
  }
  const command = ['node', program, 'load', '--warehouse', warehouse, '--quiet'];
  return measure({ command, env: environmentOf(home), cwd: home });
}

function expectTotals(program, { agent, home, warehouse, totals }) {
  const asked = [program, 'query', '--no-refresh', '--warehouse', warehouse, '-f', 'json', '--', LOADED];
  const loaded = JSON.parse(execFileSync('node', asked, { env: environmentOf(home), cwd: home }));
  const row = (Array.isArray(loaded) ? loaded : loaded.rows).find((one) => one.agent === agent);
  for (const [name, figure] of Object.entries(totals)) {
    const read = row?.[name] ?? null;
    if ((read === null ? null : Number(read)) !== figure) {
      throw new Error(`${agent}: ${name} is ${read}, and ${figure} was written`);
    }
  }
}

const HEAD = [
  ['agent', 'MB', 'wall s', 'CPU s', 'peak MB', 'MB/s', 'Claude Code MB/s', 'by wall', 'by CPU'],
  ['---', ...Array.from({ length: 8 }, () => '---:')],
];

const pageOf = ({ megabytes, runs, rows }) => `
Written by \`npm run bench -- --adapters\`. Machine: ${machine}. Each row is a cold \`load\` of ${megabytes} MB or
so of generated logs of one agent, in turn with as many of Claude Code; medians of ${runs} runs, memory is the most of any run. The
last columns say how much of Claude Code's speed that is, by wall clock and by CPU seconds; what was loaded is what was
written. Below 0.10 the reason is in the adapter's README.

${tableOf(HEAD[0], [HEAD[1], ...rows])}
`;
