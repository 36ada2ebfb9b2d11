/** Small rollouts of Codex: threads, forks, spawned threads, resumes and moved logs that repeat one another's lines. */
import { hex, type Json, type Logs } from './invented-logs.ts';
import { pick, type Random, randomFrom } from './random.ts';

interface Item {
  readonly timestamp: string;
  readonly type: string;
  readonly payload: Json;
}

/** A thread as it goes on: its lines so far, and where its counter stands. */
interface Thread {
  readonly id: string;
  readonly items: Item[];
  total: { readonly input: number; readonly cached: number; readonly output: number };
}

interface Writer {
  readonly random: Random;
  readonly name: (start: string) => string;
  readonly threadId: () => string;
  readonly now: () => string;
}

function writerFrom(seed: number): Writer {
  const random = randomFrom(seed);
  let count = 0;
  let clock = Date.parse('2026-05-02T10:00:00Z');
  const steps = [0, 0, 1, 400, 2000, 30_000, 400_000];
  return {
    random,
    name: (start) => `${start}_${seed}_${++count}`,
    threadId: () => `019e${hex(seed, 4)}-0000-7000-8000-${hex(++count, 12)}`,
    now: () => {
      clock += pick(random, steps);
      return new Date(clock).toISOString();
    },
  };
}

function meta(writer: Writer, id: string, rest: Json = {}): Item {
  const { random } = writer;
  const payload = {
    id,
    cwd: pick(random, ['/home/dev/app', '/home/dev/other']),
    cli_version: pick(random, ['0.120.0', '0.130.0']),
    source: 'cli',
    ...(random(1, 2) === 1 ? { model_provider: pick(random, ['openai', 'azure']) } : {}),
    ...rest,
  };
  return { timestamp: writer.now(), type: 'session_meta', payload };
}

function counted(writer: Writer, thread: Thread): readonly Item[] {
  const { random } = writer;
  const [input, cached, output] = [
    pick(random, [100, 100, 2000]),
    pick(random, [0, 50]),
    pick(random, [10, 40]),
  ];
  const isReset = random(1, 12) === 1;
  const before = isReset ? { input: 0, cached: 0, output: 0 } : thread.total;
  thread.total = {
    input: before.input + input,
    cached: before.cached + cached,
    output: before.output + output,
  };
  const figures = (of: Thread['total']): Json => ({
    input_tokens: of.input,
    cached_input_tokens: of.cached,
    output_tokens: of.output,
    reasoning_output_tokens: 0,
    total_tokens: of.input + of.output,
  });
  const info = {
    total_token_usage: figures(thread.total),
    ...(random(1, 3) === 1 ? {} : { last_token_usage: figures({ input, cached, output }) }),
    model_context_window: 272_000,
  };
  const limits = {
    primary: { used_percent: random(1, 3), window_minutes: 300, resets_at: 1_777_720_000 },
  };
  const reading = (): Item => ({
    timestamp: writer.now(),
    type: 'event_msg',
    payload: { type: 'token_count', info, ...(random(1, 2) === 1 ? { rate_limits: limits } : {}) },
  });
  return random(1, 4) === 1 ? [reading(), reading()] : [reading()];
}

function called(writer: Writer): readonly Item[] {
  const { random } = writer;
  const call_id = writer.name('call');
  const item = (payload: Json): Item => ({ timestamp: writer.now(), type: 'response_item', payload });
  const command = pick(random, ['make test', 'make test', 'ls']);
  const call = item({
    type: 'function_call',
    name: 'shell',
    call_id,
    arguments: JSON.stringify({ command: ['bash', '-lc', command] }),
  });
  const output = pick(random, [
    'Exit code: 2\nOutput:\nboom',
    'Exit code: 0\nOutput:\nfine',
    'aborted by user',
  ]);
  const patched: Item = {
    timestamp: writer.now(),
    type: 'event_msg',
    payload: {
      type: 'patch_apply_end',
      call_id,
      success: random(1, 2) === 1,
      changes: { [`/home/dev/app/${pick(random, ['a', 'b'])}.ts`]: { type: 'add', content: 'one\ntwo\n' } },
    },
  };
  return [
    call,
    ...(random(1, 4) === 1 ? [patched] : []),
    ...(random(1, 5) === 1 ? [] : [item({ type: 'function_call_output', call_id, output })]),
  ];
}

/** One turn: its context, a prompt, calls of tools, and what it used, by a counter or by a record of its own. */
function turn(writer: Writer, thread: Thread): readonly Item[] {
  const { random, name } = writer;
  const turn_id = name('turn');
  const said = (payload: Json): Item => ({ timestamp: writer.now(), type: 'event_msg', payload });
  const items: Item[] = [];
  if (random(1, 5) > 1)
    items.push({
      timestamp: writer.now(),
      type: 'turn_context',
      payload: {
        ...(random(1, 6) === 1 ? {} : { turn_id }),
        cwd: '/home/dev/app',
        model: pick(random, ['gpt-5.5', 'gpt-5.5', 'gpt-5.5-codex']),
      },
    });
  if (random(1, 4) > 1) items.push(said({ type: 'user_message', message: 'go' }));
  const hasRecord = random(1, 5) === 1;
  for (let step = random(1, 3); step > 0; step -= 1) {
    if (random(1, 2) === 1) items.push(...called(writer));
    items.push(...counted(writer, thread));
    if (hasRecord)
      items.push({
        timestamp: writer.now(),
        type: 'token_usage_record',
        payload: {
          thread_id: thread.id,
          turn_id,
          session_id: thread.id,
          response_id: name('resp'),
          usage: { input_tokens: 90, cached_input_tokens: 10, output_tokens: 9, total_tokens: 99 },
        },
      });
  }
  if (random(1, 5) === 1)
    items.push({ timestamp: writer.now(), type: 'compacted', payload: { message: '' } });
  if (random(1, 6) === 1)
    items.push(said({ type: 'error', message: 'x', codex_error_info: 'usage_limit_exceeded' }));
  if (random(1, 2) === 1) items.push(said({ type: 'task_complete', turn_id }));
  return items;
}

function goOn(writer: Writer, thread: Thread, turns: number): void {
  for (let count = turns; count > 0; count -= 1) thread.items.push(...turn(writer, thread));
}

/** A thread that begins with what another one said so far, at the old times or all within a moment. */
function childOf(writer: Writer, parent: Thread, id: string): Thread {
  const { random } = writer;
  const links = pick<readonly Json[]>(random, [
    [{ forked_from_id: parent.id }],
    [{ source: { subagent: { thread_spawn: { parent_thread_id: parent.id, depth: 1 } } } }],
    // A resume of early versions: the old thread's own session_meta alone may tell of it.
    [],
  ]);
  const own = meta(writer, id, links[0] ?? {});
  const now = own.timestamp;
  const isStamped = random(1, 2) === 1;
  const until = random(0, parent.items.length);
  const copied = parent.items
    .slice(0, until)
    .filter(({ type }) => type !== 'token_usage_record' && (type !== 'session_meta' || random(1, 2) === 1))
    .map((item) => (isStamped ? { ...item, timestamp: now } : item));
  return { id, items: [own, ...copied], total: parent.total };
}

const nameOf = ({ id }: Thread): string => `rollout-2026-05-02T10-00-00-${id}.jsonl`;

/** Logs of one thread, of those that come of it, and of copies of them. */
export function inventRollouts(seed: number): Logs {
  const writer = writerFrom(seed);
  const { random, threadId } = writer;
  const root: Thread = { id: threadId(), items: [], total: { input: 0, cached: 0, output: 0 } };
  root.items.push(meta(writer, root.id));
  goOn(writer, root, random(1, 4));
  const threads = [root];
  for (let count = random(0, 3); count > 0; count -= 1) {
    const child = childOf(writer, pick(random, threads), threadId());
    goOn(writer, child, random(0, 2));
    threads.push(child);
  }
  const files: Record<string, readonly Item[]> = {};
  for (const thread of threads) {
    const { items } = thread;
    // What tells of all of a log may stand further down, and more than once.
    const [first, ...others] = items as [Item, ...Item[]];
    const place = random(1, 3) === 1 ? random(0, others.length) : 0;
    const late = random(1, 5) === 1 ? [meta(writer, thread.id)] : [];
    const lines = [...others.slice(0, place), first, ...others.slice(place), ...late];
    files[`.codex/sessions/2026/05/02/${nameOf(thread)}`] = lines;
    // A copy of how the log was earlier, under another name.
    if (random(1, 4) === 1)
      files[`.codex/${pick(random, ['archived_sessions/0', 'sessions/z'])}-${nameOf(thread)}`] = lines.slice(
        0,
        random(1, lines.length),
      );
  }
  return Object.fromEntries(
    Object.entries(files).map(([path, items]) => [path, items.map((item) => `${JSON.stringify(item)}\n`)]),
  );
}
