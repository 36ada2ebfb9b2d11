import type { Report } from '../catalog/report.ts';
import type { ReportValues } from '../report/bind-report.ts';
import type { SqlValue } from '../warehouse/connection.ts';
import type { Invocation } from './spec.ts';

/**
 * What the options ask of a report, by the names of its parameters. `--content` and `--limit` are taken where they
 * mean something and do no harm elsewhere; any other filter that the report lacks is an error there.
 */
export function reportValues({ options, runtime }: Invocation, report: Report): ReportValues {
  const has = (name: string): boolean => report.parameters.some((parameter) => parameter.name === name);
  const given: Record<string, SqlValue | undefined> = {
    since: options.since?.toISOString(),
    until: options.until?.toISOString(),
    agent: options.agent,
    model: options.model,
    project: options.project,
    session: options.session,
    limit: options.limit === undefined ? undefined : BigInt(options.limit),
    ...options.parameters,
  };
  if (has('content')) given.content = options.hasContent;
  if (has('now')) given.now = runtime.now.toISOString();
  return given;
}
