import type { Report } from '../catalog/report.ts';
import { quoteText } from '../catalog/sql-names.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { SqlValue } from '../warehouse/connection.ts';

/** What a report may be asked for, by the name of the parameter that takes it. Absent: not asked for. */
export type ReportValues = Readonly<Record<string, SqlValue | undefined>>;

/**
 * The statement with a value for each `$name`: the one asked for, else the declared default, cast to the type that the report
 * declares. Values stand in it as literals, since DuckDB plans a statement with parameters twice, and planning is half of
 * what most reports take. Throws for a value that the report does not take.
 */
export function bindReport(report: Report, values: ReportValues): string {
  const types = new Map(report.parameters.map(({ name, type }) => [name, type]));
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && !types.has(name)) throw notTaken(report, { name, values });
  }
  const literals = new Map(
    report.parameters.map(({ name, type, default: fallback }) => [
      name,
      `cast(${literal(values[name] === undefined ? fallback : values[name])} as ${type})`,
    ]),
  );
  return report.sql.replace(NAMES, (match, name: string | undefined) => literals.get(name ?? '') ?? match);
}

const literal = (value: SqlValue): string => (typeof value === 'string' ? quoteText(value) : String(value));

/** Comments and literals, which are skipped, or a parameter's name. */
const NAMES = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$([a-z_][a-z0-9_]*)/g;

/** Parameters that flags give. */
export const FLAG_PARAMETERS: readonly string[] = [
  'since',
  'until',
  'agent',
  'model',
  'project',
  'session',
  'limit',
  'content',
  'now',
];

/** Parameters that choose sessions. */
const FILTERS: readonly string[] = ['since', 'until', 'agent', 'model', 'project'];

interface Stray {
  readonly name: string;
  readonly values: ReportValues;
}

function notTaken(report: Report, { name, values }: Stray): AgenttraceError {
  const taken = report.parameters
    .filter((parameter) => parameter.name !== 'now')
    .map((parameter) =>
      FLAG_PARAMETERS.includes(parameter.name) ? `--${parameter.name}` : `--param ${parameter.name}=…`,
    );
  return new AgenttraceError({
    code: 'usage',
    message: FLAG_PARAMETERS.includes(name)
      ? `The report ${report.name} cannot be narrowed by --${name}.`
      : `The report ${report.name} has no parameter ${name}.`,
    hint:
      values.session !== undefined && FILTERS.includes(name)
        ? `It is about the whole of one session. agenttrace sessions --${name} … lists those that match, agenttrace latest --${name} … shows the newest of them.`
        : taken.length === 0
          ? 'It takes no filter.'
          : `It takes ${taken.join(', ')}.`,
  });
}
