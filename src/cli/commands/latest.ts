import { GROUPS } from '../groups.ts';
import { reportOptions } from '../report-options.ts';
import type { CommandSpec } from '../spec.ts';

/** `latest` loads the newest logs of this size, answers, and says what is left. */
const NEWEST_BYTES = 64_000_000;

export const LATEST: CommandSpec = {
  name: 'latest',
  summary: 'The newest session in full',
  description: 'The session with the latest activity among those that the options leave.',
  group: GROUPS.audit,
  argument: {
    name: 'path',
    description: 'only these logs: folders or files',
    isVariadic: true,
    completes: 'file',
  },
  get options() {
    return reportOptions('sql/reports/session.sql', [
      'since',
      'until',
      'agent',
      'model',
      'project',
      'session',
    ]);
  },
  examples: [
    { command: 'agenttrace latest', says: 'what the last run did and cost' },
    { command: 'agenttrace latest --agent claude-code', says: 'the last run of one agent' },
    { command: 'agenttrace latest -f json | jq .cost', says: 'its cost, for a program' },
  ],
  run: async (invocation) => {
    const { showReport } = await import('../show-report.ts');
    const { newestSession } = await import('../resolve-session.ts');
    const narrowing = {
      agent: undefined,
      project: undefined,
      model: undefined,
      session: undefined,
      since: undefined,
      until: undefined,
    };
    await showReport(
      { ...invocation, options: { ...invocation.options, ...narrowing } },
      {
        name: 'session',
        paths: invocation.operands,
        newestBytes: NEWEST_BYTES,
        values: async (connection) => ({ session: await newestSession(connection, invocation.options) }),
      },
    );
  },
};
