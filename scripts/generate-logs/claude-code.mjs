import { join } from 'node:path';
import { iso, writeLines } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

const TOOLS = { shell: 'Bash', read: 'Read', search: 'Grep', edit: 'Edit' };
const MODEL = 'claude-sonnet-4-5-20250929';

/** A line for each block of an answer, each with the usage of all. */
export const claudeCode = {
  agent: 'claude-code',
  totals: (session) => untold(totalsOf(session), 'reasoning_tokens'),
  write: (home, session) => {
    const records = [];
    const add = (at, record) => {
      const parentUuid = records.at(-1)?.uuid ?? null;
      const uuid = `${session.id.slice(0, 24)}${records.length.toString(16).padStart(12, '0')}`;
      records.push({ ...headOf(session), parentUuid, ...record, uuid, timestamp: iso(at) });
    };
    for (const { at, prompt, steps } of session.turns) {
      add(at, { type: 'user', message: { role: 'user', content: prompt } });
      for (const step of steps) {
        addAnswer(add, step);
        for (const tool of step.tools) addResult(add, tool);
      }
    }
    const folder = session.cwd.replaceAll('/', '-');
    return writeLines(join(home, '.claude/projects', folder, `${session.id}.jsonl`), records);
  },
};

const headOf = ({ cwd, id, branch }) => ({
  isSidechain: false,
  userType: 'external',
  cwd,
  sessionId: id,
  version: '2.1.100',
  gitBranch: branch,
});

function addAnswer(add, step) {
  const blocks = [
    ...(step.thinking ? [{ type: 'thinking', thinking: step.thinking, signature: 'c2ln'.repeat(90) }] : []),
    ...(step.text ? [{ type: 'text', text: step.text }] : []),
    ...step.tools.map((tool) => ({
      type: 'tool_use',
      id: `toolu_01${tool.id.slice(0, 22)}`,
      name: TOOLS[tool.kind],
      input: argumentsOf(tool),
    })),
  ];
  const { fresh, cacheRead, cacheWrite, output } = step.usage;
  for (const [index, block] of blocks.entries()) {
    const isLast = index === blocks.length - 1;
    add(step.at + index, {
      type: 'assistant',
      requestId: `req_011${step.id.slice(0, 8)}${step.id.slice(24)}`,
      message: {
        id: `msg_01${step.id.slice(0, 8)}${step.id.slice(24)}`,
        type: 'message',
        role: 'assistant',
        model: MODEL,
        content: [block],
        stop_reason: isLast ? (step.isLast ? 'end_turn' : 'tool_use') : null,
        usage: {
          input_tokens: fresh,
          cache_creation_input_tokens: cacheWrite,
          cache_read_input_tokens: cacheRead,
          cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
          output_tokens: isLast ? output : 1,
          service_tier: 'standard',
        },
      },
    });
  }
}

function addResult(add, tool) {
  const content = resultOf(tool);
  add(tool.at, {
    type: 'user',
    message: {
      role: 'user',
      content: [
        {
          tool_use_id: `toolu_01${tool.id.slice(0, 22)}`,
          type: 'tool_result',
          content,
          ...(tool.isFailed ? { is_error: true } : {}),
        },
      ],
    },
    toolUseResult: tool.isFailed
      ? content
      : { stdout: tool.output, stderr: '', interrupted: false, isImage: false },
  });
}
