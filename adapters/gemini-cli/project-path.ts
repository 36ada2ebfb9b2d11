import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** The file in which newer versions write the directory that a project's folder stands for. */
export const MARKER = '.project_root';

const IN_CHATS = /^(.*)\/tmp\/([^/]+)\/chats\//;

/**
 * The working directory that a session's folder (`…/tmp/<project>/chats/…`) stands for: as a marker beside it says, as the registry of
 * projects says by the folder's name, or as the registered path whose hash the name is. Undefined where none does.
 */
export function projectPath(sessionPath: string): string | undefined {
  const [, root, project] = IN_CHATS.exec(sessionPath.replaceAll('\\', '/')) ?? [];
  if (root === undefined || project === undefined) return undefined;
  return (
    markerIn(posix.join(root, 'tmp', project)) ??
    markerIn(posix.join(root, 'history', project)) ??
    registered(posix.join(root, 'projects.json')).get(project)
  );
}

/** The files that may tell it, whether they are there or not. */
export function projectFiles(sessionPath: string): readonly string[] {
  const [, root, project] = IN_CHATS.exec(sessionPath.replaceAll('\\', '/')) ?? [];
  if (root === undefined || project === undefined) return [];
  return [
    posix.join(root, 'tmp', project, MARKER),
    posix.join(root, 'history', project, MARKER),
    posix.join(root, 'projects.json'),
  ];
}

function markerIn(folder: string): string | undefined {
  return textOf(posix.join(folder, MARKER))?.trim() || undefined;
}

let latest: { readonly text: string; readonly paths: ReadonlyMap<string, string> } | undefined;

/** Paths by the name and by the hash of their folders. Of all sessions the same file: what was made of its text is kept. */
function registered(registry: string): ReadonlyMap<string, string> {
  const text = textOf(registry) ?? '';
  if (latest?.text === text) return latest.paths;
  const paths = new Map<string, string>();
  for (const [path, name] of Object.entries(projectsIn(text)))
    for (const folder of [String(name), sha256(path)]) if (!paths.has(folder)) paths.set(folder, path);
  latest = { text, paths };
  return paths;
}

function projectsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const { projects } = JSON.parse(text) as { readonly projects?: Readonly<Record<string, unknown>> };
    return projects ?? {};
  } catch {
    return {};
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
