/** The fixture home in a warehouse, and what its reports answer, the same on every machine and day. */
import { cpSync, utimesSync } from 'node:fs';
import type { Report } from '../../src/catalog/report.ts';
import type { Answer } from '../../src/cli/answer.ts';
import { reportAnswer } from '../../src/cli/report-answer.ts';
import type { Invocation } from '../../src/cli/spec.ts';
import type { Cell, ResultSet } from '../../src/model/result.ts';
import { isDecimal } from '../../src/model/result.ts';
import type { ReportValues } from '../../src/report/bind-report.ts';
import { applySettings, runReport } from '../../src/report/run-report.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { FIXTURE_HOME, filesBelow, load, temporaryFolder } from '../adapters/load.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const MODIFIED = new Date('2026-11-14T00:00:00Z');

/** Sessions that reports about one are asked for. */
const TROUBLED = 'claude-code:6a87a9dc-6cd5-497a-acab-a1d82d7e371a';
const OTHER = 'codex:01a1ab9d-adc0-7811-a3ad-f8c42aefd657';
const SHORT = 'claude-code:cbc774e4-ead2-4cd5-a56a-07a1b7c74114';

const VALUES: Readonly<Record<string, ReportValues>> = {
  session: { session: TROUBLED },
  explain: { session: SHORT, limit: 12 },
  diff: { a: TROUBLED, b: OTHER },
  'diff-patch': {
    a: TROUBLED,
    patch: JSON.stringify([
      { path: 'src/ledger.ts', added_line_count: 4, removed_line_count: 1, edit_count: 1, is_new: false },
    ]),
  },
  prices: { limit: 12 },
};

export interface GoldenHome {
  readonly answer: (report: Report) => Promise<Answer>;
  readonly invocation: (width: number | null) => Invocation;
  readonly close: () => void;
}

export async function openGoldenHome(): Promise<GoldenHome> {
  const home = temporaryFolder();
  cpSync(FIXTURE_HOME, home, { recursive: true });
  for (const file of filesBelow(home)) utimesSync(file, MODIFIED, MODIFIED);
  const connection = await connect(':memory:', { threads: '1' });
  await load(connection, home);
  await applySettings(connection, { timeZone: 'UTC', costMode: 'auto' });
  const steady = await steadier(connection, home);
  const invocation = (width: number | null): Invocation => invocationAt(width);
  return {
    answer: async (report) => {
      const values = { ...(hasNow(report) ? { now: NOW.toISOString() } : {}), ...VALUES[report.name] };
      const { result } = await runReport({ connection, report, values });
      return reportAnswer({ report, result: steady(result) }, invocation(null));
    },
    invocation,
    close: connection.close,
  };
}

const hasNow = ({ parameters }: Report): boolean => parameters.some(({ name }) => name === 'now');

/** Takes out of a result what the folder of the home and the hour of the load put in. */
async function steadier(connection: Connection, home: string): Promise<(result: ResultSet) => ResultSet> {
  const { rows } = await connection.query('select source_id from v1.sources order by path');
  const ids = new Map(rows.map(([id], index) => [String(id), String(index + 1).padStart(16, '0')]));
  const text = (value: string): string =>
    value.replaceAll(home, '/home/dev').replace(/[0-9a-f]{16}/g, (id) => ids.get(id) ?? id);
  const steady = (cell: Cell, name = ''): Cell => {
    if (/^(first|last)_loaded_at$/.test(name)) return NOW.toISOString();
    if (typeof cell === 'string') return text(cell);
    if (Array.isArray(cell)) return cell.map((item: Cell) => steady(item));
    if (typeof cell !== 'object' || cell === null || isDecimal(cell)) return cell;
    return Object.fromEntries(Object.entries(cell).map(([key, item]) => [key, steady(item, key)]));
  };
  return ({ columns, rows: all, ...rest }) => ({
    ...rest,
    columns,
    rows: all.map((row) => row.map((cell, index) => steady(cell, columns[index]?.name))),
  });
}

/** What the renderers ask of a call of the program: the terminal, the clock, and no option. */
function invocationAt(width: number | null): Invocation {
  const options = { timeZone: 'UTC', hasColor: false };
  const runtime = { now: NOW, stdout: { isTerminal: width !== null, columnCount: width, rowCount: null } };
  return { runtime, options, operands: [] } as unknown as Invocation;
}
