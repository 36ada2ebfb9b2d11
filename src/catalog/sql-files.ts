import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The .sql files that the program is made of, by their path from the project's root.
 *
 * From source they are read from disk; the build replaces this module by one that finds them all in one file of texts
 * (scripts/build.mjs).
 */
export function readSqlFiles(): ReadonlyMap<string, string> {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const files = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (/\.(sql|csv)$/.test(entry.name)) files.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  for (const folder of ['adapters', 'migrations', 'sql']) walk(folder);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

let cached: ReadonlyMap<string, string> | undefined;

/** Text of one file, by its path from the project's root. */
export function sqlFile(path: string): string {
  cached ??= readSqlFiles();
  const text = cached.get(path);
  if (text === undefined) throw new Error(`no SQL file ${path}`);
  return text;
}

/** Paths below a folder, in name order. */
export function sqlFilesBelow(folder: string): readonly string[] {
  cached ??= readSqlFiles();
  return [...cached.keys()].filter((path) => path.startsWith(`${folder}/`));
}
