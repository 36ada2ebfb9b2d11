// `query` beside DuckDB's Python module on the same file, and writes a section of docs/benchmarks.md.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findMadePython } from '../python.mjs';
import { machine, tableOf, writeSection } from './benchmarks-page.mjs';
import { environmentOf, measure, mediansOf } from './measure.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist/agenttrace.cjs');

/** What is asked. The first needs no table: what it takes is start-up. */
const QUESTIONS = [
  ['start-up', 'select 1 as one'],
  ['point lookup', `select * from llm_calls where llm_call_id = '$CALL'`],
  [
    'full group-by',
    'select model, agent, count(*) as call_count, sum(total_tokens) as total_tokens, sum(cost_usd) as cost_usd from llm_calls group by all order by all',
  ],
];

/** Whole processes in turn, from start to end; both write CSV to nowhere. */
export function benchQuery({ folder, generator, megabytes, runs }) {
  const python = process.env.AGENTTRACE_PYTHON || findMadePython();
  if (python === undefined) throw new Error('There is no Python with DuckDB: npm run python makes one.');
  const file = loaded({ folder, generator, megabytes });
  const env = environmentOf(folder, { PYTHONDONTWRITEBYTECODE: '1' });
  const ask = (sql) => ['node', program, 'query', sql, '--warehouse', file, '--no-refresh', '-f', 'csv'];
  const peer = (sql) => [python, join(root, 'scripts/bench/query_peer.py'), file, sql];
  const print = (command) => execFileSync(command[0], command.slice(1), { env, encoding: 'utf8' });
  const [, call] = print(ask('select llm_call_id from llm_calls order by 1 limit 1')).trim().split('\r\n');
  const version = print([python, '-c', 'import duckdb; print(duckdb.__version__)']).trim();
  const rows = [];
  const starts = {};
  for (const [what, text] of QUESTIONS) {
    const sql = text.replace('$CALL', call);
    refuseDifference([print(ask(sql)), print(peer(sql))], what);
    const samples = { ours: [], theirs: [] };
    for (let run = 0; run < runs; run += 1) {
      samples.ours.push(measure({ command: ask(sql), env }));
      samples.theirs.push(measure({ command: peer(sql), env }));
    }
    const ours = mediansOf(samples.ours);
    const theirs = mediansOf(samples.theirs);
    starts.ours ??= ours;
    starts.theirs ??= theirs;
    for (const [who, result, start] of [
      ['agenttrace query', ours, starts.ours],
      ['Python duckdb', theirs, starts.theirs],
    ]) {
      const isStart = result === start;
      rows.push([
        what,
        who,
        result.wall.toFixed(3),
        isStart ? '' : Math.max(0, result.wall - start.wall).toFixed(3),
        result.cpu.toFixed(2),
        isStart ? '' : Math.max(0, result.cpu - start.cpu).toFixed(2),
        result.memory.toFixed(0),
        who === 'agenttrace query' ? `${(ours.wall / theirs.wall).toFixed(2)} ×` : '',
      ]);
      console.error(rows.at(-1).join('  '));
    }
  }
  writeSection('Query', pageOf({ megabytes, runs, rows, version }));
}

function loaded({ folder, generator, megabytes }) {
  const home = join(folder, `home-${megabytes}`);
  const file = join(folder, `query-${megabytes}.duckdb`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(home, 'truth.json'))) {
    console.error(`writing ${megabytes} MB of logs`);
    execFileSync('node', [generator, '--out', home, '--mb', String(megabytes), '--seed', '1'], {
      stdio: 'ignore',
    });
  }
  execFileSync('node', [program, 'load', home, '--warehouse', file, '--quiet'], { stdio: 'ignore' });
  return file;
}

/** Both must answer as many rows and columns: a fast wrong answer is none. */
function refuseDifference([ours, theirs], what) {
  const plain = (text) =>
    text
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(',').length);
  if (plain(ours).join() === plain(theirs).join()) return;
  throw new Error(`${what}: the answers differ:\n${ours.slice(0, 500)}\n${theirs.slice(0, 500)}`);
}

const pageOf = ({ megabytes, runs, rows, version }) => `
Written by \`npm run bench -- --query\`. Machine: ${machine}. \`agenttrace query --no-refresh -f csv\` beside the Python module of DuckDB
${version} on the same warehouse of ${megabytes} MB of generated logs, read-only, over the same views; whole processes, medians of ${runs} runs in
turn, the most memory of any. The first lines are start-up alone (\`select 1\`); _without start-up_ is what is left when that is taken off.
\`query\` runs on one thread, the module on as many as there are cores.

${tableOf(
  [
    'question',
    'program',
    'wall s',
    'without start-up',
    'CPU s',
    'without start-up',
    'peak MB',
    'ratio of wall',
  ],
  [['---', '---', '---:', '---:', '---:', '---:', '---:', '---:'], ...rows],
)}
`;
