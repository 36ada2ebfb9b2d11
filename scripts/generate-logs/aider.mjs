import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sqlTime } from './files.mjs';
import { resultOf } from './tools.mjs';
import { totalsOf, untold } from './totals.mjs';

/** All sessions of a folder in one text. Of a shell command the end is not told; reading and searching are no tools. */
export const aider = {
  agent: 'aider',
  totals: (session) => {
    const tools = session.steps.flatMap((step) => step.tools).filter(isTold);
    const used = session.steps.map(({ usage }) => roundedOf(usage));
    const sum = (name) => used.reduce((total, usage) => total + usage[name], 0);
    return untold(
      {
        ...totalsOf(session),
        tool_calls: tools.length,
        failed_tool_calls: tools.filter(({ kind, isFailed }) => kind === 'edit' && isFailed).length,
        uncached_input_tokens: sum('fresh'),
        cache_read_tokens: sum('cacheRead'),
        cache_write_tokens: sum('cacheWrite'),
        output_tokens: sum('output'),
      },
      'reasoning_tokens',
    );
  },
  open: (home) => {
    mkdirSync(home, { recursive: true });
    const file = openSync(join(home, '.aider.chat.history.md'), 'w');
    return {
      add: (session) => writeSync(file, chatOf(session)),
      close: () => closeSync(file),
    };
  },
};

const isTold = ({ kind }) => kind === 'edit' || kind === 'shell';

function chatOf({ at, turns }) {
  const lines = ['', `# aider chat started at ${sqlTime(at)}`, ''];
  lines.push('> Aider v0.86.1  ', '> Main model: gpt-4o with diff edit format  ', '');
  for (const { prompt, steps } of turns) {
    lines.push(...prompt.split('\n').map((line) => `#### ${line.trim()}  `), '');
    for (const step of steps) lines.push(step.text, '', ...notesOf(step).map((note) => `> ${note}  `), '');
  }
  return `${lines.join('\n')}\n`;
}

function notesOf({ usage, tools }) {
  const { fresh, cacheRead, cacheWrite, output } = roundedOf(usage);
  const [sent, write, hit, received] = [fresh + cacheRead + cacheWrite, cacheWrite, cacheRead, output].map(
    words,
  );
  const used = `Tokens: ${sent} sent, ${write} cache write, ${hit} cache hit, ${received} received.`;
  return [used, 'Cost: $0.01 message, $0.10 session.', ...tools.filter(isTold).flatMap(toolNotes)];
}

function toolNotes(tool) {
  if (tool.kind === 'shell')
    return [
      `Running ${tool.command}`,
      ...resultOf(tool)
        .split('\n')
        .map((line) => `. ${line}`),
    ];
  if (tool.isFailed) return ['The LLM did not conform to the edit format.'];
  return [`Applied edit to ${tool.path}`];
}

/** Figures that stay the same when they are told in thousands. */
function roundedOf({ fresh, cacheRead, cacheWrite, output }) {
  const thousands = (count) => Math.ceil(count / 1000) * 1000;
  return {
    fresh: thousands(fresh),
    cacheRead: thousands(cacheRead),
    cacheWrite: thousands(cacheWrite),
    output: output < 1000 ? output : Math.round(output / 100) * 100,
  };
}

const words = (count) => {
  if (count < 1000) return String(count);
  return count < 10_000 ? `${(count / 1000).toFixed(1)}k` : `${Math.round(count / 1000)}k`;
};
