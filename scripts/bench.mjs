// Measures the program beside its peer, interleaved, and writes docs/benchmarks.md.
//
//   npm run bench -- [--runs 5] [--sizes 60,500,2000] [--generator FILE] [--folder DIR]
//   npm run bench -- --adapters [--mb 60] [--runs 3] [--only pi,zed]
//   npm run bench -- --reports [--mb 500] [--runs 5] [--warehouse FILE]
//   npm run bench -- --query [--mb 500] [--runs 5]
//
// The logs are generated, with known totals. The peer is ccusage's native program, installed from npm into the working
// folder; it reads the same logs for their token usage alone and keeps nothing. With --adapters it measures how fast each
// adapter reads its own logs instead; with --reports how long each report's query takes, over a warehouse of its own or
// another one, of which nothing is written down; with --query how long `query` takes beside DuckDB's Python module.

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchAdapters } from './bench/bench-adapters.mjs';
import { benchQuery } from './bench/bench-query.mjs';
import { benchReports } from './bench/bench-reports.mjs';
import { machine, tableOf, writeFirstSection } from './bench/benchmarks-page.mjs';
import { environmentOf, measure, mediansOf } from './bench/measure.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string' },
    sizes: { type: 'string', default: '60,500,2000' },
    generator: { type: 'string', default: join(root, '../shared/bench/gen.mjs') },
    folder: { type: 'string', default: join(tmpdir(), 'agenttrace-bench') },
    adapters: { type: 'boolean', default: false },
    reports: { type: 'boolean', default: false },
    query: { type: 'boolean', default: false },
    warehouse: { type: 'string' },
    mb: { type: 'string' },
    only: { type: 'string' },
  },
});
if (options.adapters) {
  const agents = options.only?.split(',');
  benchAdapters({ ...options, megabytes: Number(options.mb ?? 60), runs: Number(options.runs ?? 3), agents });
  process.exit();
}
if (options.query) {
  benchQuery({ ...options, megabytes: Number(options.mb ?? 500), runs: Number(options.runs ?? 5) });
  process.exit();
}
if (options.reports) {
  await benchReports({ ...options, megabytes: Number(options.mb ?? 500), runs: Number(options.runs ?? 5) });
  process.exit();
}
const runs = Number(options.runs ?? 5);
const sizes = options.sizes.split(',').map(Number);
const PEER = 'ccusage@20.0.24';

const program = join(root, 'dist/agenttrace.cjs');
const folder = options.folder;
const data = join(folder, 'data');
mkdirSync(folder, { recursive: true });

const environment = (home) =>
  environmentOf(home, { XDG_DATA_HOME: data, XDG_CONFIG_HOME: join(folder, 'config') });

/** The contestants in turn, as often as asked, each after its own preparation. */
function compete(home, contestants) {
  const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const [name, { before, command }] of Object.entries(contestants)) {
      before?.(run);
      samples[name].push(measure({ command, env: environment(home) }));
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, mediansOf(values)]));
}

function homeOf(megabytes) {
  const home = join(folder, `home-${megabytes}`);
  if (!existsSync(join(home, 'truth.json'))) {
    console.error(`writing ${megabytes} MB of logs`);
    execFileSync('node', [options.generator, '--out', home, '--mb', String(megabytes), '--seed', '1'], {
      stdio: 'ignore',
    });
  }
  return home;
}

function peerProgram() {
  const place = join(folder, 'peer');
  if (!existsSync(join(place, 'node_modules'))) {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), '{}');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', PEER], { cwd: place, stdio: 'ignore' });
  }
  return join(place, 'node_modules/.bin/ccusage');
}

const forget = () => rmSync(data, { recursive: true, force: true });
const forgetAnswers = () =>
  rmSync(join(data, 'agenttrace/warehouse.duckdb.answers'), { recursive: true, force: true });
const logsOf = (home) =>
  readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

/** Repeats the last whole lines of one log in a hundred, as a session that goes on would. */
function grow(logs, run) {
  for (const path of logs.filter((_, index) => index % 100 === run % 100)) {
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'));
    appendFileSync(path, `\n${lines.slice(-3).join('\n')}\n`);
  }
}

const overview = ['node', program, 'overview', '--no-color'];
const peer = [peerProgram(), 'daily', '--offline'];
const nothing = ['node', '-e', '0'];
const table = [];
const add = (what, result, note = '') => {
  table.push([what, result.wall.toFixed(3), result.cpu.toFixed(2), result.memory.toFixed(0), note]);
  console.error(table.at(-1).join('  '));
};
const times = (one, other) => `${(one.wall / other.wall).toFixed(2)} ×`;

const sizeNotes = [];
for (const size of sizes) {
  const home = homeOf(size);
  const cold = compete(home, {
    peer: { command: peer },
    overview: { before: forget, command: overview },
  });
  add(`${size} MB, cold: ccusage daily --offline`, cold.peer);
  add(`${size} MB, cold: agenttrace overview`, cold.overview, `${times(cold.overview, cold.peer)} ccusage`);
  const bytes = logsOf(home).reduce((sum, path) => sum + statSync(path).size, 0);
  const warehouse = statSync(join(data, 'agenttrace/warehouse.duckdb')).size;
  sizeNotes.push(
    `${size} MB of logs in ${logsOf(home).length.toLocaleString('en-US')} files: the warehouse takes ${(warehouse / 1e6).toFixed(1)} MB, ${((100 * warehouse) / bytes).toFixed(1)} % of them.`,
  );
  const warm = compete(home, {
    nothing: { command: nothing },
    kept: { command: overview },
    query: { command: ['node', program, 'query', 'select count(*) from sessions', '--no-color'] },
    asked: { before: forgetAnswers, command: overview },
  });
  add(`${size} MB: node -e 0`, warm.nothing);
  add(`${size} MB, unchanged: agenttrace overview`, warm.kept, `${times(warm.kept, warm.nothing)} node -e 0`);
  add(`${size} MB, unchanged: agenttrace query`, warm.query, `${times(warm.query, warm.nothing)} node -e 0`);
  add(`${size} MB, unchanged, nothing kept`, warm.asked, `${times(warm.asked, warm.nothing)} node -e 0`);
  if (size === sizes.at(-1)) {
    const latest = compete(home, {
      latest: { before: forget, command: ['node', program, 'latest', '--no-color'] },
    });
    add(
      `${size} MB, cold: agenttrace latest`,
      latest.latest,
      `${times(latest.latest, cold.overview)} its overview`,
    );
  }
}

{
  const size = sizes.includes(500) ? 500 : sizes[0];
  const home = join(folder, 'home-grown');
  rmSync(home, { recursive: true, force: true });
  cpSync(homeOf(size), home, { recursive: true });
  const logs = logsOf(home);
  forget();
  measure({ command: overview, env: environment(home) });
  const grown = compete(home, {
    kept: { command: overview },
    asked: { before: forgetAnswers, command: overview },
    grown: { before: (run) => grow(logs, run), command: overview },
  });
  add(
    `${size} MB, one log in a hundred grown`,
    grown.grown,
    `${times(grown.grown, grown.asked)} the same with nothing kept, ${times(grown.grown, grown.kept)} the kept one`,
  );
  rmSync(home, { recursive: true, force: true });
}

writeFirstSection(
  `# Benchmarks

Written by \`npm run bench\`. Machine: ${machine}. Medians of ${runs} runs in turn; memory is the most of any run. The logs are
generated (Claude Code and Codex, about nine to one by bytes) and warm in the system's cache. The peer is \`${PEER}\`, a
native program that reads the usage of the same logs and keeps nothing. What a person need not have set is not set: with extra
certificates (\`NODE_EXTRA_CA_CERTS\`), which Node 20 reads at each start, \`node -e 0\` would take three times as long. Compare ratios: seconds
depend on the machine.

${tableOf(['what', 'wall s', 'CPU s', 'peak MB', 'ratio'], [['---', '---:', '---:', '---:', '---'], ...table])}

${sizeNotes.map((note) => `- ${note}`).join('\n')}
`,
);
