import { type Dirent, existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Adapter, Surroundings } from '../model/adapter.ts';
import { type CompanionHash, createCompanionHash } from './companions.ts';
import { recogniseFile } from './recognise.ts';

/** A log on disk, as a stat sees it. */
export interface FoundFile {
  readonly path: string;
  readonly adapter: Adapter;
  /** One of the adapter's forms. */
  readonly form: string;
  readonly sizeBytes: number;
  /** Nanoseconds since 1970, as exact as the platform's clock. */
  readonly modifiedNs: bigint;
  /** Of the neighbours that belong to it; null where the form has none. */
  readonly companionHash: bigint | null;
}

export interface FoundPlace {
  readonly adapter: Adapter;
  readonly path: string;
  readonly exists: boolean;
  readonly fileCount: number;
  readonly expiresAfterDays?: number;
}

export interface Unreadable {
  readonly path: string;
  readonly message: string;
}

export interface Unrecognised {
  readonly path: string;
  /** Display names of the agents whose form it was held against. */
  readonly tried: readonly string[];
}

export interface Discovery {
  readonly files: readonly FoundFile[];
  readonly places: readonly FoundPlace[];
  /** Folders that were looked through; a known log below one of them that is not among the files has vanished. */
  readonly roots: readonly string[];
  readonly unreadable: readonly Unreadable[];
  readonly unrecognised: readonly Unrecognised[];
}

/** Looks through the known places of every agent. Nothing is opened: a place and a name tell what a file is. */
export function discoverHome(adapters: readonly Adapter[], surroundings: Surroundings): Discovery {
  const files = new Map<string, FoundFile>();
  const places: FoundPlace[] = [];
  const roots: string[] = [];
  const unreadable: Unreadable[] = [];
  const seen = new Set<string>();
  const hashOf = createCompanionHash();
  for (const adapter of adapters) {
    for (const place of adapter.places(surroundings)) {
      const real = realPath(place.path);
      const isNew = real !== undefined && !seen.has(real);
      let fileCount = 0;
      if (real === undefined) roots.push(place.path);
      if (isNew) {
        seen.add(real);
        roots.push(place.path);
        const formOf = (path: string): string | undefined => adapter.formOf(relative(path, place.path));
        const entersFolder = (path: string): boolean => place.enters?.(relative(path, place.path)) ?? true;
        for (const found of preferred(walk(place.path, { unreadable, formOf, entersFolder }), adapter)) {
          files.set(found.path, foundFile(found, { adapter, hashOf }));
          fileCount += 1;
        }
      }
      const { path, expiresAfterDays } = place;
      places.push({
        adapter,
        path,
        exists: real !== undefined,
        fileCount,
        ...(expiresAfterDays === undefined ? {} : { expiresAfterDays }),
      });
    }
  }
  return { files: dropCopies([...files.values()]), places, roots, unreadable, unrecognised: [] };
}

/** Looks at the named files, and at everything below the named folders; what a file is, its first bytes tell. */
export function discoverPaths(adapters: readonly Adapter[], paths: readonly string[]): Discovery {
  const files = new Map<string, FoundFile>();
  const places: FoundPlace[] = [];
  const unreadable: Unreadable[] = [];
  const unrecognised: Unrecognised[] = [];
  const hashOf = createCompanionHash();
  const copies = new Map<string, string>();
  /** Where a file is left out, as in the places of its agent; where it is the better copy, the other one is. */
  const isLeftOut = (path: string, adapter: Adapter): boolean => {
    if (adapter.ignores?.(path.replaceAll('\\', '/')) === true) return true;
    if (adapter.duplicateKey === undefined) return false;
    // Outside of its places a person may have given the same name to several: they are one where they stand together.
    const name = adapter.duplicateKey(path);
    const key = `${adapter.id} ${path.slice(0, path.lastIndexOf(name))}${name}`;
    const other = copies.get(key);
    if (other !== undefined && (!isCompressed(other) || isCompressed(path))) return true;
    if (other !== undefined) files.delete(other);
    copies.set(key, path);
    return false;
  };
  const take = (found: Omit<Walked, 'form'>, isNamed: boolean): void => {
    const { path, sizeBytes } = found;
    if (files.has(path)) return;
    try {
      const recognised = recogniseFile(path, adapters);
      if (recognised !== undefined) {
        const { adapter, form } = recognised;
        if (isNamed || !isLeftOut(path, adapter))
          files.set(path, foundFile({ ...found, form }, { adapter, hashOf }));
      } else if (isNamed || (sizeBytes > 0 && !MANY_THINGS.test(path))) {
        unrecognised.push({ path, tried: adapters.map(({ displayName }) => displayName) });
      }
    } catch (error) {
      unreadable.push({ path, message: messageOf(error) });
    }
  };
  const foundBelow: { readonly path: string; readonly found: readonly FoundFile[] }[] = [];
  for (const named of paths) {
    const path = resolve(named);
    const countBefore = files.size;
    const stats = statOf(path);
    if ('message' in stats) unreadable.push(stats);
    else if (stats.isDirectory())
      for (const found of walk(path, { unreadable, formOf: unknownForm, entersFolder: mayHoldLogs }))
        take(found, false);
    else if (stats.isFile()) take({ path, ...stateOf(stats) }, true);
    else unreadable.push({ path, message: 'is neither a file nor a folder' });
    foundBelow.push({ path, found: [...files.values()].slice(countBefore) });
  }
  for (const adapter of adapters) {
    for (const { path, found } of foundBelow) {
      const fileCount = found.filter((file) => file.adapter === adapter).length;
      if (fileCount > 0) places.push({ adapter, path, exists: true, fileCount });
    }
  }
  return {
    files: [...files.values()],
    places,
    roots: paths.map((path) => resolve(path)),
    unreadable,
    unrecognised,
  };
}

/** Of a path that was given: what there is, or why that cannot be said. */
function statOf(path: string): Stats | Unreadable {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? { path, message: 'no such file or folder' };
  } catch (error) {
    return { path, message: messageOf(error) };
  }
}

/** Names under which logs, exports and databases go; what they are, their first bytes tell. */
const mayBeLog = (path: string): boolean =>
  /\.(?:jsonl|json|ndjson|log|txt|md|csv|sse|zst|db|sqlite3?|vscdb)$|\.jsonl\.[^/]*$|^[^.]+$/.test(
    basename(path),
  );

const unknownForm = (path: string): string | undefined => (mayBeLog(path) ? '' : undefined);

const mayHoldLogs = (path: string): boolean => !/[\\/](?:node_modules|\.git)$/.test(path);

/** Files of these names are mostly something else: that one in a folder is no log is not worth a word. */
const MANY_THINGS = /\.(?:json|md|txt|csv|log|db)$/;

export function foundFile(
  { path, form, sizeBytes, modifiedNs }: Walked,
  { adapter, hashOf }: { readonly adapter: Adapter; readonly hashOf: CompanionHash },
): FoundFile {
  return {
    path,
    adapter,
    form,
    sizeBytes,
    modifiedNs,
    companionHash: hashOf(adapter.forms[form], path),
  };
}

type Walked = Pick<FoundFile, 'path' | 'form' | 'sizeBytes' | 'modifiedNs'>;

/** What is kept of a stat: as it is, it would take more room than all the rest. */
export const stateOf = ({ size, mtimeMs }: Stats): Pick<FoundFile, 'sizeBytes' | 'modifiedNs'> => ({
  sizeBytes: size,
  modifiedNs: BigInt(Math.round(mtimeMs * 1000)) * 1000n,
});

interface WalkOptions {
  readonly unreadable: Unreadable[];
  /** Undefined for a file that is not wanted. */
  readonly formOf: (path: string) => string | undefined;
  readonly entersFolder: (path: string) => boolean;
}

/** The wanted files below a folder, links followed once; of a file, itself. */
function walk(root: string, { unreadable, formOf, entersFolder }: WalkOptions): readonly Walked[] {
  const files: Walked[] = [];
  const entered = new Set<string>();
  const visit = (folder: string): void => {
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      unreadable.push({ path: folder, message: messageOf(error) });
      return;
    }
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entersFolder(path)) visit(path);
      } else if (entry.isFile()) take(path);
      else if (entry.isSymbolicLink()) follow(path);
    }
  };
  const take = (path: string, known?: Stats): void => {
    const form = formOf(path);
    if (form === undefined) return;
    try {
      const stats = known ?? statSync(path, { throwIfNoEntry: false });
      if (stats !== undefined) files.push({ path, form, ...stateOf(stats) });
    } catch (error) {
      unreadable.push({ path, message: messageOf(error) });
    }
  };
  const follow = (path: string): void => {
    try {
      const stats = statSync(path);
      if (stats.isFile()) {
        take(path, stats);
      } else if (stats.isDirectory() && entersFolder(path)) {
        const real = realpathSync(path);
        if (entered.has(real) || isInside(path, real)) return;
        entered.add(real);
        visit(path);
      }
    } catch {
      unreadable.push({ path, message: 'is a link to nothing' });
    }
  };
  const top = root.replace(/[\\/]+$/, '') || root;
  if (statSync(top, { throwIfNoEntry: false })?.isFile()) take(top);
  else visit(top);
  return files;
}

/** A link to a folder that it stands in would lead round in a circle. */
const isInside = (path: string, folder: string): boolean => realpathSync(join(path, '..')).startsWith(folder);

const isCompressed = (path: string): boolean => path.endsWith('.zst');

/** Of files that hold one transcript, the first in the adapter's order of places; plain before compressed. */
function preferred(found: readonly Walked[], adapter: Adapter): readonly Walked[] {
  const { duplicateKey } = adapter;
  if (duplicateKey === undefined) return found;
  const kept = new Map<string, Walked>();
  for (const file of found) {
    const key = duplicateKey(file.path);
    const other = kept.get(key);
    if (other === undefined || (isCompressed(other.path) && !isCompressed(file.path))) kept.set(key, file);
  }
  return [...kept.values()];
}

/** The same transcript in two places of one agent (live and archived): the earlier place wins. */
function dropCopies(files: readonly FoundFile[]): readonly FoundFile[] {
  const kept = new Map<Adapter, Set<string>>();
  return files.filter(({ adapter, path }) => {
    if (adapter.duplicateKey === undefined) return true;
    const keys = kept.get(adapter) ?? new Set();
    kept.set(adapter, keys);
    return keys.size < keys.add(adapter.duplicateKey(path)).size;
  });
}

/** Of a place that is a file, the file's name. */
const relative = (path: string, root: string): string =>
  path === root ? basename(path) : path.slice(root.length + 1).replaceAll('\\', '/');

/** Undefined where there is nothing, as at most places: to ask for that first costs a tenth. */
function realPath(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The system's words for what went wrong, without the path that they repeat. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/, [a-z]+ '.*'$/, '');
}
