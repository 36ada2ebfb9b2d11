import type { Report } from '../catalog/report.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { SqlValue } from '../warehouse/connection.ts';

/** What a report may be asked for, by the name of the parameter that takes it. Absent: not asked for. */
export type ReportValues = Readonly<Record<string, SqlValue | undefined>>;

export interface BoundReport {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, SqlValue>>;
}

/**
 * The statement with each `$name` cast to the type that the report declares, and a value for each: the one asked for,
 * else the declared default. Throws for a value that the report does not take.
 */
export function bindReport(report: Report, values: ReportValues): BoundReport {
  const types = new Map(report.parameters.map(({ name, type }) => [name, type]));
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && !types.has(name)) throw notTaken(report, name);
  }
  const parameters = Object.fromEntries(
    report.parameters.map(({ name, default: fallback }) => [
      name,
      values[name] === undefined ? fallback : values[name],
    ]),
  );
  const sql = report.sql.replace(NAMES, (match, name: string | undefined) => {
    const type = name === undefined ? undefined : types.get(name);
    return type === undefined ? match : `cast(${match} as ${type})`;
  });
  return { sql, parameters };
}

/** Comments and literals, which are skipped, or a parameter's name. */
const NAMES = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$([a-z_][a-z0-9_]*)/g;

function notTaken(report: Report, name: string): AgenttraceError {
  const taken = report.parameters.map((parameter) => `--${parameter.name.replaceAll('_', '-')}`);
  return new AgenttraceError({
    code: 'usage',
    message: `The report ${report.name} cannot be narrowed by --${name.replaceAll('_', '-')}.`,
    hint: taken.length === 0 ? 'It takes no filter.' : `It takes ${taken.join(', ')}.`,
  });
}
