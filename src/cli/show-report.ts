import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Report } from '../catalog/report.ts';
import { keepAnswer } from '../ingest/kept-answers.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { ResultSet } from '../model/result.ts';
import type { ReportValues } from '../report/bind-report.ts';
import type { ReportAnswer } from '../report/run-report.ts';
import type { Connection } from '../warehouse/connection.ts';
import { type Prepared, type PrepareOptions, prepareWarehouse } from './context.ts';
import { chooseFormat, isBinary } from './format-choice.ts';
import type { GateRequest } from './gate-request.ts';
import { questionFor, readKeptReport } from './kept-report.ts';
import { nearest } from './nearest.ts';
import { openOutputFile } from './output-file.ts';
import { configFolder } from './places.ts';
import { reportAnswer } from './report-answer.ts';
import { reportValues } from './report-values.ts';
import { resolveSession } from './resolve-session.ts';
import type { Invocation } from './spec.ts';
import { openSpool, writeAnswer, writeBinary } from './write-answer.ts';

export interface ReportRequest extends PrepareOptions {
  readonly name: string;
  /** The report itself, where it is none of those that are found by name. */
  readonly report?: Report;
  /** Whether an empty warehouse is an error; true unless said otherwise. */
  readonly needsLogs?: boolean;
  /** More values, found with the warehouse open: which session is meant, say. */
  readonly values?: (connection: Connection) => Promise<ReportValues>;
  /** What gates judge, where it is not what the report is asked for. */
  readonly judged?: (values: ReportValues) => ReportValues;
}

/** Finds a report, brings the warehouse up to date, runs it and writes the answer. */
export async function showReport(invocation: Invocation, request: ReportRequest): Promise<void> {
  const { findReport } = await import('../report/find-report.ts');
  const report = request.report ?? findReport(request.name, reportFolders(invocation));
  if (report === undefined) throw await noSuchReport(invocation, request.name);
  const format = chooseFormat(invocation, report.shape);
  const gates = await readGateTexts(invocation);
  const question = isKeepable(invocation, { request, format }) ? questionFor(invocation, report) : undefined;
  if (question !== undefined) {
    const kept = readKeptReport(question, invocation.runtime.now);
    if (kept !== undefined) {
      const answer = reportAnswer({ report, result: kept.result }, invocation);
      return writeAnswer(invocation, { answer, format, file: undefined });
    }
  }
  const prepared = await prepareWarehouse(invocation, {
    ...request,
    ...(question === undefined ? {} : { discovery: question.discovery }),
    ...(gates.some(({ name }) => name === 'fail-on-sql') ? { isReadOnly: true } : {}),
  });
  let result: ResultSet | undefined;
  try {
    if (request.needsLogs !== false) await refuseNothing(prepared);
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
    result = await runInto({ invocation, prepared, report, request, format, file, gates });
  } finally {
    prepared.close();
  }
  const { summary } = prepared;
  const isWhole = summary !== null && summary.unreadable.length === 0 && summary.notLoadedCount === 0;
  if (question !== undefined && result !== undefined && isWhole) keepAnswer(question, { result, summary });
}

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

/** Folders of the user's own reports. */
export const reportFolders = ({ runtime }: Invocation): readonly string[] => [
  join(configFolder(runtime), 'reports'),
];

interface Run {
  readonly invocation: Invocation;
  readonly prepared: Prepared;
  readonly report: Report;
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
  if (gates.length > 0) {
    const { judgeGates } = await import('./judge-gates.ts');
    const { sayVerdicts } = await import('./say-verdicts.ts');
    const judged = request.judged?.(values) ?? values;
    const isInMemory = file === ':memory:';
    const readFolders = team === undefined ? [] : [team.readFolder];
    const verdicts = await judgeGates(gates, { connection, values: judged, isInMemory, readFolders });
    await sayVerdicts(verdicts, invocation);
  }
  return result;
}

async function writeRun(
  { invocation, prepared, report, format, file }: Run,
  values: ReportValues,
): Promise<ResultSet | undefined> {
  const { runReport, runReportInto } = await import('../report/run-report.ts');
  const { connection } = prepared;
  const run = { connection, report, values };
  if (!isBinary(format)) {
    const ran = await forTeam(await orExplained(runReport(run), report), { prepared, invocation });
    await writeAnswer(invocation, { answer: reportAnswer(ran, invocation), format, file });
    return ran.result;
  }
  const spool = file === undefined ? openSpool(invocation) : undefined;
  try {
    await orExplained(runReportInto(run, 'answer'), report);
    await writeBinary(invocation, {
      connection,
      table: 'answer',
      format: format as 'parquet' | 'arrow',
      file,
      spool,
    });
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

/** An error of SQL is a bug in a shipped report, and something to correct in a value or in the user's own report. */
async function orExplained<T>(running: Promise<T>, report: Report): Promise<T> {
  try {
    return await running;
  } catch (cause) {
    if (cause instanceof AgenttraceError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    if (/^Conversion Error/.test(message)) {
      const types = report.parameters.map(({ name, type }) => `${name} (${type})`).join(', ');
      throw new AgenttraceError({
        code: 'usage',
        message,
        hint: `A value does not fit its parameter. ${report.name} takes ${types}.`,
        cause,
      });
    }
    if (report.path.startsWith('sql/')) throw cause;
    throw new AgenttraceError({
      code: 'bad_sql',
      message,
      source: report.path,
      hint: 'agenttrace schema lists the views and their columns.',
      cause,
    });
  }
}

/** Without a single log there is nothing to report on: no data is not a good result. */
async function refuseNothing({ connection, team }: Prepared): Promise<void> {
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
  throw new AgenttraceError({
    code: 'no_input',
    message: 'No logs of any agent were found.',
    hint: 'agenttrace doctor shows every folder looked in. Name another with -d DIR, or try agenttrace --demo.',
  });
}

async function noSuchReport(invocation: Invocation, name: string): Promise<AgenttraceError> {
  const { listReports } = await import('../report/find-report.ts');
  const names = listReports(reportFolders(invocation)).map((report) => report.name);
  const near = nearest(name, names);
  return new AgenttraceError({
    code: 'usage',
    message: `There is no report “${name}”.`,
    hint: `${near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `}agenttrace report lists them all.`,
  });
}

/** Whether a REF is the path of a log rather than an id. */
export function isLogPath({ runtime }: Invocation, ref: string): boolean {
  const path = resolve(runtime.workingFolder, ref);
  return existsSync(path) && statSync(path).isFile();
}
