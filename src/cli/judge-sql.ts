import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { groupDigits } from '../render/format-number.ts';
import { type ReportRun, runReportInto } from '../report/run-report.ts';
import type { Connection } from '../warehouse/connection.ts';
import { enterSandbox } from '../warehouse/sandbox.ts';
import { runInSandbox } from '../warehouse/sandboxed-query.ts';
import { isSealed } from '../warehouse/sealed-select.ts';
import type { GateRequest } from './gate-request.ts';
import type { GateVerdict } from './gate-verdict.ts';
import { explainSqlError } from './sql-hints.ts';

/** How long the SQL of a gate may take. */
const TIMEOUT_MS = 60_000;

export interface SqlGateInput {
  readonly connection: Connection;
  /** Gives `judged_sessions`, which the SQL may join. */
  readonly scope: ReportRun;
  readonly isInMemory: boolean;
  readonly readFolders: readonly string[];
}

/** Runs the SQL of gates, sealed off like `query`: each row that it answers is a violation. */
export async function judgeSql(
  gates: readonly GateRequest[],
  { connection, scope, isInMemory, readFolders }: SqlGateInput,
): Promise<readonly GateVerdict[]> {
  await runReportInto(scope, 'judged_sessions');
  const { rows } = await connection.query('select count(*) from judged_sessions');
  const judgedCount = rows[0]?.[0] ?? 0n;
  if (!(await isSealed(connection))) await enterSandbox(connection, { isInMemory, readFolders });
  const verdicts: GateVerdict[] = [];
  for (const gate of gates) {
    const unjudged: GateVerdict = {
      gate,
      verdict: 'unknown',
      figure: null,
      judgedCount,
      message: 'no session was found',
      note: null,
      sessions: [],
    };
    verdicts.push(Number(judgedCount) === 0 ? unjudged : await judgeOne(connection, unjudged));
  }
  return verdicts;
}

async function judgeOne(connection: Connection, unjudged: GateVerdict): Promise<GateVerdict> {
  try {
    const sql = unjudged.gate.threshold ?? '';
    const { result } = await runInSandbox(connection, { sql, timeoutMs: TIMEOUT_MS });
    const count = result.rows.length;
    return {
      ...unjudged,
      verdict: count > 0 ? 'failed' : 'held',
      figure: BigInt(count),
      message:
        count === 1
          ? 'one row is a violation'
          : `${count === 0 ? 'no' : groupDigits(String(count))} rows are violations`,
      rows: result,
    };
  } catch (error) {
    const explained = explainSqlError(error);
    if (!(explained instanceof AgenttraceError)) throw error;
    return { ...unjudged, message: explained.message, error: explained };
  }
}

/** The gates with the text of the file where `--fail-on-sql` names one. Throws for a file that cannot be read. */
export function withSqlText(
  gates: readonly GateRequest[],
  { workingFolder }: { readonly workingFolder: string },
): readonly GateRequest[] {
  return gates.map((gate) =>
    gate.name === 'fail-on-sql' ? { ...gate, threshold: sqlText(gate.threshold ?? '', workingFolder) } : gate,
  );
}

function sqlText(given: string, workingFolder: string): string {
  const path = resolve(workingFolder, given);
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true)
      return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    // A statement may be longer than any path.
    if (!isSql(given)) throw unreadable(path, cause);
  }
  if (isSql(given)) return given;
  throw unreadable(path);
}

/** No name of a file that is there: SQL has several words. */
const isSql = (text: string): boolean => /\S\s+\S/.test(text) && !/^[^\s;]*\.sql$/i.test(text.trim());

const unreadable = (path: string, cause?: unknown): AgenttraceError =>
  new AgenttraceError({
    code: 'no_input',
    message: 'The SQL file of --fail-on-sql cannot be read.',
    source: path,
    hint: '--fail-on-sql FILE.sql, or --fail-on-sql "select …": each row is a violation.',
    cause,
  });
