import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { shippedReport, shippedReports } from '../catalog/contract.ts';
import type { Report } from '../catalog/report.ts';
import { AgenttraceError } from '../model/errors.ts';
import { readReport } from './read-report.ts';
import type { ReportOrigin, ReportPlace } from './report-places.ts';

export interface FoundReport {
  readonly report: Report;
  readonly origin: ReportOrigin;
}

/** A report as a list shows it; one whose file cannot be used says why. */
export interface ListedReport {
  readonly name: string;
  readonly origin: ReportOrigin;
  /** The file; null for a shipped one. */
  readonly path: string | null;
  readonly report: Report | null;
  readonly error: AgenttraceError | null;
  /** Whether another of its name comes first, so that it runs by its path alone. */
  readonly isHidden: boolean;
}

/** The report of a name: of the places that have it, the first. Undefined where none has. */
export function findReport(name: string, places: readonly ReportPlace[]): FoundReport | undefined {
  for (const { origin, folder, within } of places) {
    if (folder === null) {
      const report = shippedReport(name);
      if (report !== undefined) return { report, origin };
    } else if (isName(name) && existsSync(join(folder, `${name}.sql`))) {
      return { report: readReport(join(folder, `${name}.sql`), within), origin };
    }
  }
  return undefined;
}

/** Every report of the places, in name order, those of one name in the order in which they win. */
export function listReports(places: readonly ReportPlace[]): readonly ListedReport[] {
  const seen = new Set<string>();
  return places
    .flatMap((place) => (place.folder === null ? shippedList() : listFolder(place, place.folder)))
    .map((listed) => {
      const isHidden = seen.has(listed.name);
      seen.add(listed.name);
      return { ...listed, isHidden };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

type Unplaced = Omit<ListedReport, 'isHidden'>;

const shippedList = (): readonly Unplaced[] =>
  shippedReports().map((report) => ({
    name: report.name,
    origin: 'shipped',
    path: null,
    report,
    error: null,
  }));

function listFolder({ origin, within }: ReportPlace, folder: string): readonly Unplaced[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const path = join(folder, file);
      const listed = { name: file.slice(0, -'.sql'.length), origin, path };
      try {
        return { ...listed, report: readReport(path, within), error: null };
      } catch (error) {
        if (!(error instanceof AgenttraceError)) throw error;
        return { ...listed, report: null, error };
      }
    });
}

/** A name and no path: what is outside of a place is not in it. */
const isName = (name: string): boolean => !/[\\/]/.test(name);
