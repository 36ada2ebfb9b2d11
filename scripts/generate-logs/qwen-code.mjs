import { join } from 'node:path';
import { iso, writeLines } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

const TOOLS = { shell: 'run_shell_command', read: 'read_file', search: 'grep_search', edit: 'edit' };

export const qwenCode = {
  agent: 'qwen-code',
  totals: (session) => untold(totalsOf(session), 'cache_write_tokens'),
  write: (home, session) => {
    const { id, cwd, branch, turns } = session;
    const records = [];
    const add = (at, record) => {
      const uuid = `${id.slice(0, 24)}${records.length.toString(16).padStart(12, '0')}`;
      const parentUuid = records.at(-1)?.uuid ?? null;
      const head = {
        uuid,
        parentUuid,
        sessionId: id,
        timestamp: iso(at),
        cwd,
        version: '0.18.0',
        gitBranch: branch,
      };
      records.push({ ...head, ...record });
    };
    for (const { at, prompt, steps } of turns) {
      add(at, { type: 'user', message: { role: 'user', parts: [{ text: prompt }] } });
      for (const step of steps) {
        add(step.at, answerOf(step));
        for (const tool of step.tools) add(tool.at, toolResultOf(tool));
      }
    }
    return writeLines(
      join(home, '.qwen/projects', cwd.replaceAll('/', '-'), 'chats', `${id}.jsonl`),
      records,
    );
  },
};

function answerOf({ thinking, text, tools, usage }) {
  const prompt = usage.fresh + usage.cacheRead;
  const parts = [
    ...(thinking ? [{ text: thinking, thought: true }] : []),
    ...(text ? [{ text }] : []),
    ...tools.map((tool) => ({
      functionCall: { id: `call_${tool.id}`, name: TOOLS[tool.kind], args: argumentsOf(tool) },
    })),
  ];
  return {
    type: 'assistant',
    model: 'qwen3-coder-plus',
    message: { role: 'model', parts },
    usageMetadata: {
      promptTokenCount: prompt,
      candidatesTokenCount: usage.output,
      totalTokenCount: prompt + usage.output,
      thoughtsTokenCount: usage.reasoning,
      cachedContentTokenCount: usage.cacheRead,
    },
  };
}

function toolResultOf(tool) {
  const id = `call_${tool.id}`;
  const response = tool.isFailed ? { error: resultOf(tool) } : { output: resultOf(tool) };
  return {
    type: 'tool_result',
    message: { role: 'user', parts: [{ functionResponse: { id, name: TOOLS[tool.kind], response } }] },
    toolCallResult: {
      callId: id,
      status: tool.isFailed ? 'error' : 'success',
      resultDisplay: resultOf(tool),
    },
  };
}
