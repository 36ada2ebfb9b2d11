import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Whose report it is: `given` by the caller's own folder or file, the person's `own`, `shipped` with the program, or of the
 * `project` in which it was called.
 */
export type ReportOrigin = 'given' | 'own' | 'shipped' | 'project';

/** Where reports are looked for by name. Of several that have a name, the first wins. */
export interface ReportPlace {
  readonly origin: ReportOrigin;
  /** Folder of .sql files; null for the shipped ones, which are part of the program. */
  readonly folder: string | null;
  /** Folder that its files must not lie outside of, where someone else may have put them there. */
  readonly within?: string;
}

export const SHIPPED: ReportPlace = { origin: 'shipped', folder: null };

export interface PlacesInput {
  /** Folders named by the caller, the first first. */
  readonly given?: readonly string[];
  /** Folder of the person's own reports. */
  readonly own?: string;
  /** Folder whose project may have reports: the nearest `.agenttrace/reports` of it and its parents. */
  readonly workingFolder?: string;
}

/**
 * The places in their order. A project comes last, since whoever can write to a repository may put a file there: it can
 * add reports, and never take the place of one that the reader knows.
 */
export function reportPlaces({ given = [], own, workingFolder }: PlacesInput): readonly ReportPlace[] {
  const project = workingFolder === undefined ? undefined : projectFolder(workingFolder);
  return [
    ...given.map((folder) => ({ origin: 'given', folder }) as const),
    ...(own === undefined ? [] : [{ origin: 'own', folder: own } as const]),
    SHIPPED,
    ...(project === undefined
      ? []
      : [{ origin: 'project', folder: join(project, '.agenttrace', 'reports'), within: project } as const]),
  ];
}

function projectFolder(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const reports = join(folder, '.agenttrace', 'reports');
    if (statSync(reports, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
