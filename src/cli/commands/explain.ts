import { FILTER_OPTIONS, LOG_OPTIONS, OUTPUT_OPTIONS, TEAM_OPTION } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec } from '../spec.ts';

export const EXPLAIN: CommandSpec = {
  name: 'explain',
  summary: 'The cost of a session or call line by line: log line, tokens × rate, price row, rule',
  group: GROUPS.audit,
  argument: {
    name: 'ref',
    description: 'a session or call, by id or unique prefix',
    isRequired: true,
    completes: 'session',
  },
  options: [
    ...OUTPUT_OPTIONS,
    ...LOG_OPTIONS,
    TEAM_OPTION,
    ...FILTER_OPTIONS.filter(({ flags }) => /--(cost-mode|limit)/.test(flags)),
  ],
  examples: [
    { command: 'agenttrace explain 3f2a', says: 'where each cent of a session comes from' },
    { command: 'agenttrace explain 3f2a -f csv -o cost.csv', says: 'the same for a spreadsheet' },
  ],
  run: async (invocation) => {
    const { showReport } = await import('../show-report.ts');
    const { resolveCallOrSession } = await import('../resolve-session.ts');
    const ref = invocation.operands[0] ?? '';
    await showReport(invocation, {
      name: 'explain',
      values: (connection) => resolveCallOrSession(connection, ref),
    });
  },
};
