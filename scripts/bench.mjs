// Measures the program beside its peer, interleaved, and writes docs/benchmarks.md.
//
//   npm run bench -- [--runs 5] [--sizes 60,500,2000] [--generator FILE] [--folder DIR] [--quick]
//
// The logs are generated, with known totals. The peer is ccusage's native program, installed from npm into the working
// folder; it reads the same logs for their token usage alone and keeps nothing.

import { execFileSync, spawnSync } from 'node:child_process';
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
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    sizes: { type: 'string', default: '60,500,2000' },
    generator: { type: 'string', default: join(root, '../shared/bench/gen.mjs') },
    folder: { type: 'string', default: join(tmpdir(), 'agenttrace-bench') },
  },
});
const runs = Number(options.runs);
const sizes = options.sizes.split(',').map(Number);
const PEER = 'ccusage@20.0.24';
const TIME = '/usr/bin/time';

const program = join(root, 'dist/agenttrace.mjs');
const folder = options.folder;
const data = join(folder, 'data');
mkdirSync(folder, { recursive: true });

/** One run: wall and CPU seconds, and megabytes at most. */
function measure(home, command) {
  const env = {
    ...process.env,
    HOME: home,
    XDG_DATA_HOME: data,
    XDG_CONFIG_HOME: join(folder, 'config'),
    TZ: 'UTC',
  };
  for (const name of ['CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'AGENTTRACE_WAREHOUSE']) delete env[name];
  const timed = existsSync(TIME) ? [TIME, '-f', '%U %S %M', ...command] : command;
  const start = performance.now();
  const { status, stderr } = spawnSync(timed[0], timed.slice(1), {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
  const [user, system, kilobytes] = String(stderr).trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { wall, cpu: user + system, memory: kilobytes / 1000 };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const mediansOf = (samples) => ({
  wall: median(samples.map(({ wall }) => wall)),
  cpu: median(samples.map(({ cpu }) => cpu)),
  memory: Math.max(...samples.map(({ memory }) => memory)),
});

/** The contestants in turn, as often as asked, each after its own preparation. */
function compete(home, contestants) {
  const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const [name, { before, command }] of Object.entries(contestants)) {
      before?.(run);
      samples[name].push(measure(home, command));
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
    asked: { before: forgetAnswers, command: overview },
  });
  add(`${size} MB: node -e 0`, warm.nothing);
  add(`${size} MB, unchanged: agenttrace overview`, warm.kept, `${times(warm.kept, warm.nothing)} node -e 0`);
  add(`${size} MB, unchanged, no kept answer`, warm.asked, `${times(warm.asked, warm.nothing)} node -e 0`);
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
  measure(home, overview);
  const grown = compete(home, {
    kept: { command: overview },
    asked: { before: forgetAnswers, command: overview },
    grown: { before: (run) => grow(logs, run), command: overview },
  });
  add(
    `${size} MB, one log in a hundred grown`,
    grown.grown,
    `${times(grown.grown, grown.asked)} the same without a kept answer, ${times(grown.grown, grown.kept)} the kept one`,
  );
  rmSync(home, { recursive: true, force: true });
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${process.platform} ${process.arch}, Node ${process.version}`;
writeFileSync(
  join(root, 'docs/benchmarks.md'),
  `# Benchmarks

Written by \`npm run bench\`. Machine: ${machine}. Medians of ${runs} runs in turn; memory is the most of any run. The logs are
generated (Claude Code and Codex, about nine to one by bytes) and warm in the system's cache. The peer is \`${PEER}\`, a
native program that reads the usage of the same logs and keeps nothing. Compare ratios: seconds depend on the machine.

| what | wall s | CPU s | peak MB | ratio |
| --- | ---: | ---: | ---: | --- |
${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}

${sizeNotes.map((note) => `- ${note}`).join('\n')}
`,
);
execFileSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', 'docs/benchmarks.md'], {
  cwd: root,
  stdio: 'ignore',
});
