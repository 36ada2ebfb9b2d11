import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { isRecord } from '../../src/model/first-records.ts';
import { smallDocument, textOf } from './task-files.ts';

/** What the manifest beside a session's messages says, and the folder that tells a subagent's session of its parent. */
export function sessionFacts(path: string): Readonly<Record<string, unknown>> {
  const full = path.replaceAll('\\', '/');
  const folder = posix.basename(rootFolder(full));
  const file = posix.basename(full).replace(/(?:\.messages)?\.json$/, '');
  const manifest = manifestOf(path).map(smallDocument).find(isRecord);
  return {
    session_id: file,
    folder,
    cwd: textOf(manifest?.cwd) ?? textOf(manifest?.workspace_root),
    provider: textOf(manifest?.provider),
    entrypoint: textOf(manifest?.source),
  };
}

/** The manifest of the file's own session, and of the one in whose folder it stands. */
export function manifestOf(path: string): readonly string[] {
  const full = path.replaceAll('\\', '/');
  const own = full.replace(/(?:\.messages)?\.json$/, '.json');
  return [own, manifestIn(rootFolder(full))].filter((manifest) => manifest !== full);
}

/** The folder of the session at the top: a subagent's file stands in it, in early versions in a folder of its own below it. */
function rootFolder(file: string): string {
  const folder = posix.dirname(file);
  const above = posix.dirname(folder);
  return !existsSync(manifestIn(folder)) && existsSync(manifestIn(above)) ? above : folder;
}

const manifestIn = (folder: string): string => posix.join(folder, `${posix.basename(folder)}.json`);
