import { GROUPS } from '../groups.ts';
import { reportOptions } from '../report-options.ts';
import type { CommandSpec } from '../spec.ts';

export const SESSION: CommandSpec = {
  name: 'session',
  summary: 'One session in full: cost, time, turns, tools, files',
  description: '`agenttrace REF` is the same. A log file is read by itself; the warehouse is left alone.',
  group: GROUPS.audit,
  argument: {
    name: 'ref',
    description: 'a session id, a unique prefix of one, or the path of a log or export',
    isRequired: true,
    completes: 'session',
  },
  get options() {
    return reportOptions('sql/reports/session.sql', []);
  },
  examples: [
    { command: 'agenttrace session 3f2a', says: 'by the beginning of its id' },
    { command: 'agenttrace ./rollout.jsonl', says: 'a log file, wherever it lies' },
    { command: 'agenttrace session 3f2a -f json', says: 'all of it, for a program' },
  ],
  run: async (invocation) => {
    const { isLogPath, showReport } = await import('../show-report.ts');
    const { newestSession, resolveSession } = await import('../resolve-session.ts');
    const ref = invocation.operands[0] ?? '';
    const isPath = isLogPath(invocation, ref);
    await showReport(invocation, {
      name: 'session',
      ...(isPath ? { paths: [ref] } : {}),
      values: async (connection) => ({
        session: isPath
          ? await newestSession(connection, invocation.options)
          : await resolveSession(connection, ref),
      }),
    });
  },
};
