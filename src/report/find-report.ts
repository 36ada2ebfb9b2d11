import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedReport, shippedReports } from '../catalog/contract.ts';
import { parseReport, type Report } from '../catalog/report.ts';

/** Every report: the shipped ones and those in the given folders, which win over a shipped one of the same name. */
export function listReports(folders: readonly string[]): readonly Report[] {
  const byName = new Map(shippedReports().map((report) => [report.name, report]));
  for (const report of folders.flatMap(reportsIn)) byName.set(report.name, report);
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One report by its name; undefined where there is none. */
export function findReport(name: string, folders: readonly string[]): Report | undefined {
  const own = folders.map((folder) => join(folder, `${name}.sql`)).findLast((path) => existsSync(path));
  return own === undefined ? shippedReport(name) : parseReport(own, readFileSync(own, 'utf8'));
}

function reportsIn(folder: string): readonly Report[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => parseReport(join(folder, name), readFileSync(join(folder, name), 'utf8')));
}
