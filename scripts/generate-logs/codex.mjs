import { join } from 'node:path';
import { iso, writeLines } from './files.mjs';
import { totalsOf } from './totals.mjs';

const USAGE = [
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'reasoning_output_tokens',
  'total_tokens',
];

/** Counters that add up, and every call of a tool in the shell. */
export const codex = {
  agent: 'codex',
  totals: (session) => ({ ...totalsOf(session), cache_write_tokens: 0 }),
  write: (home, session) => {
    const records = [];
    const add = (at, type, payload) => records.push({ timestamp: iso(at), type, payload });
    add(session.at, 'session_meta', metaOf(session));
    const total = Object.fromEntries(USAGE.map((name) => [name, 0]));
    for (const { id, at, prompt, steps } of session.turns) {
      add(at, 'turn_context', {
        turn_id: id,
        cwd: session.cwd,
        model: 'gpt-5.5',
        effort: 'medium',
        summary: 'auto',
      });
      add(at, 'response_item', {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: prompt }],
      });
      add(at, 'event_msg', { type: 'user_message', message: prompt, kind: 'plain' });
      for (const step of steps) addStep({ add, step, total });
    }
    const day = iso(session.at).slice(0, 10).replaceAll('-', '/');
    const name = `rollout-${iso(session.at).slice(0, 19).replaceAll(':', '-')}-${session.id}.jsonl`;
    return writeLines(join(home, '.codex/sessions', day, name), records);
  },
};

const metaOf = ({ id, at, cwd, branch }) => ({
  id,
  timestamp: iso(at),
  cwd,
  originator: 'codex_cli_rs',
  cli_version: '0.120.0',
  source: 'cli',
  model_provider: 'openai',
  git: { branch, commit_hash: id.slice(0, 8) },
});

function addStep({ add, step, total }) {
  if (step.thinking) {
    const summary = [{ type: 'summary_text', text: step.thinking.slice(0, 200) }];
    add(step.at, 'response_item', { type: 'reasoning', summary, encrypted_content: 'c2ln'.repeat(150) });
  }
  if (step.text) {
    const content = [{ type: 'output_text', text: step.text }];
    add(step.at, 'response_item', { type: 'message', role: 'assistant', content });
    add(step.at, 'event_msg', { type: 'agent_message', message: step.text });
  }
  for (const { id, command } of step.tools) {
    const call = { type: 'function_call', name: 'exec_command', arguments: JSON.stringify({ cmd: command }) };
    add(step.at, 'response_item', { ...call, call_id: `call_${id}` });
  }
  add(step.at, 'event_msg', { type: 'token_count', info: counted(step.usage, total), rate_limits: null });
  for (const tool of step.tools) {
    const seconds = ((tool.at - tool.startAt) / 1000).toFixed(4);
    const output = `Wall time: ${seconds} seconds\nProcess exited with code ${tool.isFailed ? 1 : 0}\nOutput:\n${tool.output}`;
    add(tool.at, 'response_item', { type: 'function_call_output', call_id: `call_${tool.id}`, output });
  }
}

function counted({ fresh, cacheRead, output, reasoning }, total) {
  const input = fresh + cacheRead;
  const last = [input, cacheRead, output, reasoning, input + output];
  for (const [index, name] of USAGE.entries()) total[name] += last[index];
  return {
    total_token_usage: { ...total },
    last_token_usage: Object.fromEntries(USAGE.map((name, index) => [name, last[index]])),
    model_context_window: 272_000,
  };
}
