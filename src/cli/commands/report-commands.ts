import { reportAt, reportName, reportPaths } from '../../catalog/contract.ts';
import type { Report } from '../../catalog/report.ts';
import { FLAG_PARAMETERS } from '../../report/bind-report.ts';
import { GROUPS } from '../groups.ts';
import { reportOptions } from '../report-options.ts';
import type { CommandSpec } from '../spec.ts';

/** Reports that a command of their own runs. */
const OWN_COMMANDS = ['overview', 'session', 'latest', 'diff', 'diff-patch', 'explain', 'doctor', 'prices'];

/** Each shipped report as a command: another .sql file is another command. The file is read when its command is asked for. */
export function reportCommands(): readonly CommandSpec[] {
  return reportPaths('reports')
    .filter((path) => !OWN_COMMANDS.includes(reportName(path)))
    .map(reportCommand);
}

function reportCommand(path: string): CommandSpec {
  const name = reportName(path);
  return {
    name,
    get summary() {
      return reportAt(path).summary.replace(/\.$/, '');
    },
    get description() {
      return describe(reportAt(path));
    },
    group: GROUPS.reports,
    argument: {
      name: 'path',
      description: 'only these logs: folders or files',
      isVariadic: true,
      completes: 'file',
    },
    get options() {
      return reportOptions(path);
    },
    get examples() {
      return [
        { command: `agenttrace ${name}`, says: 'as a table' },
        ...reportAt(path)
          .examples.filter((command) => command !== `agenttrace ${name}`)
          .map((command) => ({ command, says: '' })),
        { command: `agenttrace ${name} -o ${name}.csv`, says: 'for a spreadsheet' },
      ];
    },
    run: async (invocation) => {
      const { showReport } = await import('../show-report.ts');
      await showReport(invocation, { name, paths: invocation.operands });
    },
  };
}

/** What a report says of itself, and what it can be asked with beyond the flags of all. */
function describe({ description, parameters }: Report): string | undefined {
  const own = parameters.filter(({ name }) => !FLAG_PARAMETERS.includes(name));
  const lines = own.map((parameter) => {
    const value = parameter.default ?? 'none';
    return `  ${parameter.name}  ${parameter.description} (default ${value})`;
  });
  const notes = [
    description,
    own.length === 0 ? '' : `Parameters (--param name=value):\n${lines.join('\n')}`,
  ];
  return notes.filter((text) => text !== '').join('\n\n') || undefined;
}
