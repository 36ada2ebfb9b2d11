import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Report } from '../catalog/report.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { ResultSet } from '../model/result.ts';
import type { ReportValues } from '../report/bind-report.ts';
import type { FoundReport } from '../report/find-report.ts';
import type { ReportAnswer } from '../report/run-report.ts';
import type { Connection } from '../warehouse/connection.ts';
import { type Prepared, type PrepareOptions, prepareWarehouse } from './context.ts';
import { endNow } from './end-now.ts';
import { chooseFormat, isBinary } from './format-choice.ts';
import type { GateRequest } from './gate-request.ts';
import { keepReport, questionFor, readKeptReport } from './kept-report.ts';
import { note } from './note.ts';
import { noteLimit, unaskedLimit } from './note-limit.ts';
import { noteUnknownFilter } from './note-unknown-filter.ts';
import { openOutputFile } from './output-file.ts';
import { reportAnswer } from './report-answer.ts';
import { reportValues } from './report-values.ts';
import { resolveSession } from './resolve-session.ts';
import type { Invocation } from './spec.ts';
import { openSpool, writeAnswer, writeBinary } from './write-answer.ts';

export interface ReportRequest extends PrepareOptions {
  /** A shipped report, which one's own of that name may replace. */
  readonly name: string;
  /** The report itself, where it was chosen among all. */
  readonly found?: FoundReport;
  /** Whether an empty warehouse is an error; true unless said otherwise. */
  readonly needsLogs?: boolean;
  /** More values, found with the warehouse open: which session is meant, say. */
  readonly values?: (connection: Connection) => Promise<ReportValues>;
  /** What gates judge, where it is not what the report is asked for. */
  readonly judged?: (values: ReportValues) => ReportValues;
}

/** Finds a report, brings the warehouse up to date, runs it and writes the answer. */
export async function showReport(invocation: Invocation, request: ReportRequest): Promise<void> {
  if (request.values !== undefined && invocation.options.session !== undefined) {
    throw new AgenttraceError({
      code: 'usage',
      message: '--session is one session too many here.',
      hint: `agenttrace session ${invocation.options.session} shows it.`,
    });
  }
  const { chooseShipped } = await import('./choose-report.ts');
  const { report, origin } = request.found ?? (await chooseShipped(invocation, request.name));
  const isShipped = origin === 'shipped';
  const format = chooseFormat(invocation, report.shape);
  const gates = await readGateTexts(invocation);
  if (invocation.options.hasContent && !report.parameters.some(({ name }) => name === 'content'))
    await note(invocation, `The report ${report.name} has no texts: --content adds nothing.`);
  const isKept = isShipped && isKeepable(invocation, { request, format });
  const question = isKept ? questionFor(invocation, { report, format }) : undefined;
  if (question !== undefined) {
    const kept = readKeptReport(question, invocation.runtime.now);
    if (kept !== undefined) {
      const answer = reportAnswer({ report, result: kept }, invocation);
      await writeAnswer(invocation, { answer, format, file: undefined });
      await noteLimit(invocation, { report, rowCount: kept.rows.length });
      // The shortest way through the program, where compiling takes most of the time.
      return invocation.runtime.keepCode('short');
    }
  }
  const prepared = await prepareWarehouse(invocation, {
    ...request,
    ...(question === undefined ? {} : { discovery: question.discovery }),
    ...(!isShipped || gates.some(({ name }) => name === 'fail-on-sql') ? { isReadOnly: true } : {}),
  });
  let result: ResultSet | undefined;
  /** The stamp of what answered. */
  let warehouse: string | undefined;
  try {
    if (request.needsLogs !== false) await refuseNothing(prepared, logPaths(invocation, request));
    const file = await openOutputFile(invocation, {
      format,
      stem: report.name,
      ...(prepared.team === undefined ? { connection: prepared.connection } : {}),
      logFolders: prepared.summary?.places.map(({ path }) => path) ?? [],
    });
    if (prepared.team !== undefined) {
      const { prepareTeamReport } = await import('./team-report.ts');
      await prepareTeamReport(invocation, { connection: prepared.connection, team: prepared.team, report });
    }
    result = await runInto({ invocation, prepared, report, isShipped, request, format, file, gates });
    warehouse = question && result && isWhole(prepared) ? await prepared.stamp() : undefined;
  } finally {
    prepared.close();
  }
  if (question !== undefined && result !== undefined && warehouse !== undefined)
    keepReport({ ...question, warehouse }, { report, format }, result);
}

const isWhole = ({ summary }: Prepared): boolean =>
  summary !== null && summary.unreadable.length === 0 && summary.notLoadedCount === 0;

/** The gates asked for, with the SQL of those that a file holds: a file that is missing is said before any work. */
async function readGateTexts({ options, runtime }: Invocation): Promise<readonly GateRequest[]> {
  if (!options.gates.some(({ name }) => name === 'fail-on-sql')) return options.gates;
  const { withSqlText } = await import('./judge-sql.ts');
  return withSqlText(options.gates, runtime);
}

/**
 * Only what goes to stdout as text is kept, and only for all the logs of the home. Gates are judged by the warehouse, which
 * a kept answer leaves closed.
 */
function isKeepable(
  { options }: Invocation,
  { request, format }: { readonly request: ReportRequest; readonly format: Run['format'] },
): boolean {
  return (
    options.output === undefined &&
    !isBinary(format) &&
    options.gates.length === 0 &&
    request.values === undefined &&
    (request.paths ?? []).length === 0 &&
    request.newestBytes === undefined
  );
}

interface Run {
  readonly invocation: Invocation;
  readonly prepared: Prepared;
  readonly report: Report;
  /** What is not is someone's SQL, and runs sealed off. */
  readonly isShipped: boolean;
  readonly request: ReportRequest;
  readonly format: ReturnType<typeof chooseFormat>;
  readonly file: Awaited<ReturnType<typeof openOutputFile>>;
  readonly gates: readonly GateRequest[];
}

/** Runs the report, writes the answer and judges the gates; its rows, where they passed through here. */
async function runInto(run: Run): Promise<ResultSet | undefined> {
  const { applySettings } = await import('../report/run-report.ts');
  const { invocation, request, report, gates } = run;
  const { connection, file, team } = run.prepared;
  const { options } = invocation;
  await applySettings(connection, options);
  const own = (await request.values?.(connection)) ?? {};
  const session =
    options.session === undefined ? {} : { session: await resolveSession(connection, options.session) };
  const values = { ...reportValues(invocation, report), ...session, ...own };
  const result = await writeRun(run, values);
  // Others may mean something else by the names of flags; and where rows were found, all that was asked for is known.
  const isOfLogs = run.isShipped && request.needsLogs !== false;
  const hasRows = report.shape === 'table' && result !== undefined && result.rows.length > 0;
  const isStray = isOfLogs && !hasRows && (await noteUnknownFilter(invocation, connection));
  if (gates.length > 0) {
    const { judgeGates } = await import('./judge-gates.ts');
    const { sayVerdicts } = await import('./say-verdicts.ts');
    const judged = request.judged?.(values) ?? values;
    const isInMemory = file === ':memory:';
    const readFolders = team === undefined ? [] : [team.readFolder];
    const verdicts = await judgeGates(gates, { connection, values: judged, isInMemory, readFolders });
    await sayVerdicts(verdicts, invocation);
  }
  // A kept answer would not say it.
  return isStray ? undefined : result;
}

async function writeRun(run: Run, values: ReportValues): Promise<ResultSet | undefined> {
  const { invocation, prepared, report, format, file } = run;
  const { connection } = prepared;
  const spool = isBinary(format) && file === undefined ? openSpool(invocation) : undefined;
  try {
    const outputFile = format === 'parquet' ? (file?.temporary ?? spool?.file) : undefined;
    const result = await rowsOf(run, { values, outputFile });
    if (result !== undefined) {
      const ran = await forTeam({ report, result }, { prepared, invocation });
      await writeAnswer(invocation, { answer: reportAnswer(ran, invocation), format, file });
      await noteLimit(invocation, { report, rowCount: result.rows.length });
      return ran.result;
    }
    await writeBinary(invocation, {
      connection,
      table: 'answer',
      format: format as 'parquet' | 'arrow',
      file,
      spool,
    });
    if (unaskedLimit(invocation, report) !== null) {
      const [[rowCount = 0] = []] = (await connection.query('select count(*) from answer')).rows;
      await noteLimit(invocation, { report, rowCount: Number(rowCount) });
    }
    return undefined;
  } finally {
    spool?.remove();
  }
}

async function forTeam(
  answer: ReportAnswer,
  { prepared, invocation }: Pick<Run, 'prepared' | 'invocation'>,
): Promise<ReportAnswer> {
  const { team } = invocation.options;
  if (prepared.team === undefined || team === undefined) return answer;
  const { asTeamAnswer } = await import('./team-report.ts');
  return asTeamAnswer(answer, { missing: prepared.team.missing, team });
}

/** The rows of the report; undefined where they went into the table `answer`, for a binary format. */
async function rowsOf(
  { invocation, prepared, report, isShipped, format }: Run,
  { values, outputFile }: { readonly values: ReportValues; readonly outputFile: string | undefined },
): Promise<ResultSet | undefined> {
  const { runReport, runReportInto, runSealedReport } = await import('../report/run-report.ts');
  const { connection, file, team } = prepared;
  const into = isBinary(format) ? 'answer' : undefined;
  const ran = { connection, report, values };
  try {
    if (isShipped) {
      if (into === undefined) return (await runReport(ran)).result;
      await runReportInto(ran, into);
      return undefined;
    }
    const { runtime, options } = invocation;
    const { checkAnswer } = await import('./report-error.ts');
    const result = await runSealedReport(ran, {
      isInMemory: file === ':memory:',
      readFolders: team === undefined ? [] : [team.readFolder],
      timeoutMs: options.timeoutMs,
      memoryBytes: options.memoryBytes,
      // Some functions of DuckDB take memory that it does not count.
      memory: { bytes: 2 * options.memoryBytes, used: runtime.usedBytes },
      onStuck: (error) => void endNow(runtime, error),
      ...(into === undefined ? {} : { into }),
      ...(outputFile === undefined ? {} : { outputFile }),
    });
    if (into !== undefined) return undefined;
    checkAnswer(report, result);
    return result;
  } catch (cause) {
    const { explainReportError } = await import('./report-error.ts');
    throw explainReportError(cause, { report, isShipped });
  }
}

/** Without a single log there is nothing to report on: no data is not a good result. */
async function refuseNothing({ connection, team }: Prepared, paths: readonly string[]): Promise<void> {
  const { rows } = await connection.query(
    `select 1 from v1.${team === undefined ? 'sources' : 'sessions'} limit 1`,
  );
  if (rows.length > 0) return;
  if (team !== undefined) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'There is no session in this lake.',
      hint: 'agenttrace publish DIR adds those of this machine.',
    });
  }
  const [only] = paths;
  throw new AgenttraceError({
    code: 'no_input',
    message: 'No logs of any agent were found.',
    ...(only === undefined ? {} : { source: paths.join(', ') }),
    hint:
      only === undefined
        ? 'agenttrace doctor shows every folder looked in. Name another with -d DIR, or try agenttrace --demo.'
        : `agenttrace doctor ${paths.join(' ')} says what was tried. Without a path the known places of every agent are read.`,
  });
}

/** The logs that were asked for by name. */
const logPaths = ({ options, runtime }: Invocation, { paths = [] }: ReportRequest): readonly string[] =>
  [...options.folders, ...paths].map((path) => resolve(runtime.workingFolder, path));

/** Whether a REF is the path of a log rather than an id. */
export function isLogPath({ runtime }: Invocation, ref: string): boolean {
  const path = resolve(runtime.workingFolder, ref);
  return existsSync(path) && statSync(path).isFile();
}
