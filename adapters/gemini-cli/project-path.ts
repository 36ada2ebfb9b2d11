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
    registered(posix.join(root, 'projects.json'), project)
  );
}

/** The marker that belongs to a session, whether it is there or not. */
export function markersOf(sessionPath: string): readonly string[] {
  const [, root, project] = IN_CHATS.exec(sessionPath.replaceAll('\\', '/')) ?? [];
  return root === undefined || project === undefined ? [] : [posix.join(root, 'tmp', project, MARKER)];
}

function markerIn(folder: string): string | undefined {
  return textOf(posix.join(folder, MARKER))?.trim() || undefined;
}

function registered(registry: string, project: string): string | undefined {
  const text = textOf(registry);
  if (text === undefined) return undefined;
  try {
    const { projects } = JSON.parse(text) as { readonly projects?: Readonly<Record<string, unknown>> };
    return Object.entries(projects ?? {}).find(
      ([path, name]) => name === project || sha256(path) === project,
    )?.[0];
  } catch {
    return undefined;
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
