import type { ScanOutcome } from '../project/project.ts';
import type { Comparison } from './compare.ts';
import type { Discovery, Unreadable, Unrecognised } from './discover.ts';

/** What a refresh found, read and rejected. */
export interface RefreshSummary {
  readonly sourceCount: number;
  readonly unchangedCount: number;
  readonly newCount: number;
  readonly grownCount: number;
  readonly rewrittenCount: number;
  readonly vanishedCount: number;
  readonly unreadable: readonly Unreadable[];
  readonly unrecognised: readonly Unrecognised[];
  readonly bytesRead: number;
  readonly rejectCount: number;
  /** Logs left for the next refresh. */
  readonly notLoadedCount: number;
  readonly byAgent: readonly AgentSummary[];
  readonly places: readonly PlaceSummary[];
}

export interface AgentSummary {
  readonly agent: string;
  readonly displayName: string;
  readonly sourceCount: number;
  readonly bytesRead: number;
}

export interface PlaceSummary {
  readonly agent: string;
  readonly displayName: string;
  readonly path: string;
  readonly exists: boolean;
  readonly fileCount: number;
  /** Days after which the agent deletes its logs, where it does. */
  readonly expiresAfterDays?: number;
}

/** What became of one log. */
export interface LoadedSource extends ScanOutcome {
  readonly path: string;
}

interface Findings {
  readonly discovery: Discovery;
  readonly comparison: Comparison & { readonly notLoadedCount: number };
  readonly outcomes: readonly LoadedSource[];
}

export function summarise({ discovery, comparison, outcomes }: Findings): RefreshSummary {
  const { files, places, unreadable, unrecognised } = discovery;
  const { changes, unchangedCount, vanished, notLoadedCount } = comparison;
  const count = (kind: string): number => changes.filter((change) => change.kind === kind).length;
  const paths = new Map(changes.map(({ file }) => [file.path, file]));
  const failed = outcomes.flatMap(({ error, path }) =>
    error === undefined ? [] : [{ path, message: error.message }],
  );
  const agents = new Map<string, AgentSummary>();
  for (const { adapter, path, sizeBytes } of files) {
    const before = agents.get(adapter.id);
    agents.set(adapter.id, {
      agent: adapter.id,
      displayName: adapter.displayName,
      sourceCount: (before?.sourceCount ?? 0) + 1,
      bytesRead: (before?.bytesRead ?? 0) + (paths.has(path) ? sizeBytes : 0),
    });
  }
  return {
    sourceCount: files.length,
    unchangedCount: unchangedCount + count('returned'),
    newCount: count('new'),
    grownCount: count('grown'),
    rewrittenCount: count('rewritten'),
    vanishedCount: vanished.length,
    unreadable: [...unreadable, ...failed],
    unrecognised,
    bytesRead: outcomes.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    rejectCount: outcomes.reduce((sum, { rejectCount }) => sum + rejectCount, 0),
    notLoadedCount,
    byAgent: [...agents.values()],
    places: places.map(({ adapter, path, exists, fileCount, expiresAfterDays }) => ({
      agent: adapter.id,
      displayName: adapter.displayName,
      path,
      exists,
      fileCount,
      ...(expiresAfterDays === undefined ? {} : { expiresAfterDays }),
    })),
  };
}
