import { join } from 'node:path';
import { writeLines } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf } from './totals.mjs';

const TOOLS = { shell: 'bash', read: 'read_file', search: 'grep', edit: 'edit' };

/** Requests with their responses in the form of Chat Completions. A request holds the turn as far as it went. */
export const generic = {
  agent: 'generic',
  totals: totalsOf,
  write: (home, session) =>
    writeLines(join(home, '.local/share/agenttrace/imports', `${session.id}.jsonl`), exchangesOf(session)),
};

/** All exchanges of these sessions in one JSON array. */
export const genericArray = {
  kind: 'generic-array',
  begin: () => '[',
  next: (session) =>
    exchangesOf(session)
      .map((exchange) => JSON.stringify(exchange))
      .join(','),
  end: ']',
  totals: totalsOf,
};

function exchangesOf({ id, turns }) {
  return turns.flatMap(({ prompt, steps }) => {
    const messages = [{ role: 'user', content: prompt }];
    return steps.map((step) => {
      const answer = answerOf(step);
      const exchange = {
        session_id: id,
        request: { model: 'gpt-4o', messages: [...messages] },
        response: responseOf(step, answer),
      };
      messages.push(answer, ...step.tools.map(toolMessage));
      return exchange;
    });
  });
}

const answerOf = ({ text, tools }) => ({
  role: 'assistant',
  content: text || null,
  ...(tools.length === 0
    ? {}
    : {
        tool_calls: tools.map((tool) => ({
          id: `call_${tool.id}`,
          type: 'function',
          function: { name: TOOLS[tool.kind], arguments: JSON.stringify(argumentsOf(tool)) },
        })),
      }),
});

const toolMessage = (tool) => ({
  role: 'tool',
  tool_call_id: `call_${tool.id}`,
  content: JSON.stringify(
    tool.isFailed ? { success: false, error: resultOf(tool) } : { output: tool.output },
  ),
});

function responseOf({ id, at, isLast, usage }, message) {
  const { fresh, cacheRead, cacheWrite, output, reasoning } = usage;
  const prompt = fresh + cacheRead + cacheWrite;
  return {
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created: Math.floor(at / 1000),
    model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, message, finish_reason: isLast ? 'stop' : 'tool_calls' }],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: output,
      total_tokens: prompt + output,
      prompt_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
      completion_tokens_details: { reasoning_tokens: reasoning },
    },
  };
}
