import { shippedReports } from '../../catalog/contract.ts';
import type { Report } from '../../catalog/report.ts';
import { REPORT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec } from '../spec.ts';
import { PARAMETER_OPTION } from './report.ts';

/** Reports that a command of their own runs. */
const OWN_COMMANDS = ['overview', 'session', 'latest', 'diff', 'diff-patch', 'explain', 'doctor', 'prices'];

/** Each shipped report as a command: another .sql file is another command. */
export function reportCommands(): readonly CommandSpec[] {
  return shippedReports()
    .filter(({ name }) => !OWN_COMMANDS.includes(name))
    .map(reportCommand);
}

function reportCommand(report: Report): CommandSpec {
  const { name, summary, description, parameters } = report;
  const own = parameters.filter((parameter) => !FLAG_PARAMETERS.includes(parameter.name));
  const notes = [
    description,
    own.length === 0
      ? ''
      : `Parameters (--param name=value):\n${own.map((parameter) => `  ${parameter.name}  ${parameter.description} (default ${parameter.default ?? 'none'})`).join('\n')}`,
  ].filter((text) => text !== '');
  return {
    name,
    summary: summary.replace(/\.$/, ''),
    ...(notes.length === 0 ? {} : { description: notes.join('\n\n') }),
    group: GROUPS.reports,
    argument: {
      name: 'path',
      description: 'only these logs: folders or files',
      isVariadic: true,
      completes: 'file',
    },
    options: [...REPORT_OPTIONS, PARAMETER_OPTION],
    examples: [
      ...report.examples.map((command) => ({ command, says: '' })),
      { command: `agenttrace ${name}`, says: 'as a table' },
      { command: `agenttrace ${name} -o ${name}.csv`, says: 'for a spreadsheet' },
    ],
    run: async (invocation) => {
      const { showReport } = await import('../show-report.ts');
      await showReport(invocation, { name, paths: invocation.operands });
    },
  };
}

/** Parameters that flags give. */
export const FLAG_PARAMETERS: readonly string[] = [
  'since',
  'until',
  'agent',
  'model',
  'project',
  'session',
  'limit',
  'content',
  'now',
];
