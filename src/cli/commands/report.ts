import { REPORT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec, Invocation, OptionSpec } from '../spec.ts';

export const PARAMETER_OPTION: OptionSpec = {
  flags: '--param <name=value>',
  description: 'a value for a parameter of the report; may be repeated',
  group: 'Which sessions:',
  isRepeatable: true,
};

export const REPORT: CommandSpec = {
  name: 'report',
  summary: 'List the reports, or run one: shipped, or your own .sql file',
  description:
    'Your own reports are .sql files in the folder `reports` of the config folder: a SELECT, with @title, @param and @column in its header where wanted.',
  group: GROUPS.reports,
  argument: { name: 'name', description: 'the report; without it, all are listed', completes: 'report' },
  options: [...REPORT_OPTIONS, PARAMETER_OPTION],
  examples: [
    { command: 'agenttrace report', says: 'all reports and what each answers' },
    { command: 'agenttrace report tools --since 7d', says: 'one of them' },
  ],
  run: async (invocation) => {
    const [name] = invocation.operands;
    if (name === undefined) return listAll(invocation);
    const { showReport } = await import('../show-report.ts');
    await showReport(invocation, { name });
  },
};

async function listAll(invocation: Invocation): Promise<void> {
  const { listReports } = await import('../../report/find-report.ts');
  const { reportFolders } = await import('../show-report.ts');
  const { chooseFormat } = await import('../format-choice.ts');
  const { openOutputFile } = await import('../output-file.ts');
  const { writeAnswer } = await import('../write-answer.ts');
  const { refuseBinary, textAnswer } = await import('../text-answer.ts');
  const format = chooseFormat(invocation, 'table');
  refuseBinary(format);
  const answer = textAnswer({
    title: 'Reports',
    names: ['name', 'answers', 'parameters'],
    rows: listReports(reportFolders(invocation)).map((report) => [
      report.name,
      report.summary || report.title,
      report.parameters.map((parameter) => parameter.name).join(', ') || null,
    ]),
  });
  await writeAnswer(invocation, {
    answer,
    format,
    file: await openOutputFile(invocation, { format, stem: 'reports' }),
  });
}
