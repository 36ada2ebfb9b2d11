/**
 * Invented sessions, alike for every agent: what was asked, answered, called and used. Writers put them into the agents' own forms.
 *
 * A session has turns, a turn a prompt and steps, a step one request with its usage and the tools that it called.
 */
import { randomFrom } from './random.mjs';

const START = Date.UTC(2026, 7, 1);
const PROJECTS = ['shop', 'search', 'ledger', 'site', 'infra', 'mobile'];
const COMMANDS = ['npm test', 'git status', 'npx tsc --noEmit', 'ls -la src', 'cargo check', 'make lint'];
const KINDS = ['shell', 'shell', 'shell', 'read', 'read', 'search', 'edit', 'edit'];

/** Without end, the same for the same seed, each after the one before it. */
export function* inventSessions({ seed = 1 } = {}) {
  const random = randomFrom(seed);
  let now = START;
  for (let number = 1; ; number += 1) {
    const session = inventSession({ random, number, at: now });
    now = session.endAt + random.between(60_000, 3_600_000);
    yield session;
  }
}

function inventSession({ random, number, at }) {
  const project = random.pick(PROJECTS);
  const cwd = `/home/dev/${project}`;
  const clock = { now: at };
  const turns = Array.from({ length: random.between(1, 12) }, () => inventTurn({ random, clock, cwd }));
  return {
    id: random.uuid(),
    number,
    at,
    endAt: clock.now + 500,
    cwd,
    project,
    branch: random.pick(['main', 'topic']),
    turns,
    steps: turns.flatMap(({ steps }) => steps),
  };
}

function inventTurn({ random, clock, cwd }) {
  const at = pass(clock, random.between(2_000, 600_000));
  const prompt = random.text(random.size(20, 4_000));
  const count = random.between(1, 14);
  const steps = Array.from({ length: count }, (_, index) =>
    inventStep({ random, clock, cwd, isLast: index === count - 1 }),
  );
  return { id: random.uuid(), at, prompt, steps };
}

function inventStep({ random, clock, cwd, isLast }) {
  const startAt = clock.now + 50;
  const at = pass(clock, random.between(1_000, 45_000));
  const reasoning = random.chance(0.5) ? random.between(10, 400) : 0;
  const usage = {
    fresh: random.between(1, 2_000),
    cacheRead: random.between(8_000, 150_000),
    cacheWrite: random.between(0, 6_000),
    output: reasoning + random.between(20, 3_000),
    reasoning,
  };
  const toolCount = isLast ? 0 : random.chance(0.15) ? 2 : 1;
  return {
    id: random.uuid(),
    startAt,
    at,
    thinking: reasoning > 0 ? random.text(random.size(50, 2_000)) : '',
    text: isLast || random.chance(0.4) ? random.text(random.size(40, 6_000)) : '',
    isLast,
    usage,
    tools: Array.from({ length: toolCount }, () => inventTool({ random, clock, cwd })),
  };
}

function inventTool({ random, clock, cwd }) {
  const startAt = clock.now + 20;
  return {
    id: random.hex(24),
    kind: random.pick(KINDS),
    command: random.pick(COMMANDS),
    path: `${cwd}/src/${random.hex(4)}.ts`,
    before: random.text(random.size(20, 1_000)),
    after: random.text(random.size(20, 1_000)),
    isFailed: random.chance(0.08),
    output: random.text(random.size(90, 16_000)),
    startAt,
    at: pass(clock, random.between(50, 8_000)),
  };
}

function pass(clock, milliseconds) {
  clock.now += milliseconds;
  return clock.now;
}
