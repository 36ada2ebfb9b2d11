import type { Report } from '../catalog/report.ts';
import type { Cell } from '../model/result.ts';
import type { ReportAnswer } from '../report/run-report.ts';
import type { Connection } from '../warehouse/connection.ts';
import { note } from './note.ts';
import { type OpenedTeam, refuseMissing } from './open-lake.ts';
import type { Invocation } from './spec.ts';

/**
 * Reports that say enough without a view that a lake lacks: the view, the sections or columns that it alone fills, and what that
 * means.
 */
const DONE_WITHOUT: Readonly<Record<string, readonly Lack[]>> = {
  session: [{ view: 'file_changes', fills: ['files'], so: 'files is left out' }],
  diff: [
    {
      view: 'file_changes',
      fills: [],
      so: 'changes are those of editing tools, with files where they were published',
    },
  ],
  explain: [
    {
      view: 'sources',
      fills: ['path'],
      so: 'path is left out; rates and price rows are in the host’s own warehouse',
    },
  ],
};

interface Lack {
  readonly view: string;
  readonly fills: readonly string[];
  readonly so: string;
}

/** Columns of a view that a section needs, where the lake has none of its rows. */
const EMPTY_VIEWS: Readonly<Record<string, string>> = {
  file_changes: `
    select
        cast(null as varchar) as session_id,
        cast(null as varchar) as file_path,
        cast(null as varchar) as operation,
        cast(null as varchar) as tool_call_id,
        cast(null as varchar) as file_change_id,
        cast(null as timestamptz) as occurred_at,
        cast(null as bigint) as added_line_count,
        cast(null as bigint) as removed_line_count
    where false`,
  sources: `
    select
        cast(null as varchar) as source_id,
        cast(null as varchar) as path
    where false`,
};

/** Views that a report cannot do without and a lake does not have. */
export function lackingViews(report: Report, missing: ReadonlySet<string>): readonly string[] {
  const without = (DONE_WITHOUT[report.name] ?? []).map(({ view }) => view);
  return report.dependencies
    .map((name) => name.replace(/^v1\./, ''))
    .filter((view) => missing.has(view) && !without.includes(view));
}

/** Makes a lake ready for a report: refuses one that it cannot answer, and lets one do without what it can. */
export async function prepareTeamReport(
  invocation: Invocation,
  {
    connection,
    team,
    report,
  }: { readonly connection: Connection; readonly team: OpenedTeam; readonly report: Report },
): Promise<void> {
  refuseMissing(team.missing, { name: report.name, views: lackingViews(report, team.missing) });
  for (const { view, so } of DONE_WITHOUT[report.name] ?? []) {
    if (!team.missing.has(view)) continue;
    await connection.execute(`create or replace view v1.${view} as ${EMPTY_VIEWS[view]}`);
    await note(invocation, `hosts do not publish ${view}, so ${so}.`);
  }
}

/** What a lake makes of an answer: its commands name the lake, and what it cannot fill is unknown. */
export function asTeamAnswer(
  answer: ReportAnswer,
  { missing, team }: { readonly missing: ReadonlySet<string>; readonly team: string },
): ReportAnswer {
  const { report, result } = withoutSections(answer, missing);
  const next = result.columns.findIndex(({ name }) => name === 'next');
  if (next < 0) return { report, result };
  const rows = result.rows.map((row) =>
    row.map((cell, index): Cell => (index === next && Array.isArray(cell) ? nextSteps(cell, team) : cell)),
  );
  return { report, result: { columns: result.columns, rows } };
}

/** Commands that go on from a page: over the same lake, but for doctor, which looks at the logs of one machine. */
function nextSteps(steps: readonly Cell[], team: string): readonly Cell[] {
  return steps.flatMap((step): readonly Cell[] => {
    if (step === null || typeof step !== 'object' || !('command' in step)) return [step];
    const command = String(step.command);
    return /^agenttrace (doctor|--demo)/.test(command)
      ? []
      : [{ ...step, command: `${command} --team ${team}` }];
  });
}

/** The answer with unknown in the place of a section that a lake cannot fill: an empty list would say that there is none. */
function withoutSections({ report, result }: ReportAnswer, missing: ReadonlySet<string>): ReportAnswer {
  const names = (DONE_WITHOUT[report.name] ?? [])
    .filter(({ view }) => missing.has(view))
    .flatMap(({ fills }) => fills);
  if (names.length === 0) return { report, result };
  const isLeftOut = result.columns.map(({ name }) => names.includes(name));
  const rows = result.rows.map((row) => row.map((cell, index): Cell => (isLeftOut[index] ? null : cell)));
  return { report, result: { columns: result.columns, rows } };
}
