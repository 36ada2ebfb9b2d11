import { join } from 'node:path';
import { createDatabase } from './database.mjs';
import { iso, sqlTime, writeLines } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { sumOf, totalsOf } from './totals.mjs';

const TOOLS = { shell: 'bash', read: 'view', search: 'grep', edit: 'edit' };
const NAMES = { path: 'path', before: 'old_str', after: 'new_str' };
const MODEL = 'claude-sonnet-4.5';
const STORE = `create table schema_version (version integer not null);
insert into schema_version values (8);
create table sessions (
    id text primary key, cwd text, repository text, host_type text, branch text, summary text, created_at text, updated_at text
);
create table assistant_usage_events (
    id integer primary key autoincrement, session_id text not null, turn_index integer, agent_id text, parent_tool_call_id text,
    model text not null, input_tokens integer, output_tokens integer, cache_read_tokens integer, cache_write_tokens integer,
    reasoning_tokens integer, total_nano_aiu integer, request_multiplier real, duration_ms integer, time_to_first_token_ms real,
    initiator text, finish_reason text, token_details_json text, created_at text default (datetime('now'))
);`;

/** Events in a file for each session, and the usage of all in one store. */
export const copilotCli = {
  agent: 'copilot-cli',
  totals: totalsOf,
  open: (home) => {
    const store = createDatabase(join(home, '.copilot/session-store.db'), STORE);
    return {
      add: (session) => {
        const before = store.bytes();
        addToStore(store, session);
        const path = join(home, '.copilot/session-state', session.id, 'events.jsonl');
        return writeLines(path, eventsOf(session)) + store.bytes() - before;
      },
      close: store.close,
    };
  },
};

function addToStore(store, { id, cwd, branch, at, endAt, steps }) {
  const times = { created_at: sqlTime(at), updated_at: sqlTime(endAt) };
  store.insert('sessions', { id, cwd, branch, ...times });
  for (const { usage, startAt, isLast, ...step } of steps) {
    store.insert('assistant_usage_events', {
      session_id: id,
      model: MODEL,
      input_tokens: usage.fresh + usage.cacheRead + usage.cacheWrite,
      output_tokens: usage.output,
      cache_read_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite,
      reasoning_tokens: usage.reasoning,
      duration_ms: step.at - startAt,
      initiator: 'user',
      finish_reason: isLast ? 'stop' : 'tool_calls',
      created_at: sqlTime(step.at),
    });
  }
}

function eventsOf(session) {
  const events = [];
  const add = (at, type, data) => {
    const id = `${session.id.slice(0, 24)}${events.length.toString(16).padStart(12, '0')}`;
    events.push({ id, parentId: events.at(-1)?.id ?? null, timestamp: iso(at), type, data });
  };
  add(session.at, 'session.start', {
    sessionId: session.id,
    version: 1,
    producer: 'copilot-agent',
    copilotVersion: '1.0.90',
    startTime: iso(session.at),
    selectedModel: MODEL,
    context: { cwd: session.cwd, branch: session.branch },
  });
  for (const { at, prompt, steps } of session.turns) {
    add(at, 'user.message', { content: prompt });
    for (const step of steps) addStep(add, step);
  }
  add(session.endAt, 'session.shutdown', shutdownOf(session));
  return events;
}

function addStep(add, { id, at, text, tools, usage }) {
  const toolRequests = tools.map((tool) => ({
    toolCallId: `toolu_${tool.id}`,
    name: TOOLS[tool.kind],
    arguments: argumentsOf(tool, NAMES),
    type: 'function',
  }));
  add(at, 'assistant.message', {
    messageId: id,
    content: text,
    model: MODEL,
    outputTokens: usage.output,
    toolRequests,
  });
  for (const [index, tool] of tools.entries()) {
    const { toolCallId, name, arguments: given } = toolRequests[index];
    add(tool.startAt, 'tool.execution_start', { toolCallId, toolName: name, arguments: given });
    const ended = tool.isFailed
      ? { success: false, error: { message: resultOf(tool), code: 'failure' } }
      : { success: true, result: { content: resultOf(tool) } };
    add(tool.at, 'tool.execution_complete', { toolCallId, ...ended });
  }
}

function shutdownOf({ at, steps }) {
  const cached = sumOf(steps, 'cacheRead') + sumOf(steps, 'cacheWrite');
  const usage = {
    inputTokens: sumOf(steps, 'fresh') + cached,
    outputTokens: sumOf(steps, 'output'),
    cacheReadTokens: sumOf(steps, 'cacheRead'),
    cacheWriteTokens: sumOf(steps, 'cacheWrite'),
  };
  const requests = { count: steps.length, cost: steps.length };
  return { shutdownType: 'routine', sessionStartTime: at, modelMetrics: { [MODEL]: { requests, usage } } };
}
