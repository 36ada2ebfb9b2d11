import { badHeader } from '../catalog/header.ts';
import type { Report } from '../catalog/report.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { ResultSet } from '../model/result.ts';
import { explainSqlError } from './sql-hints.ts';

/** What an error of DuckDB means for who called a report: a value to correct, a line of one's own file, or a bug of ours. */
export function explainReportError(
  cause: unknown,
  { report, isShipped }: { readonly report: Report; readonly isShipped: boolean },
): unknown {
  if (cause instanceof AgenttraceError) return isShipped ? cause : placed(cause, report);
  const words = (cause instanceof Error ? cause.message : String(cause)).replace(
    /^Failed to extract statements: /,
    '',
  );
  const line = isShipped ? undefined : /^LINE (\d+):/m.exec(words)?.[1];
  const found = line === undefined ? undefined : report.sqlLine + Number(line) - 1;
  const message = found === undefined || line === undefined ? words : renumbered(words, { line, found });
  const place = found === undefined ? report.path : `${report.path}:${found}`;
  if (/^Conversion Error/.test(message) && report.parameters.length > 0) {
    const types = report.parameters.map(({ name, type }) => `${name} (${type})`).join(', ');
    return new AgenttraceError({
      code: 'usage',
      message,
      ...(isShipped ? {} : { source: place }),
      hint: `A value does not fit its parameter. ${report.name} takes ${types}.`,
      cause,
    });
  }
  if (isShipped) return cause;
  const explained = explainSqlError(new AgenttraceError({ code: 'bad_sql', message, cause }));
  const isSealed = /^(Permission Error|Invalid Input Error: .*read-only)/.test(message);
  const hint = isSealed
    ? 'A report reads the warehouse alone, and reaches no file, network or setting.'
    : (explained as AgenttraceError).hint;
  return new AgenttraceError({
    code: 'bad_sql',
    message,
    source: place,
    hint: hint ?? 'agenttrace schema lists the views and their columns.',
    cause,
  });
}

/** DuckDB counts from the statement's first line; the caret stands below the text that follows the number. */
function renumbered(
  message: string,
  { line, found }: { readonly line: string; readonly found: number },
): string {
  const shift = String(found).length - line.length;
  return message.replace(/^LINE \d+:(.*\n)( *)\^/m, (_, text: string, blanks: string) => {
    const moved = shift < 0 ? blanks.slice(-shift) : `${' '.repeat(shift)}${blanks}`;
    return `LINE ${found}:${text}${moved}^`;
  });
}

function placed({ code, message, source, hint, cause }: AgenttraceError, { path }: Report): AgenttraceError {
  return new AgenttraceError({
    code,
    message,
    source: source ?? path,
    ...(hint === undefined ? {} : { hint }),
    cause,
  });
}

/** Throws where the header of one's own report names what the answer does not have. */
export function checkAnswer(report: Report, { columns }: ResultSet): void {
  const names = new Set(columns.map(({ name }) => name));
  const stray = [...report.columns, ...report.sections].find(({ name }) => !names.has(name));
  if (stray === undefined) return;
  throw badHeader(
    report.path,
    stray.line,
    `the answer has no column ${stray.name}. It has ${[...names].join(', ')}.`,
  );
}
