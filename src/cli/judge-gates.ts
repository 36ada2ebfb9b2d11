import { shippedGate } from '../catalog/contract.ts';
import type { Report } from '../catalog/report.ts';
import type { Cell } from '../model/result.ts';
import type { ReportValues } from '../report/bind-report.ts';
import { runReport } from '../report/run-report.ts';
import type { Connection } from '../warehouse/connection.ts';
import type { GateRequest } from './gate-request.ts';
import type { GateVerdict } from './gate-verdict.ts';
import { judgeSql } from './judge-sql.ts';

export interface GateInput {
  readonly connection: Connection;
  /** What the report was asked for: the gates judge the same sessions. */
  readonly values: ReportValues;
  readonly isInMemory: boolean;
  /** Folders that the views read. */
  readonly readFolders: readonly string[];
}

/**
 * Judges every gate over what the report was about. SQL from outside comes last, since the connection is sealed for it
 * and can do nothing else afterwards.
 */
export async function judgeGates(
  gates: readonly GateRequest[],
  { connection, values, isInMemory, readFolders }: GateInput,
): Promise<readonly GateVerdict[]> {
  const verdicts: GateVerdict[] = [];
  for (const gate of gates.filter(({ name }) => name !== 'fail-on-sql'))
    verdicts.push(await judge(gate, { connection, values }));
  const sql = gates.filter(({ name }) => name === 'fail-on-sql');
  if (sql.length === 0) return verdicts;
  const scope = shippedGate('judged-sessions');
  return [
    ...verdicts,
    ...(await judgeSql(sql, {
      connection,
      scope: { connection, report: scope, values: takenBy(scope, values) },
      isInMemory,
      readFolders,
    })),
  ];
}

async function judge(
  gate: GateRequest,
  { connection, values }: Pick<GateInput, 'connection' | 'values'>,
): Promise<GateVerdict> {
  const report = shippedGate(gate.name);
  const threshold = gate.threshold === null ? {} : { threshold: gate.threshold };
  const { result } = await runReport({
    connection,
    report,
    values: { ...takenBy(report, values), ...threshold },
  });
  const row = result.rows[0] ?? [];
  const cell = (name: string): Cell =>
    row[result.columns.findIndex((column) => column.name === name)] ?? null;
  const note = cell('note');
  const verdict = cell('verdict') as GateVerdict['verdict'];
  return {
    gate,
    verdict,
    figure: cell('figure'),
    judgedCount: cell('judged_count'),
    message: String(cell('message')),
    note: typeof note === 'string' ? note : null,
    sessions: verdict === 'failed' ? (cell('sessions') as GateVerdict['sessions']) : [],
  };
}

/** The values that a gate has parameters for: the filters, not what shapes the report. */
function takenBy({ parameters }: Report, values: ReportValues): ReportValues {
  return Object.fromEntries(
    parameters.filter(({ name }) => name !== 'threshold').map(({ name }) => [name, values[name]]),
  );
}
