import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Adapter } from '../model/adapter.ts';
import { createCompanionHash } from './companions.ts';
import type { KnownSource } from './compare.ts';
import { type Discovery, type FoundFile, foundFile, stateOf } from './discover.ts';
import { recogniseFile } from './recognise.ts';

/**
 * Adds the logs that were loaded before and are there, although their first bytes tell no agent now, as those of a damaged database: a
 * known path keeps its agent, so that what is wrong with it is told rather than that it vanished.
 */
export function withStillThere(
  discovery: Discovery,
  { known, adapters }: { readonly known: readonly KnownSource[]; readonly adapters: readonly Adapter[] },
): Discovery {
  const { files, roots } = discovery;
  const present = new Set(files.map(({ path }) => path));
  const added = known
    .filter(
      ({ path }) => !present.has(path) && roots.some((root) => path === root || path.startsWith(`${root}/`)),
    )
    .flatMap((source) => stillThere(source, adapters) ?? []);
  if (added.length === 0) return discovery;
  const paths = new Set(added.map(({ path }) => path));
  return {
    ...discovery,
    files: [...files, ...added],
    unrecognised: discovery.unrecognised.filter(({ path }) => !paths.has(path)),
  };
}

function stillThere(source: KnownSource, adapters: readonly Adapter[]): FoundFile | undefined {
  const { path } = source;
  const adapter = adapters.find(({ id }) => id === source.agent);
  const form = adapter && formOf(source, adapter);
  if (adapter === undefined || form === undefined) return undefined;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    // What is recognised was left out.
    if (stats?.isFile() !== true || recogniseFile(path, adapters) !== undefined) return undefined;
    return foundFile({ path, form, ...stateOf(stats) }, { adapter, hashOf: createCompanionHash() });
  } catch {
    return undefined;
  }
}

/** The form that it was read in, by what is known of it: its format, and where that leaves several, its name. */
function formOf({ path, format }: KnownSource, adapter: Adapter): string | undefined {
  const forms = Object.keys(adapter.forms).filter(
    (form) => adapter.forms[form]?.format === format.replace(/\.zst$/, ''),
  );
  return forms.length === 1 ? forms[0] : forms.find((form) => form === adapter.formOf(basename(path)));
}
