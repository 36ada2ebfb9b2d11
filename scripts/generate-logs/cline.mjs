import { join } from 'node:path';
import { writeDocument } from './files.mjs';
import { resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

const TASKS = '.config/Code/User/globalStorage';

/** What a task shows is one document. How a command ended is not shown. */
const familyMember = ({ agent, extension, isClines }) => ({
  agent,
  totals: (session) => {
    const failed = session.steps
      .flatMap((step) => step.tools)
      .filter(({ kind, isFailed }) => kind !== 'shell' && isFailed);
    return untold({ ...totalsOf(session), failed_tool_calls: failed.length }, 'reasoning_tokens');
  },
  write: (home, session) => {
    const messages = [];
    const model = { providerId: 'anthropic', modelId: 'claude-sonnet-4-5', mode: 'act' };
    const add = (at, type, kind, text) => {
      const ts = Math.max(at, (messages.at(-1)?.ts ?? 0) + 1);
      const more = isClines ? { modelInfo: model } : type === 'ask' ? { isAnswered: true } : {};
      messages.push({
        ts,
        type,
        [type]: kind,
        text: typeof text === 'string' ? text : JSON.stringify(text),
        ...more,
      });
    };
    let shown = '';
    for (const [number, { at, prompt, steps }] of session.turns.entries()) {
      add(at, 'say', number > 0 ? 'user_feedback' : isClines ? 'task' : 'text', prompt);
      for (const step of steps) {
        const request = `${shown}${detailsOf(session)}`;
        shown = step.tools.map((tool) => `[${tool.kind}] Result:\n${resultOf(tool)}\n`).join('');
        add(step.at, 'say', 'api_req_started', { request, ...usageOf(step, isClines) });
        if (step.text) add(step.at, 'say', step.isLast ? 'completion_result' : 'text', step.text);
        for (const tool of step.tools) addTool({ add, tool, isClines });
      }
    }
    return writeDocument(join(home, TASKS, extension, 'tasks', session.id, 'ui_messages.json'), messages);
  },
});

const detailsOf = ({ cwd }) =>
  `<environment_details>\n# Current Working Directory (${cwd}) Files\na.ts\n\n# Current Mode\n<slug>code</slug>\n<model>anthropic/claude-sonnet-4.5</model>\n</environment_details>`;

/** Cline leaves the cache out of the input, the others do not. */
function usageOf({ usage }, isClines) {
  const { fresh, cacheRead, cacheWrite, output } = usage;
  const used = { tokensOut: output, cacheWrites: cacheWrite, cacheReads: cacheRead, cost: 0.01 };
  if (isClines) return { tokensIn: fresh, ...used };
  return { tokensIn: fresh + cacheRead + cacheWrite, ...used, apiProtocol: 'anthropic' };
}

function addTool({ add, tool, isClines }) {
  const asked = isClines ? 'say' : 'ask';
  if (tool.kind === 'shell') {
    add(tool.startAt, asked, 'command', tool.command);
    add(tool.at, 'say', 'command_output', resultOf(tool));
    return;
  }
  add(tool.startAt, asked, 'tool', shownTool(tool, isClines));
  if (tool.isFailed) add(tool.at, 'say', tool.kind === 'edit' ? 'diff_error' : 'error', resultOf(tool));
}

function shownTool({ kind, path, before, after, output }, isClines) {
  if (kind === 'read') return { tool: 'readFile', path, content: path };
  if (kind === 'search')
    return { tool: 'searchFiles', path: 'src', regex: before.slice(0, 20), content: output };
  const diff = `------- SEARCH\n${before}\n=======\n${after}\n+++++++ REPLACE\n`;
  return isClines ? { tool: 'editedExistingFile', path, content: diff } : { tool: 'appliedDiff', path, diff };
}

export const cline = familyMember({ agent: 'cline', extension: 'saoudrizwan.claude-dev', isClines: true });
export const rooCode = familyMember({
  agent: 'roo-code',
  extension: 'rooveterinaryinc.roo-cline',
  isClines: false,
});
export const kiloCode = familyMember({
  agent: 'kilo-code',
  extension: 'kilocode.kilo-code',
  isClines: false,
});
