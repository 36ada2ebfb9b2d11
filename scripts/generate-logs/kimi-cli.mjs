import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeLines, writeText } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

const TOOLS = { shell: 'Shell', read: 'ReadFile', search: 'Grep', edit: 'StrReplaceFile' };
const SETTINGS = `default_model = "kimi-for-coding"

[models.kimi-for-coding]
provider = "kimi"
model = "kimi-k2.5"
`;

export const kimiCli = {
  agent: 'kimi-cli',
  totals: (session) => untold(totalsOf(session), 'reasoning_tokens'),
  write: (home, session) => {
    const records = [{ type: 'metadata', protocol_version: '1.3' }];
    const add = (at, type, payload) => records.push({ timestamp: at / 1000, message: { type, payload } });
    for (const { at, prompt, steps } of session.turns) {
      add(at, 'TurnBegin', { user_input: prompt });
      for (const [index, step] of steps.entries()) addStep(add, { ...step, n: index + 1 });
      add(steps.at(-1).at + 10, 'TurnEnd', {});
    }
    const root = join(home, '.kimi');
    writeText(join(root, 'config.toml'), SETTINGS);
    const folder = createHash('md5').update(session.cwd).digest('hex');
    return writeLines(join(root, 'sessions', folder, session.id, 'wire.jsonl'), records);
  },
};

function addStep(add, step) {
  const { id, startAt, at, thinking, text, tools, usage, n } = step;
  add(startAt, 'StepBegin', { n });
  if (thinking) add(at, 'ContentPart', { type: 'think', think: thinking });
  if (text) add(at, 'ContentPart', { type: 'text', text });
  for (const tool of tools) {
    const given = { name: TOOLS[tool.kind], arguments: JSON.stringify(argumentsOf(tool, { path: 'path' })) };
    add(at, 'ToolCall', { type: 'function', id: `tool_${tool.id}`, function: given });
  }
  const token_usage = {
    input_other: usage.fresh,
    output: usage.output,
    input_cache_read: usage.cacheRead,
    input_cache_creation: usage.cacheWrite,
  };
  add(at, 'StatusUpdate', { context_usage: 0.1, token_usage, message_id: `chatcmpl-${id}` });
  for (const tool of tools) {
    const words = {
      output: tool.isFailed ? '' : tool.output,
      message: tool.isFailed ? resultOf(tool) : 'Done.',
    };
    const return_value = { is_error: tool.isFailed, ...words, display: [] };
    add(tool.at, 'ToolResult', { tool_call_id: `tool_${tool.id}`, return_value });
  }
}
