import { AgenttraceError, type ErrorCode } from '../model/errors.ts';
import type { Cell } from '../model/result.ts';
import { cleanText } from '../render/clean-text.ts';
import { groupDigits } from '../render/format-number.ts';
import { uniqueNames } from '../render/json.ts';
import { renderTable } from '../render/table.ts';
import { padEnd, textWidth } from '../render/width.ts';
import type { GateVerdict } from './gate-verdict.ts';
import type { Invocation } from './spec.ts';

/** Rows and sessions that are listed for people; JSON has all. */
const LISTED = 20;

/**
 * What a gate that failed, or one that had nothing to judge, ends the program with; undefined where all hold.
 *
 * All gates are in it. A gate that failed goes before SQL that could not be run, and that before missing data.
 */
export function gateError(
  verdicts: readonly GateVerdict[],
  invocation: Invocation,
): AgenttraceError | undefined {
  const failed = verdicts.filter(({ verdict }) => verdict === 'failed');
  const unknown = verdicts.filter(({ verdict }) => verdict === 'unknown');
  if (failed.length + unknown.length === 0) return undefined;
  const { code, message, hint } = summary(verdicts);
  return new AgenttraceError({
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    details: {
      text: [...failed, ...unknown].map((verdict) => verdictText(verdict, invocation)).join(''),
      facts: { gates: verdicts.map(verdictFacts) },
    },
  });
}

function summary(verdicts: readonly GateVerdict[]): {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
} {
  const count = (wanted: string): number => verdicts.filter(({ verdict }) => verdict === wanted).length;
  const whole = verdicts.length === 1 ? 'The gate' : `${count('failed')} of ${verdicts.length} gates`;
  if (count('failed') > 0) return { code: 'gate', message: `${whole} did not hold.` };
  const broken = verdicts.find(({ error }) => error !== undefined)?.error;
  if (broken !== undefined) {
    return {
      code: broken.code,
      message: 'The SQL of a gate could not be run.',
      ...(broken.hint === undefined ? {} : { hint: broken.hint }),
    };
  }
  return {
    code: 'no_input',
    message: `${count('unknown') === 1 ? 'A gate' : `${count('unknown')} gates`} had nothing to judge: no data is not a pass.`,
    hint: 'agenttrace sessions lists what was found, with its health; agenttrace doctor shows where logs are looked for.',
  };
}

function verdictText(verdict: GateVerdict, invocation: Invocation): string {
  const { gate, message, note, sessions, rows } = verdict;
  const isFailed = verdict.verdict === 'failed';
  const flag = gate.name === 'fail-on-sql' || gate.threshold === null ? '' : ` ${gate.threshold}`;
  const word = isFailed ? 'failed' : verdict.error === undefined ? 'without data' : 'not judged';
  const head = `Gate ${word}: ${message} (--${gate.name}${flag})\n`;
  const most = invocation.options.limit ?? LISTED;
  const listed = sessions.slice(0, most).map(sessionCells);
  const widths = [0, 1].map((index) => Math.max(0, ...listed.map((cells) => textWidth(cells[index] ?? ''))));
  const lines = listed.map(([id = '', project = '', why = '']) =>
    `  ${padEnd(id, widths[0] ?? 0)}  ${padEnd(project, widths[1] ?? 0)}  ${why}`.trimEnd(),
  );
  return [
    head,
    ...lines.map((line) => `${line}\n`),
    left(sessions.length - listed.length, 'session'),
    isFailed && rows !== undefined ? rowsText(rows, invocation) : '',
    note === null ? '' : `  note: ${note}\n`,
  ].join('');
}

const sessionCells = ({ session_id: id, project, why }: GateVerdict['sessions'][number]): readonly string[] =>
  [id, project, why].map((cell) => (typeof cell === 'string' ? cleanText(cell) : '–'));

function rowsText(rows: NonNullable<GateVerdict['rows']>, { runtime, options }: Invocation): string {
  const most = options.limit ?? LISTED;
  const table = renderTable(
    {
      columns: rows.columns,
      rows: rows.rows.slice(0, most),
      labels: new Map(rows.columns.map(({ name }) => [name, name])),
      emptyText: null,
    },
    {
      timeZone: options.timeZone,
      isPrecise: true,
      isCompact: false,
      width: runtime.stderr.columnCount,
      hasColor: false,
    },
  );
  return table.replace(/^(?=.)/gm, '  ') + left(rows.rows.length - most, 'row');
}

const left = (count: number, what: string): string =>
  count > 0
    ? `  … and ${groupDigits(String(count))} more ${what}${count === 1 ? '' : 's'}; --limit N or -f json shows them\n`
    : '';

function verdictFacts({ gate, rows, ...verdict }: GateVerdict): Cell {
  const names = rows === undefined ? [] : uniqueNames(rows.columns);
  return {
    gate: gate.name,
    verdict: verdict.verdict,
    threshold: gate.name === 'fail-on-sql' ? gate.threshold : numberCell(gate.threshold),
    figure: verdict.figure,
    judged_count: verdict.judgedCount,
    message: verdict.message,
    note: verdict.note,
    sessions: verdict.sessions,
    ...(rows === undefined
      ? {}
      : {
          rows: rows.rows.map((row) =>
            Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])),
          ),
        }),
  };
}

const numberCell = (text: string | null): Cell => (text === null ? null : { decimal: String(Number(text)) });
