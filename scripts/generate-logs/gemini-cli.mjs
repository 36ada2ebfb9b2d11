import { join } from 'node:path';
import { iso, writeLines, writeText } from './files.mjs';
import { argumentsOf, resultOf } from './tools.mjs';
import { totalsOf } from './totals.mjs';

const TOOLS = {
  shell: 'run_shell_command',
  read: 'read_file',
  search: 'search_file_content',
  edit: 'replace',
};

/** A message is written again, whole, with each change. */
export const geminiCli = {
  agent: 'gemini-cli',
  totals: (session) => ({ ...totalsOf(session), cache_write_tokens: 0 }),
  write: (home, session) => {
    const { id, at, turns, project } = session;
    const time = iso(at);
    const records = [{ sessionId: id, projectHash: 'ph', startTime: time, lastUpdated: time, kind: 'main' }];
    for (const turn of turns) {
      records.push({ id: turn.id, timestamp: iso(turn.at), type: 'user', content: turn.prompt });
      for (const step of turn.steps) records.push(...copiesOf(step));
      records.push({ $set: { lastUpdated: iso(turn.steps.at(-1).at) } });
    }
    const folder = join(home, '.gemini/tmp', project);
    const name = `session-${time.slice(0, 16).replaceAll(':', '-')}-${id.slice(0, 8)}.jsonl`;
    writeText(join(folder, '.project_root'), session.cwd);
    return writeLines(join(folder, 'chats', name), records);
  },
};

function copiesOf(step) {
  const { id, at, text, thinking, tools, usage } = step;
  const message = {
    id,
    timestamp: iso(at),
    type: 'gemini',
    content: text,
    thoughts: thinking ? [{ subject: 'Plan', description: thinking, timestamp: iso(step.startAt) }] : [],
    model: 'gemini-2.5-pro',
  };
  const tokens = {
    input: usage.fresh + usage.cacheRead,
    output: usage.output - usage.reasoning,
    cached: usage.cacheRead,
    thoughts: usage.reasoning,
    tool: 0,
    total: usage.fresh + usage.cacheRead + usage.output,
  };
  const told = { ...message, tokens };
  const withTools = { ...told, toolCalls: tools.map(toolCallOf) };
  return [{ ...message, tokens: null }, told, ...(tools.length > 0 ? [withTools] : [])];
}

function toolCallOf(tool) {
  const { id, kind, isFailed, at } = tool;
  const name = TOOLS[kind];
  const response = isFailed ? { error: resultOf(tool) } : { output: resultOf(tool) };
  return {
    id: `${name}-${id}`,
    name,
    args: argumentsOf(tool),
    status: isFailed ? 'error' : 'success',
    timestamp: iso(at),
    result: [{ functionResponse: { id: `${name}-${id}`, name, response } }],
  };
}
