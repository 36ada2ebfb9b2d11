/**
 * Writes fixtures/home: two invented weeks of a small team with two coding agents, the logs behind `--demo` and
 * many tests. Running it again writes the same bytes. Every name, path and text in it is made up.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOME = join(fileURLToPath(new URL('..', import.meta.url)), 'fixtures', 'home');
const SONNET = 'claude-sonnet-4-6';
const OPUS = 'claude-opus-4-6';
const HAIKU = 'claude-haiku-4-5-20251001';
const UNPRICED = 'team-gateway-coder-2';
const GPT = 'gpt-5.5';
const GPT_MINI = 'gpt-5.4-mini';

/** Mulberry32: one stream of numbers for each session, so that a change in one leaves the others alone. */
function randomOf(seedText) {
  let state = createHash('sha256').update(seedText).digest().readUInt32LE(0);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return (low, high) => low + Math.floor(next() * (high - low + 1));
}

const digest = (text) => createHash('sha256').update(text).digest('hex');
const uuidOf = (text) => {
  const hex = digest(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
/** UUID version 7, as Codex names its threads: the time comes first. */
const threadId = (text, atMs) => {
  const time = atMs.toString(16).padStart(12, '0');
  const hex = digest(text);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-a${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
};
const iso = (ms) => new Date(ms).toISOString();
/** Day of November 2026 and time of day in UTC. */
const moment = (day, time) => Date.parse(`2026-11-${String(day).padStart(2, '0')}T${time}:00.000Z`);

const files = [];
const write = (path, lines, tail = '') =>
  files.push([
    path,
    `${lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')}\n${tail}`,
  ]);

// ---- Claude Code ---------------------------------------------------------------------------------------------

/**
 * A transcript that keeps its clock and the size of its context. Each call reads what the cache holds and writes
 * what is new; after five silent minutes (an hour with `hourCache`) the cache is cold and all is written again.
 */
function claude({
  name,
  project,
  branch = 'main',
  at,
  model = SONNET,
  version = '2.1.112',
  hourCache = false,
  agentId,
  sessionId,
  now,
}) {
  const random = randomOf(`claude/${name}`);
  const session = sessionId ?? uuidOf(`session/${name}`);
  const cwd = `/home/dev/${project}`;
  const lines = [];
  let clock = now ?? at;
  let parent = null;
  let context = agentId === undefined ? 14_000 : 3_000;
  let cached = 0;
  let lastCall = Number.NEGATIVE_INFINITY;
  let count = 0;

  const push = (type, fields) => {
    const uuid = uuidOf(`${name}/${count}`);
    count += 1;
    lines.push({
      parentUuid: parent,
      isSidechain: agentId !== undefined,
      userType: 'external',
      cwd,
      sessionId: session,
      version,
      gitBranch: branch,
      ...(agentId === undefined ? {} : { agentId }),
      type,
      ...fields,
      uuid,
      timestamp: iso(clock),
    });
    parent = uuid;
  };
  const wait = (seconds) => {
    clock += Math.round(seconds * 1000);
  };
  const user = (text, fields = {}) => {
    push('user', { message: { role: 'user', content: text }, ...fields });
    context += 12 + Math.ceil(text.length / 3);
  };

  /** One response: the blocks on a line each, the output growing to its final count on the last. */
  const respond = (blocks, { seconds, output, model: other, stop, requestId = true, extra } = {}) => {
    wait(seconds ?? random(3, 14));
    const started = clock;
    const cold = started - lastCall > (hourCache ? 3_600_000 : 300_000);
    const read = cold ? 0 : cached;
    const written = context - read;
    const total = output ?? random(90, 900);
    const id = `msg_${digest(`${name}/message/${count}`).slice(0, 20)}`;
    blocks.forEach((block, index) => {
      const last = index === blocks.length - 1;
      clock = started + index * 900;
      push('assistant', {
        ...(requestId ? { requestId: `req_${digest(id).slice(0, 20)}` } : {}),
        message: {
          id,
          type: 'message',
          role: 'assistant',
          model: other ?? model,
          content: [block],
          stop_reason: last ? (stop ?? (block.type === 'tool_use' ? 'tool_use' : 'end_turn')) : null,
          usage: {
            input_tokens: random(3, 12),
            cache_creation_input_tokens: written,
            cache_read_input_tokens: read,
            cache_creation: {
              ephemeral_5m_input_tokens: hourCache ? 0 : written,
              ephemeral_1h_input_tokens: hourCache ? written : 0,
            },
            output_tokens: last ? total : Math.min(total, 2 + index),
            service_tier: 'standard',
            ...(extra ?? {}),
          },
        },
      });
    });
    // Repeated lines of one response state the same input.
    const same = lines.slice(-blocks.length);
    for (const line of same) line.message.usage.input_tokens = same[0].message.usage.input_tokens;
    lastCall = clock;
    cached = context;
    context += total;
    return id;
  };

  const say = (text, options) => respond([{ type: 'text', text }], options);
  const tool = (toolName, input, options = {}) => {
    const id = `toolu_${digest(`${name}/tool/${count}`).slice(0, 20)}`;
    const blocks = [];
    if (options.thinking)
      blocks.push({ type: 'thinking', thinking: options.thinking, signature: digest(id).slice(0, 24) });
    if (options.text) blocks.push({ type: 'text', text: options.text });
    blocks.push({ type: 'tool_use', id, name: toolName, input });
    respond(blocks, options);
    return id;
  };
  const result = (id, text, { seconds, error = false, detail } = {}) => {
    wait(seconds ?? random(1, 6));
    push('user', {
      message: {
        role: 'user',
        content: [
          { tool_use_id: id, type: 'tool_result', content: text, ...(error ? { is_error: true } : {}) },
        ],
      },
      toolUseResult: detail ?? (error ? `Error: ${text}` : { stdout: text, stderr: '', interrupted: false }),
    });
    context += 20 + Math.ceil(text.length / 3);
  };

  const path = (file) => `${cwd}/${file}`;
  const read = (file, length = 1800) => {
    result(tool('Read', { file_path: path(file) }), sourceText(random, file, length), {
      detail: { type: 'text', file: { filePath: path(file), numLines: Math.ceil(length / 36) } },
    });
    context += length;
  };
  const edit = (file, before, after, options) => {
    const id = tool('Edit', { file_path: path(file), old_string: before, new_string: after }, options);
    result(id, `The file ${path(file)} has been updated.`, {
      detail: {
        filePath: path(file),
        oldString: before,
        newString: after,
        structuredPatch: [
          {
            oldStart: 40,
            oldLines: before.split('\n').length,
            newStart: 40,
            newLines: after.split('\n').length,
            lines: [
              ...before.split('\n').map((line) => `-${line}`),
              ...after.split('\n').map((line) => `+${line}`),
            ],
          },
        ],
      },
    });
  };
  const create = (file, content) =>
    result(tool('Write', { file_path: path(file), content }), `File created successfully at: ${path(file)}`, {
      detail: { type: 'create', filePath: path(file), content, structuredPatch: [] },
    });
  const bash = (command, output, options = {}) =>
    result(tool('Bash', { command, description: options.description ?? command }, options), output, {
      seconds: options.takes ?? random(2, 20),
      error: options.error ?? false,
    });
  const fail = (command, code, output, options = {}) =>
    bash(command, `Exit code ${code}\n${output}`, { ...options, error: true });
  const grow = (tokens) => {
    context += tokens;
  };
  const apiError = (status, message, attempt) => {
    wait(attempt);
    push('system', {
      subtype: 'api_error',
      level: 'error',
      error: { status, message },
      retryAttempt: attempt,
      maxRetries: 10,
      retryInMs: 500 * 2 ** attempt,
    });
  };
  const compact = (before, after) => {
    push('system', {
      subtype: 'compact_boundary',
      content: 'Conversation compacted',
      level: 'info',
      compactMetadata: { trigger: 'auto', preTokens: before, postTokens: after, durationMs: 41_000 },
    });
    context = after;
    cached = 0;
    user(
      'This session is being continued from a previous conversation. The work so far is summarised here.',
      {
        isCompactSummary: true,
        isVisibleInTranscriptOnly: true,
      },
    );
  };
  const slug = cwd.replaceAll(/[^A-Za-z0-9]/g, '-');
  const save = (tail) =>
    write(
      agentId === undefined
        ? `.claude/projects/${slug}/${session}.jsonl`
        : `.claude/projects/${slug}/${session}/subagents/agent-${agentId}.jsonl`,
      lines,
      tail,
    );
  return {
    session,
    lines,
    random,
    push,
    wait,
    user,
    respond,
    say,
    tool,
    result,
    read,
    edit,
    create,
    bash,
    fail,
    grow,
    apiError,
    compact,
    save,
    get clock() {
      return clock;
    },
  };
}

const WORDS =
  'order cart price total currency rounding refund ledger queue worker retry token schema handler request response cache index parser test build region module bucket policy'.split(
    ' ',
  );
/** Lines that look like numbered source of that file. */
function sourceText(random, file, length) {
  const lines = [`// ${file}`];
  for (let size = 0; size < length; ) {
    const line = `export const ${WORDS[random(0, 25)]}${WORDS[random(0, 25)]} = ${WORDS[random(0, 25)]}(${random(1, 99)});`;
    lines.push(line);
    size += line.length * 3;
  }
  return lines.map((line, index) => `${String(index + 1).padStart(4)}\t${line}`).join('\n');
}

// ---- Codex ---------------------------------------------------------------------------------------------------

function codex({ name, project, branch = 'main', at, model = GPT, meta = {}, prefix = [], totals }) {
  const random = randomOf(`codex/${name}`);
  const id = threadId(name, at);
  const cwd = `/home/dev/${project}`;
  const lines = [];
  const sums = {
    input_tokens: 0,
    cached_input_tokens: 0,
    output_tokens: 0,
    reasoning_output_tokens: 0,
    total_tokens: 0,
    ...totals,
  };
  let clock = at;
  let context = 9_000;
  let cached = 0;
  let turn = 0;
  let calls = 0;
  const push = (type, payload) => lines.push({ timestamp: iso(clock), type, payload });
  const event = (type, fields = {}) => push('event_msg', { type, ...fields });
  const item = (type, fields = {}) => push('response_item', { type, ...fields });
  const wait = (seconds) => {
    clock += Math.round(seconds * 1000);
  };
  push('session_meta', {
    id,
    timestamp: iso(at),
    cwd,
    originator: 'codex_cli_rs',
    cli_version: '0.142.0',
    source: 'cli',
    model_provider: 'openai',
    git: {
      commit_hash: digest(name).slice(0, 40),
      branch,
      repository_url: `git@example.com:team/${project}.git`,
    },
    ...meta,
  });
  // A child begins with its parent's items, stamped anew within a second.
  lines.push(...prefix.map((line, index) => ({ ...line, timestamp: iso(at + 100 + index * 5) })));
  if (prefix.length > 0) wait(3);

  const user = (text, other) => {
    turn += 1;
    const turn_id = threadId(`${name}/turn/${turn}`, clock);
    event('task_started', { turn_id, started_at: Math.floor(clock / 1000), model_context_window: 272_000 });
    push('turn_context', {
      turn_id,
      cwd,
      model: other ?? model,
      effort: 'medium',
      approval_policy: 'on-request',
      sandbox_policy: { type: 'workspace-write' },
      summary: 'auto',
    });
    item('message', { role: 'user', content: [{ type: 'input_text', text }] });
    event('user_message', { message: text, images: [] });
    context += 12 + Math.ceil(text.length / 3);
  };
  const limits = (used) => ({
    limit_id: 'codex',
    primary: { used_percent: used, window_minutes: 300, resets_at: Math.floor(clock / 1000) + 9000 },
    secondary: null,
    plan_type: 'team',
    rate_limit_reached_type: null,
  });
  const count = (output, reasoning) => {
    const last = {
      input_tokens: context,
      cached_input_tokens: cached - (cached % 128),
      output_tokens: output,
      reasoning_output_tokens: reasoning,
      total_tokens: context + output,
    };
    for (const key of Object.keys(last)) sums[key] += last[key];
    cached = context;
    context += output;
    const info = { total_token_usage: { ...sums }, last_token_usage: last, model_context_window: 272_000 };
    event('token_count', { info, rate_limits: null });
    return info;
  };
  const call = (toolName, args, output, { seconds, end, custom = false, think } = {}) => {
    calls += 1;
    const call_id = `call_${digest(`${name}/${calls}`).slice(0, 20)}`;
    wait(random(3, 16));
    if (think)
      item('reasoning', {
        summary: [{ type: 'summary_text', text: think }],
        encrypted_content: digest(call_id).slice(0, 40),
      });
    if (custom) item('custom_tool_call', { status: 'completed', call_id, name: toolName, input: args });
    else item('function_call', { name: toolName, arguments: JSON.stringify(args), call_id });
    count(random(60, 700), random(10, 50));
    wait(seconds ?? random(1, 9));
    if (end) event(end.type, { call_id, ...end.fields });
    item(custom ? 'custom_tool_call_output' : 'function_call_output', { call_id, output });
    context += 30 + Math.ceil(String(output).length / 3);
  };
  const shell = (cmd, text, { code = 0, seconds, think } = {}) => {
    const took = seconds ?? random(1, 30);
    call(
      'exec_command',
      { cmd },
      `Chunk ID: ${digest(cmd).slice(0, 6)}\nWall time: ${took.toFixed(4)} seconds\nProcess exited with code ${code}\nOriginal token count: ${Math.ceil(text.length / 4)}\nOutput:\n${text}`,
      { seconds: took, think },
    );
  };
  const patch = (file, body, { success = true } = {}) =>
    call(
      'apply_patch',
      `*** Begin Patch\n*** Update File: ${file}\n@@\n${body}\n*** End Patch`,
      success
        ? `Success. Updated the following files:\nM ${file}`
        : 'apply_patch verification failed: expected lines not found',
      {
        custom: true,
        seconds: 0.2,
        end: {
          type: 'patch_apply_end',
          fields: {
            success,
            stdout: success ? `Success. Updated the following files:\nM ${file}\n` : '',
            stderr: success ? '' : 'expected lines not found',
            changes: success
              ? {
                  [`${cwd}/${file}`]: {
                    type: 'update',
                    unified_diff: `@@ -1,2 +1,3 @@\n${body}\n`,
                    move_path: null,
                  },
                }
              : {},
          },
        },
      },
    );
  const say = (text, { repeat = false } = {}) => {
    wait(random(3, 12));
    item('message', { role: 'assistant', content: [{ type: 'output_text', text }] });
    event('agent_message', { message: text });
    const info = count(random(80, 500), random(5, 40));
    // The end of a turn repeats the last totals with the state of the limits.
    if (repeat) event('token_count', { info, rate_limits: limits(random(5, 60)) });
    event('task_complete', {
      turn_id: lines.findLast((line) => line.type === 'turn_context').payload.turn_id,
      last_agent_message: text,
    });
  };
  const grow = (tokens) => {
    context += tokens;
  };
  const compact = (after) => {
    push('compacted', {
      message: '',
      replacement_history: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'summary' }] },
      ],
    });
    event('context_compacted');
    context = after;
    cached = 0;
  };
  const local = iso(at).slice(0, 19).replaceAll(':', '-');
  const save = ({ archived = false } = {}) =>
    write(
      `${archived ? '.codex/archived_sessions' : `.codex/sessions/${iso(at).slice(0, 10).replaceAll('-', '/')}`}/rollout-${local}-${id}.jsonl`,
      lines,
    );
  return {
    id,
    lines,
    sums,
    random,
    push,
    event,
    item,
    wait,
    user,
    call,
    shell,
    patch,
    say,
    grow,
    compact,
    limits,
    save,
  };
}

// ---- Two weeks of November 2026 ------------------------------------------------------------------------------

function checkoutPage() {
  const s = claude({
    name: 'checkout-page',
    project: 'storefront',
    branch: 'feat/checkout',
    at: moment(2, '09:05'),
  });
  s.user(
    'The checkout page shows the shipping cost only after a reload. Find out why and fix it, with a test.',
  );
  s.bash('rg -n "shippingCost" src', 'src/checkout/summary.ts:41\nsrc/checkout/state.ts:17', {
    thinking: 'The state is probably computed once.',
  });
  s.read('src/checkout/state.ts');
  s.read('src/checkout/summary.ts', 2600);
  s.edit(
    'src/checkout/state.ts',
    'const total = items + shipping;',
    'const total = derived(() => items() + shipping());\nwatch(shipping, publish);',
    { text: 'The total is computed once; it has to follow the shipping cost.' },
  );
  s.create(
    'src/checkout/state.test.ts',
    "test('total follows shipping', () => {\n  set(shipping, 5);\n  expect(total()).toBe(25);\n});\n",
  );
  s.bash('npm test -- checkout', 'Test Files  4 passed (4)\n     Tests  31 passed (31)', { takes: 11 });
  s.bash('npm run typecheck', '', { takes: 19 });
  s.say('The total now follows the shipping cost. A test covers it; all 31 tests pass.');
  s.wait(260);
  s.user('Good. Also show it without decimals when they are zero.');
  s.edit(
    'src/checkout/format.ts',
    'return value.toFixed(2);',
    'return Number.isInteger(value) ? String(value) : value.toFixed(2);',
  );
  s.bash('npm test -- checkout', 'Test Files  4 passed (4)\n     Tests  32 passed (32)', { takes: 12 });
  s.bash('npm run lint', 'Checked 214 files. No fixes needed.', { takes: 4 });
  s.say('Whole amounts are shown without decimals now.');
  s.save();
}

function roundingBug() {
  const s = claude({
    name: 'rounding-bug',
    project: 'payments-api',
    branch: 'fix/rounding',
    at: moment(2, '13:20'),
  });
  s.user('Refunds of three items are off by one cent. The failing test is in ledger.test.ts.');
  s.read('src/ledger.ts', 3400);
  s.fail('npm test -- ledger', 1, 'FAIL src/ledger.test.ts\n  expected 33.34 to be 33.33', { takes: 14 });
  s.fail('npm test -- ledger', 1, 'FAIL src/ledger.test.ts\n  expected 33.34 to be 33.33', { takes: 14 });
  s.edit('src/ledger.ts', 'Math.round(share * 100) / 100', 'splitEvenly(total, count)[index]');
  s.fail('npm test -- ledger', 1, 'FAIL src/ledger.test.ts\n  splitEvenly is not defined', { takes: 9 });
  s.edit(
    'src/ledger.ts',
    "import { share } from './share';",
    "import { share, splitEvenly } from './share';",
  );
  s.bash('npm test -- ledger', 'Tests  18 passed (18)', { takes: 13 });
  s.say('The cents that rounding left over are now spread over the first items.');
  s.save();
}

function migrationLoop() {
  const s = claude({
    name: 'migration-loop',
    project: 'payments-api',
    branch: 'feat/multi-currency',
    at: moment(3, '10:02'),
  });
  s.user('Run the currency migration against the local database and make the integration tests pass.');
  s.read('db/migrations/0042_currency.sql');
  for (let attempt = 0; attempt < 7; attempt += 1) {
    s.fail('npm run migrate', 1, 'error: connect ECONNREFUSED 127.0.0.1:5432', {
      takes: 31,
      text: attempt % 3 === 2 ? 'I will try the migration once more.' : undefined,
    });
  }
  const id = s.tool('Bash', { command: 'npm run migrate -- --force', description: 'Force the migration' });
  s.result(id, '[Request interrupted by user for tool use]', { error: true, seconds: 40 });
  s.wait(95);
  s.user('The database was not running. I started it, try again.');
  s.bash('npm run migrate', 'applied 0042_currency.sql in 212 ms', { takes: 5 });
  s.bash('npm run test:integration', 'Tests  44 passed (44)', { takes: 63 });
  s.say('The migration ran and all integration tests pass.');
  s.save();
}

function terraformPlan() {
  const s = codex({ name: 'terraform-plan', project: 'infra', branch: 'main', at: moment(3, '14:30') });
  s.user('Why does terraform plan want to replace the queue in staging?');
  s.shell('terraform plan -no-color -target=module.queue', 'Plan: 1 to add, 0 to change, 1 to destroy.', {
    seconds: 38,
    think: 'The plan names the attribute that forces the replacement.',
  });
  s.shell('rg -n "fifo" modules/queue', 'modules/queue/main.tf:12:  fifo_queue = var.fifo');
  s.shell('git log -3 --oneline -- modules/queue', 'a1b2c3d Rename the queue variable\n');
  s.say(
    'The renamed variable lost its default, so fifo became false. Setting the default back removes the replacement.',
    { repeat: true },
  );
  s.wait(180);
  s.user('Do it.');
  s.patch(
    'modules/queue/variables.tf',
    ' variable "fifo" {\n-  type = bool\n+  type    = bool\n+  default = true',
  );
  s.shell(
    'terraform plan -no-color -target=module.queue',
    'No changes. Your infrastructure matches the configuration.',
    { seconds: 41 },
  );
  s.say('The plan is empty again.', { repeat: true });
  s.save();
}

function searchDesign() {
  const s = claude({
    name: 'search-design',
    project: 'storefront',
    branch: 'feat/search',
    at: moment(4, '08:40'),
    model: OPUS,
    hourCache: true,
  });
  s.user('Plan a full text search over products: where would the index live and how would it be kept fresh?');
  s.grow(26_000);
  const task = s.tool(
    'Agent',
    {
      description: 'Map product data',
      prompt: 'List every place that writes products.',
      subagent_type: 'Explore',
    },
    { thinking: 'First find every writer of product data.' },
  );
  const helper = claude({
    name: 'search-design-explore',
    project: 'storefront',
    branch: 'feat/search',
    model: HAIKU,
    agentId: 'e7a41c9',
    sessionId: s.session,
    at: s.clock + 400,
  });
  helper.user('List every place that writes products.');
  for (const [pattern, hits] of [
    ['products.insert', 'src/catalog/import.ts:88'],
    ['products.update', 'src/catalog/edit.ts:31\nsrc/stock/sync.ts:54'],
    ['products.delete', 'src/catalog/edit.ts:70'],
  ]) {
    helper.result(helper.tool('Grep', { pattern, path: '/home/dev/storefront/src' }), hits);
  }
  helper.read('src/stock/sync.ts', 5200);
  helper.say('Four places write products: the import, two in edit.ts, and the stock sync.');
  helper.save();
  s.wait((helper.clock - s.clock) / 1000 + 1);
  s.result(task, 'Four places write products: the import, two in edit.ts, and the stock sync.', {
    seconds: 0,
    detail: {
      status: 'completed',
      prompt: 'List every place that writes products.',
      agentId: 'e7a41c9',
      content: [],
      totalDurationMs: 61_000,
      totalTokens: 31_200,
      totalToolUseCount: 4,
      usage: {
        input_tokens: 5,
        cache_creation_input_tokens: 2100,
        cache_read_input_tokens: 28_000,
        output_tokens: 400,
      },
    },
  });
  s.read('src/catalog/import.ts', 6400);
  s.say(
    'An outbox table written with the products, and a worker that feeds the index from it. The plan has four steps.',
    { output: 2400 },
  );
  s.wait(1900);
  s.user('Write the plan down in docs/search.md, with the risks.');
  s.create(
    'docs/search.md',
    '# Product search\n\n1. Outbox table\n2. Worker\n3. Query endpoint\n4. Backfill\n\n## Risks\n\nThe backfill takes locks on products.\n',
  );
  s.say('docs/search.md holds the plan and three risks.', { output: 700 });
  s.save();

  // The same plan tried another way: a fork carries the lines so far under new ids.
  const fork = claude({
    name: 'search-design-fork',
    project: 'storefront',
    branch: 'feat/search-hosted',
    at: 0,
    now: s.clock + 600_000,
    model: OPUS,
    hourCache: true,
  });
  const copied = s.lines.slice(0, 9).map((line, index) => ({
    ...line,
    sessionId: fork.session,
    uuid: uuidOf(`fork/${index}`),
    parentUuid: index === 0 ? null : uuidOf(`fork/${index - 1}`),
    forkedFrom: { sessionId: s.session, messageUuid: line.uuid },
  }));
  fork.lines.push(...copied);
  fork.user('Compare that with a hosted search service instead.');
  fork.grow(38_000);
  fork.say('A hosted service removes the worker, costs more per query, and cannot see drafts.', {
    output: 1900,
  });
  fork.save();
}

function overloadedMorning() {
  const s = claude({
    name: 'overloaded-morning',
    project: 'payments-api',
    branch: 'feat/multi-currency',
    at: moment(5, '07:55'),
  });
  s.user('Add the currency to the invoice export and update its snapshot.');
  s.read('src/export/invoice.ts', 4200);
  for (let attempt = 1; attempt <= 5; attempt += 1) s.apiError(529, 'Overloaded', attempt);
  s.edit(
    'src/export/invoice.ts',
    'amount: format(row.amount),',
    'amount: format(row.amount),\n    currency: row.currency,',
    { seconds: 22 },
  );
  for (let attempt = 1; attempt <= 4; attempt += 1) s.apiError(529, 'Overloaded', attempt);
  s.push('assistant', {
    isApiErrorMessage: true,
    apiErrorStatus: 529,
    error: 'overloaded',
    message: {
      id: 'msg_overloaded_stub',
      type: 'message',
      role: 'assistant',
      model: '<synthetic>',
      content: [{ type: 'text', text: 'API Error: 529 Overloaded' }],
      stop_reason: 'stop_sequence',
      usage: {
        input_tokens: 0,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 0,
      },
    },
  });
  s.wait(2700);
  s.user('continue');
  s.fail('npm test -- export', 1, '1 snapshot failed', { takes: 16 });
  s.bash('npm test -- export -u', '1 snapshot updated', { takes: 15 });
  s.say('The export names the currency and the snapshot is up to date.');
  s.save();
}

function webhookRetries() {
  const s = codex({
    name: 'webhook-retries',
    project: 'payments-api',
    branch: 'feat/webhooks',
    at: moment(5, '12:10'),
  });
  s.user('Deliver webhooks with exponential back-off and stop after eight attempts.');
  s.shell('rg -n "deliver" src/webhooks', 'src/webhooks/deliver.ts:9', {
    think: 'There is one place that delivers.',
  });
  s.shell(
    'sed -n 1,80p src/webhooks/deliver.ts',
    'export async function deliver(event) {\n  await post(event);\n}',
  );
  s.patch(
    'src/webhooks/deliver.ts',
    '-  await post(event);\n+  await withBackoff(() => post(event), { attempts: 8 });',
    { success: false },
  );
  s.shell(
    'cat src/webhooks/deliver.ts',
    'export async function deliver(event: Event): Promise<void> {\n  await post(event);\n}',
  );
  s.patch(
    'src/webhooks/deliver.ts',
    '-  await post(event);\n+  await withBackoff(() => post(event), { attempts: 8 });',
  );
  s.shell('npm test -- webhooks', 'FAIL  2 of 9 tests', { code: 1, seconds: 21 });
  s.shell('npm test -- webhooks', 'FAIL  2 of 9 tests', { code: 1, seconds: 20 });
  s.patch('src/webhooks/backoff.ts', '-  delay = base * attempt;\n+  delay = base * 2 ** attempt;');
  s.shell('npm test -- webhooks', 'Tests  9 passed (9)', { seconds: 22 });
  s.say('Webhooks are retried eight times, each wait twice the last.', { repeat: true });
  s.save();
  // A thread spawned to review begins with a copy of the items above.
  const review = codex({
    name: 'webhook-review',
    project: 'payments-api',
    branch: 'feat/webhooks',
    at: moment(5, '12:31'),
    model: GPT_MINI,
    prefix: s.lines,
    totals: s.sums,
    meta: {
      source: { subagent: { thread_spawn: { parent_thread_id: s.id, depth: 1, agent_role: 'reviewer' } } },
      thread_source: 'subagent',
    },
  });
  review.user('Review the change for lost events.');
  review.shell('git diff main --stat', ' src/webhooks/deliver.ts | 2 +-\n src/webhooks/backoff.ts | 2 +-');
  review.say(
    'An event that fails eight times is dropped without a trace; write it to the dead letter table.',
    { repeat: true },
  );
  review.save();
}

function docsQuick() {
  const s = claude({ name: 'docs-quick', project: 'handbook', at: moment(6, '09:30'), model: HAIKU });
  s.user('Fix the broken links on the onboarding page.');
  s.read('docs/onboarding.md', 900);
  s.edit('docs/onboarding.md', '[setup](../setup)', '[setup](/setup)');
  s.bash('npm run check-links', '0 broken links in 84 pages', { takes: 8 });
  s.say('Both links work now.', { output: 60 });
  s.save();
  const gateway = claude({
    name: 'docs-gateway',
    project: 'handbook',
    branch: 'docs/style',
    at: moment(6, '15:45'),
    model: UNPRICED,
  });
  gateway.user('Rewrite the incident guide in the active voice.');
  gateway.read('docs/incidents.md', 2600);
  gateway.edit(
    'docs/incidents.md',
    'The pager is answered by the person on call.',
    'The person on call answers the pager.',
    { requestId: false },
  );
  gateway.say('The guide speaks in the active voice throughout.', { requestId: false });
  gateway.save();
}

function clusterUpgrade() {
  const s = codex({
    name: 'cluster-upgrade',
    project: 'infra',
    branch: 'chore/cluster-1-34',
    at: moment(6, '10:00'),
  });
  s.user('Upgrade the cluster module to the next minor version and list what breaks.');
  for (const [cmd, text, code] of [
    ['terraform init -upgrade', 'Terraform has been successfully initialized!', 0],
    ['terraform validate', 'Error: Unsupported argument "node_labels"', 1],
    ['rg -n node_labels .', 'envs/staging/cluster.tf:31\nenvs/prod/cluster.tf:31', 0],
    ['sed -n 20,60p envs/staging/cluster.tf', 'module "cluster" {\n  node_labels = local.labels\n}', 0],
  ])
    s.shell(cmd, text, { code, seconds: 12 });
  s.grow(96_000);
  s.patch('envs/staging/cluster.tf', '-  node_labels = local.labels\n+  node_pool_labels = local.labels');
  s.patch('envs/prod/cluster.tf', '-  node_labels = local.labels\n+  node_pool_labels = local.labels');
  s.grow(118_000);
  s.shell('terraform validate', 'Success! The configuration is valid.', { seconds: 11 });
  s.compact(21_000);
  s.shell('terraform plan -no-color', 'Plan: 0 to add, 6 to change, 0 to destroy.', { seconds: 74 });
  s.say('One argument was renamed; the plan changes six resources in place.', { repeat: true });
  s.wait(5400);
  s.user('Is any of the six a restart?');
  s.shell('terraform plan -no-color -json', '{"changes":6,"replace":0}', { seconds: 71 });
  s.say('No: all six are labels.', { repeat: true });
  s.save({ archived: true });
}

function checkoutRewrite() {
  const s = claude({
    name: 'checkout-rewrite',
    project: 'storefront',
    branch: 'feat/checkout',
    at: moment(9, '08:15'),
  });
  s.user('Move the checkout to the new form library, page by page, and keep the tests green.');
  const pages = ['address', 'delivery', 'payment', 'review', 'confirm'];
  pages.forEach((page, index) => {
    s.read(`src/checkout/${page}.tsx`, 3800);
    s.grow(19_000);
    s.edit(`src/checkout/${page}.tsx`, `<OldForm name="${page}">`, `<Form id="${page}" onSubmit={next}>`);
    if (index === 2)
      s.fail('npm test -- payment', 1, 'FAIL  3 of 22 tests\n  submit was not called', { takes: 24 });
    if (index === 2) s.edit('src/checkout/payment.tsx', 'onSubmit={next}', 'onSubmit={submitCard}');
    s.bash(`npm test -- ${page}`, 'Tests  22 passed (22)', { takes: 23 });
    if (index === 3) s.compact(158_400, 17_900);
  });
  s.bash('npm run build', 'built in 14.20s', { takes: 15 });
  s.say('All five pages use the new forms; 110 tests pass and the build is 9 kB smaller.');
  s.save();
}

function forcePush() {
  const s = claude({
    name: 'force-push',
    project: 'payments-api',
    branch: 'fix/rounding',
    at: moment(10, '16:20'),
  });
  s.user('Rebase this branch on main and push it.');
  s.bash('git fetch origin', '', { takes: 3 });
  s.fail('git rebase origin/main', 1, 'CONFLICT (content): Merge conflict in src/ledger.ts', { takes: 2 });
  s.edit('src/ledger.ts', '<<<<<<< HEAD', '');
  s.bash('git rebase --continue', 'Successfully rebased and updated refs/heads/fix/rounding.', { takes: 2 });
  const id = s.tool('Bash', {
    command: 'git push --force origin fix/rounding',
    description: 'Push the rebased branch',
  });
  s.result(id, "The user doesn't want to proceed with this tool use. The tool use was rejected.", {
    error: true,
    seconds: 1490,
    detail: 'User rejected tool use',
  });
  s.wait(30);
  s.user('Use --force-with-lease.');
  s.bash('git push --force-with-lease origin fix/rounding', 'forced update', { takes: 5 });
  s.say('The branch is rebased and pushed.');
  s.save();
}

function flakySearch() {
  const s = claude({
    name: 'flaky-search',
    project: 'storefront',
    branch: 'feat/search',
    at: moment(11, '09:10'),
    version: '2.1.60',
  });
  s.user('The search test fails about once in five runs on CI. Find the race.');
  const task = s.tool('Task', {
    description: 'Find shared state',
    prompt: 'Which tests share the index?',
    subagent_type: 'general-purpose',
  });
  // An older version: the subagent left nothing but progress lines in the main transcript.
  const nested = [
    [{ type: 'text', text: 'Looking for shared fixtures.' }, 3, 8100, 4],
    [{ type: 'tool_use', id: 'toolu_nested_1', name: 'Grep', input: { pattern: 'beforeAll' } }, 3, 8100, 96],
    [{ type: 'text', text: 'Two files share one index name.' }, 5, 640, 210],
  ];
  nested.forEach(([block, input, written, output], index) => {
    s.wait(4);
    s.push('progress', {
      data: {
        type: 'agent_progress',
        prompt: 'Which tests share the index?',
        agentId: 'c03d9e1',
        normalizedMessages: [],
        message: {
          type: 'assistant',
          timestamp: iso(s.clock),
          requestId: index < 2 ? 'req_nested_a' : 'req_nested_b',
          uuid: uuidOf(`nested/${index}`),
          message: {
            id: index < 2 ? 'msg_nested_a' : 'msg_nested_b',
            type: 'message',
            role: 'assistant',
            model: HAIKU,
            content: [block],
            stop_reason: null,
            usage: {
              input_tokens: input,
              cache_creation_input_tokens: written,
              cache_read_input_tokens: index < 2 ? 0 : 8100,
              cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
              output_tokens: output,
            },
          },
        },
      },
      toolUseID: `agent_msg_${index}`,
      parentToolUseID: task,
    });
  });
  s.result(task, 'Two files share one index name.', {
    detail: {
      status: 'completed',
      agentId: 'c03d9e1',
      content: [],
      totalDurationMs: 14_000,
      totalTokens: 17_000,
      totalToolUseCount: 1,
    },
  });
  for (let run = 0; run < 3; run += 1) {
    if (run === 1)
      s.fail('npm test -- search', 1, 'FAIL  1 of 12 tests\n  expected 3 hits, got 4', { takes: 33 });
    else s.bash('npm test -- search', 'Tests  12 passed (12)', { takes: 33 });
  }
  s.edit(
    'test/search/index-name.ts',
    "export const index = 'products';",
    ['export const index = `products-', '{process.pid}`;'].join('$'),
  );
  s.bash('for i in 1 2 3 4 5; do npm test -- search || exit 1; done', 'Tests  12 passed (12)', {
    takes: 168,
  });
  s.say('Each worker now has an index of its own. Five runs in a row pass.');
  // A crash of the machine left a torn line; the session was resumed after it.
  s.lines.push(
    '{"parentUuid":"0d7c","isSidechain":false,"type":"assistant","message":{"id":"msg_torn","usage":{"input_tok',
  );
  s.wait(4200);
  s.user('Also on main?');
  s.bash('git log main --oneline -1 -- test/search', 'f00dfee Add search tests', { takes: 1 });
  s.say('Yes, the same fix applies there.');
  s.save();
}

function mobileMenu() {
  const s = codex({
    name: 'mobile-menu',
    project: 'storefront',
    branch: 'fix/menu',
    at: moment(11, '13:00'),
  });
  s.user('The mobile menu stays open after a link is chosen. Look up how the router announces navigation.');
  s.event('web_search_end', {
    call_id: 'ws_menu',
    query: 'router navigation event',
    action: { type: 'search', query: 'router navigation event' },
  });
  s.item('web_search_call', {
    status: 'completed',
    action: { type: 'search', query: 'router navigation event' },
  });
  const invocation = { server: 'tracker', tool: 'get_issue', arguments: { number: 412 } };
  s.call('tracker__get_issue', { number: 412 }, 'tool call error: timed out', {
    seconds: 60,
    end: {
      type: 'mcp_tool_call_end',
      fields: {
        invocation,
        duration: { secs: 60, nanos: 0 },
        result: { Err: 'timed out awaiting tools/call after 60s' },
      },
    },
  });
  s.call('tracker__get_issue', { number: 412 }, '{"title":"Menu stays open"}', {
    seconds: 3,
    end: {
      type: 'mcp_tool_call_end',
      fields: {
        invocation,
        duration: { secs: 2, nanos: 700_000_000 },
        result: { Ok: { content: [{ type: 'text', text: 'Menu stays open' }], is_error: false } },
      },
    },
  });
  s.patch('src/menu/menu.ts', '-  onMount(open);\n+  onMount(open);\n+  onNavigate(close);');
  s.shell('npm test -- menu', 'Tests  7 passed (7)', { seconds: 9 });
  s.say('The menu closes on navigation.', { repeat: true });
  s.save();
  const fork = codex({
    name: 'mobile-menu-fork',
    project: 'storefront',
    branch: 'fix/menu',
    at: moment(11, '13:40'),
    prefix: s.lines.slice(1),
    totals: s.sums,
    meta: { forked_from_id: s.id },
  });
  fork.user('Try it with a backdrop that takes the tap instead.');
  fork.patch('src/menu/menu.ts', '-  onNavigate(close);\n+  backdrop(close);');
  fork.shell('npm test -- menu', 'FAIL  1 of 7 tests', { code: 1, seconds: 9 });
  fork.say('A backdrop alone misses keyboard navigation; the first way is better.', { repeat: true });
  fork.save();
}

function costlyIdle() {
  const s = claude({
    name: 'costly-idle',
    project: 'infra',
    branch: 'chore/alerts',
    at: moment(12, '08:00'),
    model: OPUS,
  });
  s.user('Go through the alert rules with me, one by one. Which of them ever fired?');
  s.grow(88_000);
  s.read('alerts/rules.yaml', 9000);
  const rules = ['latency', 'errors', 'queue depth', 'disk', 'certificates', 'replication'];
  rules.forEach((rule, index) => {
    s.say(`The rule for ${rule} fired ${index * 3} times in the last month.`, { output: 240 });
    // Longer than the cache lives: the whole context is written again.
    s.wait(1300 + index * 240);
    s.user(index % 2 === 0 ? 'Keep it. Next.' : 'Remove it. Next.');
  });
  s.edit('alerts/rules.yaml', '- alert: DiskFull', '# removed: DiskFull');
  s.say('Three rules are gone, three stay.', { output: 180 });
  s.save();
}

function releaseDay() {
  const s = claude({ name: 'release-day', project: 'storefront', at: moment(13, '09:45') });
  s.user('Prepare release 4.12: changelog, version, tag. Do not push.');
  s.bash('git log --oneline v4.11..HEAD', 'c0ffee1 Checkout on the new forms\nbadcafe Fix the menu', {
    takes: 1,
  });
  s.edit(
    'CHANGELOG.md',
    '## 4.11',
    '## 4.12\n\n- Checkout on the new forms\n- The menu closes on navigation\n\n## 4.11',
  );
  s.bash('npm version 4.12.0 --no-git-tag-version', 'v4.12.0', { takes: 1 });
  s.bash('npm test', 'Tests  412 passed (412)', { takes: 71 });
  s.bash('git tag v4.12.0', '', { takes: 1 });
  s.say('Release 4.12.0 is tagged locally; 412 tests pass.');
  s.wait(70);
  s.user('Thanks. Push the tag.');
  s.bash('git push origin v4.12.0', 'new tag v4.12.0', { takes: 4 });
  s.say('The tag is pushed.');
  s.wait(2);
  // The agent is still at work: the last line has no end yet.
  s.user('Now watch the deployment.');
  s.save('{"parentUuid":"9a9a","isSidechain":false,"type":"assistant","message":{"id":"msg_still_wr');
}

for (const scene of [
  checkoutPage,
  roundingBug,
  migrationLoop,
  terraformPlan,
  searchDesign,
  overloadedMorning,
  webhookRetries,
  docsQuick,
  clusterUpgrade,
  checkoutRewrite,
  forcePush,
  flakySearch,
  mobileMenu,
  costlyIdle,
  releaseDay,
])
  scene();

rmSync(HOME, { recursive: true, force: true });
for (const [path, text] of files) {
  const file = join(HOME, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
const bytes = files.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
console.log(`${files.length} logs, ${bytes} bytes`);
