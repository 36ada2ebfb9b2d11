import { GROUPS } from '../groups.ts';
import { reportOptions } from '../report-options.ts';
import type { CommandSpec } from '../spec.ts';

export const OVERVIEW: CommandSpec = {
  name: 'overview',
  summary: 'What ran, what it cost, which tools fail, and what to look at first',
  group: GROUPS.audit,
  argument: {
    name: 'path',
    description: 'only these logs: folders or files',
    isVariadic: true,
    completes: 'file',
  },
  get options() {
    return reportOptions('sql/reports/overview.sql');
  },
  examples: [
    { command: 'agenttrace', says: 'everything, from the known places of every agent' },
    { command: 'agenttrace overview --since 7d --agent codex', says: 'one agent, the last week' },
    { command: 'agenttrace -d ./logs -f json', says: 'one folder of logs, for a program' },
    { command: 'agenttrace overview -o overview.md', says: 'a page to share' },
  ],
  run: async (invocation) => {
    const { showReport } = await import('../show-report.ts');
    await showReport(invocation, { name: 'overview', paths: invocation.operands });
  },
};
