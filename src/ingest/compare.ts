import { sourceFingerprint } from '../project/project.ts';
import { isInAdded } from './added-text.ts';
import { toldHash } from './companions.ts';
import type { FoundFile } from './discover.ts';

/** What the warehouse knows of a source from the last load. */
export interface KnownSource {
  readonly sourceNo: number;
  readonly path: string;
  readonly agent: string;
  readonly format: string;
  readonly adapterVersion: number;
  readonly sizeBytes: number;
  readonly modifiedNs: bigint;
  readonly parsedBytes: number;
  readonly lineCount: number;
  readonly headHash: bigint;
  readonly anchorHash: bigint;
  readonly companionHash: bigint | null;
  /** What its neighbours said of it. */
  readonly toldHash: bigint | null;
  /** Where its reader goes on. */
  readonly readMark: string | null;
  readonly isVanished: boolean;
  /** Whether the last load could not read it whole, for a reason that may pass. */
  readonly hasError: boolean;
}

export type ChangeKind = 'new' | 'grown' | 'rewritten' | 'returned';

export interface Change {
  readonly kind: ChangeKind;
  readonly file: FoundFile;
  readonly known?: KnownSource;
}

export interface Comparison {
  readonly changes: readonly Change[];
  readonly unchangedCount: number;
  readonly vanished: readonly KnownSource[];
  /** Unchanged sources whose neighbours were written, and say of them what they said. */
  readonly restamped: readonly Restamped[];
}

export interface Restamped {
  readonly sourceNo: number;
  readonly companionHash: bigint | null;
}

/** Holds what is on disk against what was loaded. An unchanged file costs no more than the stat it came with. */
export function compareSources(
  found: readonly FoundFile[],
  known: readonly KnownSource[],
  roots: readonly string[],
): Comparison {
  const byPath = new Map(known.map((source) => [source.path, source]));
  const present = new Set<string>();
  const changes: Change[] = [];
  const restamped: Restamped[] = [];
  let unchangedCount = 0;
  for (const file of found) {
    present.add(file.path);
    const source = byPath.get(file.path);
    const kind = source === undefined ? 'new' : changeOf(file, source);
    if (kind === undefined) unchangedCount += 1;
    else changes.push({ kind, file, ...(source === undefined ? {} : { known: source }) });
    if (kind === undefined && source !== undefined && file.companionHash !== source.companionHash)
      restamped.push({ sourceNo: source.sourceNo, companionHash: file.companionHash });
  }
  const vanished = known.filter(
    ({ path, isVanished }) =>
      !isVanished && !present.has(path) && roots.some((root) => path.startsWith(`${root}/`) || path === root),
  );
  return { changes, unchangedCount, vanished, restamped };
}

function changeOf(file: FoundFile, known: KnownSource): ChangeKind | undefined {
  if (file.adapter.id !== known.agent || file.adapter.version !== known.adapterVersion) return 'rewritten';
  const form = file.adapter.forms[file.form];
  const isStampSame = file.companionHash === known.companionHash;
  if (!isStampSame && saysOtherwise(file, known)) return 'rewritten';
  const areCompanionsSame = isStampSame || form?.companions === undefined;
  const isFileSame = file.sizeBytes === known.sizeBytes && file.modifiedNs === known.modifiedNs;
  if (isFileSame && areCompanionsSame && !known.hasError) return known.isVanished ? 'returned' : undefined;
  if (known.hasError) return 'rewritten';
  // What was written and made no file longer was written in its middle: of a text, where no hash of its ends shows it.
  const isLengthSame = file.sizeBytes === known.sizeBytes && file.modifiedNs !== known.modifiedNs;
  if (isLengthSame && form?.format !== 'sqlite') return 'rewritten';
  if (form?.read !== undefined)
    return form.isIncremental === true && known.readMark !== null ? 'grown' : 'rewritten';
  if (!areCompanionsSame || file.path.endsWith('.zst') || file.sizeBytes < known.parsedBytes)
    return 'rewritten';
  const now = sourceFingerprint(file.path, known.parsedBytes);
  const isContinued =
    now !== undefined && now.headHash === known.headHash && now.anchorHash === known.anchorHash;
  if (!isContinued) return 'rewritten';
  const added = { path: file.path, from: known.parsedBytes, to: file.sizeBytes };
  return form?.wholeFor !== undefined && isInAdded(added, form.wholeFor) ? 'rewritten' : 'grown';
}

/** Neighbours that say nothing at the moment take nothing back. */
function saysOtherwise({ adapter, form, path }: FoundFile, known: KnownSource): boolean {
  const told = toldHash(adapter.forms[form], path);
  return told !== null && told !== known.toldHash;
}
