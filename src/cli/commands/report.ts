import { AgenttraceError } from '../../model/errors.ts';
import { longFlag } from '../arguments.ts';
import { OUTPUT_OPTIONS, REPORT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import { PARAMETER_OPTION } from '../report-options.ts';
import type { CommandSpec, OptionSpec } from '../spec.ts';

const OWN_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--reports <dir>',
    description: 'a folder of .sql files to look in first; may be repeated',
    group: 'Your own reports:',
    isRepeatable: true,
    completes: 'folder',
  },
  {
    flags: '--eject <name>',
    description: 'write a shipped report as a file to change, and print its path',
    group: 'Your own reports:',
  },
  {
    flags: '--timeout <seconds>',
    description: 'stop a report of your own after so long (default: 60)',
    group: 'Your own reports:',
  },
  {
    flags: '--memory <megabytes>',
    description: 'memory for a report of your own (default: 512)',
    group: 'Your own reports:',
  },
];

const namedBeside = (name: string, ejected: string): AgenttraceError =>
  new AgenttraceError({
    code: 'usage',
    message: `--eject ${ejected} names the report already; ${name} is one too many.`,
    hint: `agenttrace report --eject ${ejected}`,
  });

export const REPORT: CommandSpec = {
  name: 'report',
  summary: 'List the reports, or run one: shipped, or your own .sql file',
  description:
    'A report of your own is a .sql file: a SELECT, with @title, @param and @column in its header where wanted. NAME is looked for in the folders of --reports, among your own (`reports` in the config folder), among the shipped ones, and in .agenttrace/reports of the project: the first wins, so a project adds reports and replaces none. FILE.sql is run as it is. What is not shipped runs sealed off, like query.',
  group: GROUPS.reports,
  argument: {
    name: 'name',
    description: 'the report, or a file.sql; without it, all are listed',
    completes: 'report',
  },
  options: [...REPORT_OPTIONS, PARAMETER_OPTION, ...OWN_OPTIONS],
  examples: [
    { command: 'agenttrace report', says: 'all reports, whose they are and what each answers' },
    { command: 'agenttrace report tools --since 7d', says: 'one of them' },
    { command: 'agenttrace report dear --param least=5', says: 'your own, with a parameter' },
    { command: 'agenttrace report ./dear.sql -f csv', says: 'a file' },
    { command: 'agenttrace report --eject tools', says: 'a shipped one as a file to change' },
  ],
  run: async (invocation) => {
    const [name] = invocation.operands;
    const { ejected } = invocation.options;
    const { refuseFlags } = await import('../refuse-flags.ts');
    if (ejected !== undefined) {
      refuseFlags(invocation.options, {
        taken: ['--eject', '--reports', '--quiet', '--no-color', '--lang'],
        what: '--eject writes a file as it is shipped, and',
        hint: `Run it afterwards: agenttrace report ${ejected}.`,
      });
      if (name !== undefined) throw namedBeside(name, ejected);
      const { ejectReport } = await import('../eject-report.ts');
      return ejectReport(invocation, ejected);
    }
    if (name === undefined) {
      refuseFlags(invocation.options, {
        taken: [...OUTPUT_OPTIONS.map(({ flags }) => longFlag(flags)), '--reports', '--team'],
        what: 'The list of reports',
        hint: 'Name a report: agenttrace report NAME, or NAME as a command of its own.',
      });
      const { showReportList } = await import('../list-reports.ts');
      return showReportList(invocation);
    }
    const { chooseReport } = await import('../choose-report.ts');
    const { showReport } = await import('../show-report.ts');
    const found = await chooseReport(invocation, name);
    await showReport(invocation, { name: found.report.name, found });
  },
};
