import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const TIME = '/usr/bin/time';

/** One run of a command: wall and CPU seconds, megabytes at most, and what it printed. */
export function measure({ command, env, cwd }) {
  const timed = existsSync(TIME) ? [TIME, '-f', '%U %S %M', ...command] : command;
  const start = performance.now();
  const { status, stderr } = spawnSync(timed[0], timed.slice(1), {
    env,
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
  const [user, system, kilobytes] = String(stderr).trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { wall, cpu: user + system, memory: kilobytes / 1000 };
}

/** What a person who has nothing set has not set. Node reads extra certificates at every start, which takes twice the rest of it. */
const UNSET = [
  'CLAUDE_CONFIG_DIR',
  'CODEX_HOME',
  'AGENTTRACE_WAREHOUSE',
  'XDG_DATA_HOME',
  'XDG_CONFIG_HOME',
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
];

/** The environment of a person who has nothing set but a home. */
export function environmentOf(home, more = {}) {
  const env = { ...process.env, HOME: home, TZ: 'UTC', ...more };
  for (const name of UNSET) if (!(name in more)) delete env[name];
  return env;
}

/** Medians, and the most memory of any. */
export const mediansOf = (samples) => ({
  wall: medianOf(samples.map(({ wall }) => wall)),
  cpu: medianOf(samples.map(({ cpu }) => cpu)),
  memory: Math.max(...samples.map(({ memory }) => memory)),
});

export const medianOf = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
