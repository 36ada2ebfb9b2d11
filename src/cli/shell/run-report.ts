import { AgenttraceError } from '../../model/errors.ts';
import {
  type ReportRun,
  runInSeal,
  runReportInto,
  runReport as runShipped,
} from '../../report/run-report.ts';
import { chooseReport } from '../choose-report.ts';
import { GATE_OPTIONS, LOG_OPTIONS, OUTPUT_OPTIONS } from '../common-options.ts';
import { isBinary } from '../format-choice.ts';
import { refuseMissing } from '../open-lake.ts';
import type { Options } from '../options.ts';
import { parseArguments } from '../program.ts';
import { reportAnswer } from '../report-answer.ts';
import { checkAnswer, explainReportError } from '../report-error.ts';
import { reportValues } from '../report-values.ts';
import { resolveSession } from '../resolve-session.ts';
import type { Invocation } from '../spec.ts';
import { asTeamAnswer } from '../team-report.ts';
import { writeAnswer, writeBinary } from '../write-answer.ts';
import { answerWith, formatFor, type ShellSession } from './session.ts';

/** Runs a report over what the shell has open, with the filters of the command line. */
export async function runReport(
  session: ShellSession,
  { name, words }: { readonly name: string; readonly words: readonly string[] },
): Promise<void> {
  const options = reportOptions(session.invocation, words);
  const { report, origin } = await chooseReport(session.invocation, name);
  const { team, spool } = session.database;
  if (team !== undefined) {
    const views = report.dependencies.map((view) => view.replace(/^v1\./, ''));
    refuseMissing(team.missing, { name: report.name, views });
  }
  await answerWith(session, async ({ runtime, options: shown }, connection) => {
    const invocation = { runtime, options: { ...options, hasColor: shown.hasColor }, operands: [] };
    const format = formatFor(session, invocation, report.shape);
    const chosen =
      options.session === undefined ? {} : { session: await resolveSession(connection, options.session) };
    const run = { connection, report, values: { ...reportValues(invocation, report), ...chosen } };
    const isShipped = origin === 'shipped';
    if (isBinary(format)) {
      await rowsOf(run, { isShipped, timeoutMs: options.timeoutMs, into: 'answer' });
      await writeBinary(invocation, {
        connection,
        table: 'answer',
        format: format as 'parquet' | 'arrow',
        file: undefined,
        spool,
      });
      return format;
    }
    const result = await rowsOf(run, { isShipped, timeoutMs: options.timeoutMs });
    const folder = session.invocation.options.team;
    const ran =
      team === undefined || folder === undefined
        ? { report, result }
        : asTeamAnswer({ report, result }, { missing: team.missing, team: folder });
    await writeAnswer(invocation, { answer: reportAnswer(ran, invocation), format, file: undefined });
    return format;
  });
}

interface Running {
  readonly isShipped: boolean;
  readonly timeoutMs: number;
  readonly into?: string;
}

async function rowsOf(run: ReportRun, { isShipped, ...sealed }: Running): ReturnType<typeof runInSeal> {
  const { report } = run;
  try {
    if (!isShipped) {
      const result = await runInSeal(run, sealed);
      if (sealed.into === undefined) checkAnswer(report, result);
      return result;
    }
    if (sealed.into === undefined) return (await runShipped(run)).result;
    await runReportInto(run, sealed.into);
    return { columns: [], rows: [] };
  } catch (cause) {
    throw explainReportError(cause, { report, isShipped });
  }
}

/** What may narrow a report here: as on the command line, and a session without its flag. */
function reportOptions({ runtime, options }: Invocation, words: readonly string[]): Options {
  const [first, ...others] = words;
  const given = first === undefined || first.startsWith('-') ? words : ['--session', first, ...others];
  const refused = [...LOG_OPTIONS, ...GATE_OPTIONS, ...OUTPUT_OPTIONS].flatMap(({ flags }) =>
    flags.split(/[ ,]+/).filter((part) => part.startsWith('-')),
  );
  const flag = given.map((word) => word.split('=')[0] ?? '').find((word) => refused.includes(word));
  if (flag !== undefined) {
    throw new AgenttraceError({
      code: 'usage',
      message: `${flag} is for the command line: a report runs here over what the shell has open.`,
      hint: 'Give it when you start the shell. \\f sets the format, \\o the file.',
    });
  }
  const parsed = parseArguments(['report', 'any', ...given], runtime);
  if ('help' in parsed) {
    throw new AgenttraceError({
      code: 'usage',
      message: 'Help on reports is for the command line.',
      hint: '\\reports lists them; agenttrace report --help has their options.',
    });
  }
  const { timeZone, costMode, timeoutMs, team } = options;
  return { ...parsed.invocation.options, timeZone, costMode, timeoutMs, team };
}
