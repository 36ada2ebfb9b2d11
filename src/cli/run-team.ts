import { resolve } from 'node:path';
import { fleetReports } from '../catalog/contract.ts';
import type { Report } from '../catalog/report.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { Cell, ResultSet } from '../model/result.ts';
import { applySettings, runReport } from '../report/run-report.ts';
import type { DocumentAnswer } from './answer.ts';
import { prepareWarehouse } from './context.ts';
import { chooseFormat } from './format-choice.ts';
import { nearest } from './nearest.ts';
import { openOutputFile } from './output-file.ts';
import { labelsOf } from './report-answer.ts';
import { reportValues } from './report-values.ts';
import { showReport } from './show-report.ts';
import type { Invocation } from './spec.ts';
import { teamFolder } from './team-folder.ts';
import { VERSION } from './version.ts';
import { writeAnswer } from './write-answer.ts';

/** Rows of each report on the page of all. */
const PAGE_ROWS = 8;

/** Runs a report over a lake, or shows the first rows of all of them. */
export async function runTeam(given: Invocation): Promise<void> {
  const team = teamFolder(given, given.options.team);
  const invocation = { ...given, options: { ...given.options, team } };
  const [name] = invocation.operands;
  if (name === undefined) return showAll(invocation, team);
  const report = fleetReports().find((candidate) => candidate.name === name);
  if (report === undefined) throw noSuchReport(name);
  await showReport(invocation, { name, found: { report, origin: 'shipped' } });
}

function noSuchReport(name: string): AgenttraceError {
  const names = fleetReports().map((report) => report.name);
  const near = nearest(name, names);
  return new AgenttraceError({
    code: 'usage',
    message: `There is no report “${name}” over a team.`,
    hint: `${near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `}There are ${names.join(', ')}. Other reports take --team: agenttrace daily --team DIR.`,
  });
}

async function showAll(invocation: Invocation, team: string): Promise<void> {
  const format = chooseFormat(invocation, 'document');
  if (invocation.options.gates.length > 0) {
    throw new AgenttraceError({
      code: 'usage',
      message: 'Gates judge the sessions of one report.',
      hint: 'agenttrace overview --team DIR --fail-on-critical, or agenttrace team people --max-cost 100.',
    });
  }
  const prepared = await prepareWarehouse(invocation);
  try {
    await applySettings(prepared.connection, invocation.options);
    const answers: (readonly [Report, ResultSet])[] = [];
    for (const report of fleetReports()) {
      const has = (name: string): boolean => report.parameters.some((parameter) => parameter.name === name);
      const asked = reportValues(invocation, report);
      const values = Object.fromEntries(Object.entries(asked).filter(([name]) => has(name)));
      const limit =
        has('limit') && values.limit === undefined && format !== 'json' ? { limit: BigInt(PAGE_ROWS) } : {};
      const { result } = await runReport({
        connection: prepared.connection,
        report,
        values: { ...values, ...limit },
      });
      answers.push([report, result]);
    }
    const file = await openOutputFile(invocation, { format, stem: 'team' });
    await writeAnswer(invocation, { answer: pageOf(answers, { invocation, team }), format, file });
  } finally {
    prepared.close();
  }
}

/** Order of the page: who, where, with what, when; then what to look at. */
const ORDER = ['people', 'projects', 'models', 'weeks', 'tools', 'outliers', 'hosts'];

function pageOf(
  answers: readonly (readonly [Report, ResultSet])[],
  { invocation, team }: { readonly invocation: Invocation; readonly team: string },
): DocumentAnswer {
  const sorted = answers.toSorted(([a], [b]) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
  const { runtime, options } = invocation;
  return {
    shape: 'document',
    entries: [
      ['version', VERSION],
      ['schema_version', 'v1'],
      ['generated_at', runtime.now.toISOString()],
      ['timezone', options.timeZone],
      ['lake', resolve(runtime.workingFolder, team)],
      ...sorted.map(([report, result]): readonly [string, Cell] => [report.name, rowObjects(result)]),
    ],
    view: {
      title: 'Team',
      subtitle: `${team} · ${options.timeZone}`,
      sections: sorted
        .filter(([, result]) => result.rows.length > 0)
        .map(([report, result]) => ({
          column: { name: report.name, type: structList(result) },
          title: report.title,
          cell: rowObjects(result),
          labels: labelsOf(report),
        })),
      next: [
        [`agenttrace team people --team ${team} --since 30d`, 'One report, all of its rows.'],
        [`agenttrace overview --team ${team}`, 'The overview, over everyone’s sessions.'],
        [`agenttrace query "from sessions" --team ${team}`, 'Any question, in SQL.'],
      ],
    },
  };
}

const rowObjects = ({ columns, rows }: ResultSet): readonly Cell[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));

const structList = ({ columns }: ResultSet): string =>
  `STRUCT(${columns.map(({ name, type }) => `"${name}" ${type}`).join(', ')})[]`;
