import { join } from 'node:path';
import { iso, writeDocument, writeLines } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

const TOOLS = { shell: 'Bash', read: 'Read', search: 'Grep', edit: 'Edit' };
const ALIAS = 'kimi-code/kimi-for-coding';

export const kimiCode = {
  agent: 'kimi-code',
  totals: (session) => untold(totalsOf(session), 'reasoning_tokens'),
  write: (home, session) => {
    const records = [{ type: 'metadata', protocol_version: '1.5', created_at: session.at }];
    const add = (time, record) => records.push({ ...record, time });
    add(session.at, { type: 'config.update', modelAlias: ALIAS, cwd: session.cwd });
    for (const [number, { at, prompt, steps }] of session.turns.entries()) {
      const asked = { origin: { kind: 'user' } };
      const content = [{ type: 'text', text: prompt }];
      add(at, { type: 'turn.prompt', input: content, ...asked });
      add(at + 1, { type: 'context.append_message', message: { role: 'user', content, ...asked } });
      for (const [index, step] of steps.entries())
        addStep(add, { ...step, turn: number + 1, number: index + 1 });
    }
    const folder = join(
      home,
      '.kimi-code/sessions',
      `wd_${session.project}_0123456789ab`,
      `session_${session.id}`,
    );
    writeDocument(join(folder, 'state.json'), {
      createdAt: iso(session.at),
      updatedAt: iso(session.endAt),
      workDir: session.cwd,
      agents: { main: { type: 'main', parentAgentId: null } },
    });
    return writeLines(join(folder, 'agents/main/wire.jsonl'), records);
  },
};

function addStep(add, step) {
  const { id, startAt, at, turn, number, usage } = step;
  const place = { turnId: String(turn), step: number };
  const loop = (time, event) => add(time, { type: 'context.append_loop_event', event });
  const used = {
    inputOther: usage.fresh,
    output: usage.output,
    inputCacheRead: usage.cacheRead,
    inputCacheCreation: usage.cacheWrite,
  };
  loop(startAt, { type: 'step.begin', uuid: id, ...place });
  const model = { provider: 'kimi', model: 'kimi-k2.5', modelAlias: ALIAS, turnStep: `${turn}.${number}` };
  add(startAt, { type: 'llm.request', kind: 'loop', ...model });
  const parts = [
    ...(step.thinking ? [{ type: 'think', think: step.thinking }] : []),
    ...(step.text ? [{ type: 'text', text: step.text }] : []),
  ];
  for (const [index, part] of parts.entries()) {
    loop(at, { type: 'content.part', uuid: `${id}-${index}`, ...place, stepUuid: id, part });
  }
  add(at, { type: 'usage.record', model: ALIAS, usage: used, usageScope: 'turn' });
  for (const tool of step.tools) {
    const named = { toolCallId: `tool_${tool.id}`, name: TOOLS[tool.kind], args: argumentsOf(tool) };
    loop(tool.startAt, { type: 'tool.call', uuid: tool.id, ...place, stepUuid: id, ...named });
    const result = { output: resultOf(tool), isError: tool.isFailed };
    loop(tool.at, { type: 'tool.result', parentUuid: tool.id, toolCallId: `tool_${tool.id}`, result });
  }
  const end = {
    usage: used,
    finishReason: step.isLast ? 'end_turn' : 'tool_use',
    llmFirstTokenLatencyMs: 500,
  };
  const endAt = (step.tools.at(-1)?.at ?? at) + 1;
  loop(endAt, { type: 'step.end', uuid: id, ...place, ...end, llmStreamDurationMs: at - startAt });
}
