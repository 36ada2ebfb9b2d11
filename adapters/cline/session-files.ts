import { posix } from 'node:path';
import { isRecord } from '../../src/model/first-records.ts';
import { smallDocument, textOf } from './task-files.ts';

/** What the manifest beside a session's messages says, and the folder that tells a subagent's session of its parent. */
export function sessionFacts(path: string): Readonly<Record<string, unknown>> {
  const full = path.replaceAll('\\', '/');
  const folder = posix.basename(posix.dirname(full));
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
  const folder = posix.dirname(full);
  const own = full.replace(/(?:\.messages)?\.json$/, '.json');
  return [own, posix.join(folder, `${posix.basename(folder)}.json`)].filter((manifest) => manifest !== full);
}
