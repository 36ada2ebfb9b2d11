import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { type FoundReport, findReport, listReports } from '../report/find-report.ts';
import { readReport } from '../report/read-report.ts';
import { type ReportPlace, reportPlaces } from '../report/report-places.ts';
import { nearest } from './nearest.ts';
import { note } from './note.ts';
import { configFolder } from './places.ts';
import type { Invocation } from './spec.ts';

/** Folder of the person's own reports. */
export const ownReports = ({ runtime }: Invocation): string => join(configFolder(runtime), 'reports');

/** Where `report` looks for a name: the folders of `--reports`, one's own, the shipped ones, the project's. */
export function allReportPlaces(invocation: Invocation): readonly ReportPlace[] {
  const { runtime, options } = invocation;
  const given = options.reportFolders.map((folder) => resolve(runtime.workingFolder, folder));
  const missing = given.find((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true);
  if (missing !== undefined) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'There is no such folder of reports.',
      source: missing,
      hint: 'agenttrace report lists the reports and where they are.',
    });
  }
  return reportPlaces({ given, own: ownReports(invocation), workingFolder: runtime.workingFolder });
}

/** The report of `report NAME`, or of `report FILE.sql`; says which one it is where the name has several. */
export async function chooseReport(invocation: Invocation, name: string): Promise<FoundReport> {
  const { workingFolder } = invocation.runtime;
  if (isPath(name)) return { report: readReport(resolve(workingFolder, name)), origin: 'given' };
  const places = allReportPlaces(invocation);
  const found = findReport(name, places);
  if (found === undefined) throw noSuchReport(name, places);
  const project = places.find(({ origin }) => origin === 'project')?.folder ?? null;
  const hidden = project === null ? undefined : join(project, `${name}.sql`);
  if (found.origin !== 'project' && hidden !== undefined && existsSync(hidden)) {
    await note(
      invocation,
      `The ${name}.sql of this project is not used, since a project replaces no report. agenttrace report ${hidden} runs it.`,
    );
  }
  return found;
}

/** The report of a command of its own, such as `daily`: the shipped one, or one's own in its place, which is said. */
export async function chooseShipped(invocation: Invocation, name: string): Promise<FoundReport> {
  const places = reportPlaces({ own: ownReports(invocation) });
  const found = findReport(name, places);
  if (found === undefined) throw noSuchReport(name, places);
  if (found.origin === 'own') await note(invocation, `This is your own report ${found.report.path}.`);
  return found;
}

const isPath = (name: string): boolean => /[\\/]|\.sql$/i.test(name);

export function noSuchReport(name: string, places: readonly ReportPlace[]): AgenttraceError {
  const near = nearest(
    name,
    listReports(places).map((listed) => listed.name),
  );
  return new AgenttraceError({
    code: 'usage',
    message: `There is no report “${name}”.`,
    hint: `${near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `}agenttrace report lists them all.`,
  });
}
