import { fleetReports, reportName, reportPaths } from '../../catalog/contract.ts';
import { FILTER_OPTIONS, GATE_OPTIONS, OUTPUT_OPTIONS, TEAM_OPTION } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec } from '../spec.ts';

export const TEAM: CommandSpec = {
  name: 'team',
  summary: 'Everyone’s sessions: cost and health by person, project, model and week, tools, outliers',
  get description() {
    const reports = fleetReports().map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`);
    return `Answers over a lake that agenttrace publish fills. Without REPORT, the first rows of each:\n${reports.join('\n')}\nEvery other report, query and gate takes --team DIR too. Without --team, AGENTTRACE_TEAM names the folder.`;
  },
  group: GROUPS.reports,
  argument: {
    name: 'report',
    description: `one of them: ${reportPaths('fleet').map(reportName).join(', ')}`,
    completes: 'team',
  },
  options: [
    TEAM_OPTION,
    ...OUTPUT_OPTIONS,
    ...FILTER_OPTIONS.filter(({ flags }) => /--(since|until|agent|project|limit)/.test(flags)),
    ...GATE_OPTIONS,
  ],
  examples: [
    { command: 'agenttrace team --team ./lake', says: 'the first rows of every report' },
    { command: 'agenttrace team people --team ./lake --since 30d', says: 'who spent what, and how it went' },
    { command: 'agenttrace team tools --team ./lake', says: 'tools that fail for everyone' },
    { command: 'agenttrace overview --team ./lake', says: 'the overview, over everyone’s sessions' },
  ],
  run: async (invocation) => {
    const { runTeam } = await import('../run-team.ts');
    await runTeam(invocation);
  },
};
