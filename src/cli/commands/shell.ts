import { FILTER_OPTIONS, LOG_OPTIONS, OUTPUT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec } from '../spec.ts';
import { TIMEOUT_OPTION } from './query.ts';

export const SHELL: CommandSpec = {
  name: 'shell',
  summary: 'Ask in SQL, one statement after the other',
  description:
    'Statements end with a semicolon and are sealed off as those of query are; temporary tables, views, macros and variables stay until the end. Tab completes, \\? lists the commands: \\d the views, \\r NAME a report, \\f the format, \\o a file. The warehouse is open only while a statement runs, so that no load waits for a forgotten shell. Where stdin is no terminal its statements and commands are run in order, up to the first error, without prompt, pager or history.',
  group: GROUPS.sql,
  options: [
    TIMEOUT_OPTION,
    ...OUTPUT_OPTIONS,
    ...LOG_OPTIONS,
    ...FILTER_OPTIONS.filter(({ flags }) => /^--(?:cost-mode|limit)/.test(flags)),
  ],
  examples: [
    { command: 'agenttrace shell', says: 'over your own logs' },
    { command: 'agenttrace shell --demo', says: 'to try it' },
    { command: 'agenttrace shell -f csv < questions.sql', says: 'several statements of a file' },
  ],
  run: async (invocation) => {
    const { runShell } = await import('../shell/run-shell.ts');
    await runShell(invocation);
  },
};
