/** Small logs of Claude Code that share records, calls and moments, so that wherever order could matter it would. */
import { pick, type Random, randomFrom } from './random.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Lines by path below the home. */
export type Logs = Readonly<Record<string, readonly string[]>>;

const FOLDER = '.claude/projects/-home-dev-app';
const MODEL = 'claude-sonnet-4-5-20250929';
const TOOLS = ['Bash', 'Bash', 'Edit', 'Write', 'Read', 'Grep', 'Task', 'AskUserQuestion'];

interface Writer {
  readonly random: Random;
  /** The next id with this beginning. */
  readonly name: (start: string) => string;
  readonly uuid: () => string;
  /** The time, which often stands still and seldom falls back. */
  readonly now: () => string;
}

function writerFrom(seed: number): Writer {
  const random = randomFrom(seed);
  let count = 0;
  let clock = Date.parse('2026-05-01T10:00:00Z');
  const steps = [0, 0, 0, 1, 500, 2000, 20_000, 90_000, 400_000];
  return {
    random,
    name: (start) => `${start}_${seed}_${++count}`,
    uuid: () => `${hex(seed, 8)}-0000-4000-8000-${hex(++count, 12)}`,
    now: () => {
      clock += pick(random, steps);
      return new Date(clock - (random(1, 25) === 1 ? 3_600_000 : 0)).toISOString();
    },
  };
}

export const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');

function lineOf(writer: Writer, { session, type, ...rest }: Json): Json {
  return {
    type,
    uuid: writer.uuid(),
    sessionId: session,
    cwd: '/home/dev/app',
    gitBranch: 'main',
    version: '2.1.0',
    isSidechain: false,
    timestamp: writer.now(),
    ...rest,
  };
}

function inputOf(random: Random, tool: string): Json {
  if (tool === 'Bash') return { command: pick(random, ['make test', 'make test', 'ls', 'cat notes.txt']) };
  if (tool === 'Edit' || tool === 'Write' || tool === 'Read')
    return { file_path: `/home/dev/app/${pick(random, ['a', 'b'])}.py`, old_string: 'x', new_string: 'y' };
  return { query: random(1, 2) };
}

function usageOf(random: Random): Json {
  const written = pick(random, [0, 0, 1000]);
  const short = pick(random, [0, written]);
  return {
    input_tokens: pick(random, [5, 5, 2000]),
    cache_read_input_tokens: pick(random, [0, 5000, 90_000, 190_000]),
    cache_creation_input_tokens: written,
    cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: written - short },
    output_tokens: pick(random, [10, 10, 50]),
  };
}

/** An answer of the model in one line or two, with the results of its tools. */
function answer(writer: Writer, session: string): readonly Json[] {
  const { random } = writer;
  const id = writer.name('msg');
  const requestId = writer.name('req');
  const tools = Array.from({ length: pick(random, [0, 1, 1, 2]) }, () => {
    const name = pick(random, TOOLS);
    return { type: 'tool_use', id: writer.name('toolu'), name, input: inputOf(random, name) };
  });
  const thought = { type: 'thinking', thinking: 'hm'.repeat(random(0, 9)), signature: 's' };
  const blocks: readonly Json[] = [
    ...(random(1, 2) === 1 ? [thought] : [{ type: 'text', text: 'ok' }]),
    ...tools,
  ];
  const usage = usageOf(random);
  const said = blocks.map((block, index) =>
    lineOf(writer, {
      session,
      type: 'assistant',
      requestId,
      message: {
        id,
        role: 'assistant',
        model: MODEL,
        content: [block],
        stop_reason: index === blocks.length - 1 ? 'end_turn' : null,
        usage: random(1, 4) === 1 ? { ...usage, output_tokens: 3 } : usage,
      },
    }),
  );
  return [...said, ...tools.flatMap((tool) => resultOf(writer, { session, ...tool }))];
}

function resultOf(writer: Writer, { session, id, name }: Json): readonly Json[] {
  const { random } = writer;
  const block = (rest: Json): Json => ({ type: 'tool_result', tool_use_id: id, ...rest });
  const failure = pick(random, [
    'Exit code 2\nboom',
    'Exit code 2\nboom',
    "The user doesn't want to proceed with this tool use.",
    '[Request interrupted by user for tool use]',
  ]);
  const patch = {
    toolUseResult: {
      filePath: `/home/dev/app/${pick(random, ['a', 'b'])}.py`,
      type: 'update',
      structuredPatch: [{ lines: ['+x', '-y'] }],
    },
  };
  const result = (content: Json, rest: Json = {}): Json =>
    lineOf(writer, { session, type: 'user', message: { role: 'user', content: [content] }, ...rest });
  switch (random(1, 6)) {
    case 1:
      return [];
    case 2:
    case 3:
      return [result(block({ content: failure, is_error: true }), { toolUseResult: 'Error: x' })];
    default:
      return [result(block({ content: 'fine' }), name === 'Edit' || name === 'Write' ? patch : {})];
  }
}

/** What else stands between answers. */
function aside(writer: Writer, session: string): readonly Json[] {
  const { random } = writer;
  const prompt = (content: string, rest: Json = {}): Json =>
    lineOf(writer, { session, type: 'user', message: { role: 'user', content }, ...rest });
  switch (random(1, 6)) {
    case 1:
      return [prompt('a note', { isMeta: true })];
    case 2:
      return [
        lineOf(writer, {
          session,
          type: 'system',
          subtype: 'compact_boundary',
          compactMetadata: { trigger: 'auto', preTokens: 150_000 },
        }),
      ];
    case 3:
      return [
        lineOf(writer, {
          session,
          type: 'system',
          subtype: 'api_error',
          error: { status: 529 },
          retryAttempt: 1,
          maxRetries: 10,
          retryInMs: 900,
        }),
      ];
    case 4:
      return [prompt('[Request interrupted by user]')];
    default:
      return [prompt('go on')];
  }
}

const history = (writer: Writer, session: string, steps: number): readonly Json[] =>
  Array.from({ length: steps }, () =>
    writer.random(1, 3) === 1 ? aside(writer, session) : answer(writer, session),
  ).flat();

/** A subagent's words as only its parent's file tells them. */
const progress = (writer: Writer, session: string, agentId: string): readonly Json[] =>
  history(writer, session, 1)
    .filter(({ type }) => type === 'assistant')
    .map(({ message, requestId, timestamp }) =>
      lineOf(writer, {
        session,
        type: 'progress',
        data: {
          type: 'agent_progress',
          agentId,
          message: { type: 'assistant', message, requestId, timestamp },
        },
      }),
    );

/** The first lines of another file as a new session repeats them. */
function copied(writer: Writer, lines: readonly Json[], session: string, kind: number): readonly Json[] {
  const { random } = writer;
  return lines.slice(0, random(1, lines.length)).map((line) => {
    const { message, ...rest } = line as { readonly message?: { readonly usage?: Json } };
    const usage = message?.usage;
    const changed =
      usage === undefined || random(1, 3) > 1
        ? message
        : { ...message, usage: { ...usageOf(random), output_tokens: 60 } };
    return {
      ...rest,
      ...(message === undefined ? {} : { message: changed }),
      sessionId: session,
      ...(kind === 1 ? { forkedFrom: { sessionId: line.sessionId, messageUuid: line.uuid } } : {}),
      ...(kind <= 2 ? { uuid: writer.uuid() } : {}),
    };
  });
}

/** Logs of one root session, its copies and its other half, in random shuffles of records. */
export function inventLogs(seed: number): Logs {
  const writer = writerFrom(seed);
  const { random, uuid, name } = writer;
  const session = uuid();
  const agentId = name('agent');
  const main = [
    ...history(writer, session, random(3, 8)),
    ...(random(1, 2) === 1 ? progress(writer, session, agentId) : []),
  ];
  const files: Record<string, readonly Json[]> = {};
  const put = (path: string, lines: readonly Json[]): void => {
    files[`${FOLDER}/${path}.jsonl`] = lines;
  };
  // One session in two files, each of which has some of its records.
  const first: Json[] = [];
  const second: Json[] = [];
  const isTorn = random(1, 2) === 1;
  for (const line of main) (isTorn && random(1, 3) === 1 ? second : first).push(line);
  put(session, first.length > 0 ? first : main);
  if (second.length > 0) put(pick(random, ['0-other', 'z-other']), second);
  if (random(1, 2) === 1) put('9-more', progress(writer, session, agentId));
  for (let copy = random(1, 3); copy > 0; copy -= 1) {
    const id = uuid();
    const kind = random(1, 3);
    const lines = [...copied(writer, main, id, kind), ...history(writer, id, random(0, 2))];
    // What was copied may stand behind what is its own.
    const turn = random(1, 4) === 1 ? random(0, lines.length - 1) : 0;
    put(random(1, 2) === 1 ? id : `${random(0, 1) === 0 ? '0' : 'z'}-${id}`, [
      ...lines.slice(turn),
      ...lines.slice(0, turn),
    ]);
  }
  return Object.fromEntries(
    Object.entries(files)
      .filter(([, lines]) => lines.length > 0)
      .map(([path, lines]) => [path, lines.map((line) => `${JSON.stringify(line)}\n`)]),
  );
}
