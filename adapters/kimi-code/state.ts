import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { isRecord } from '../../src/model/first-records.ts';

/** What the session's `state.json` says of it, and of the agent whose wire this is. */
export function contextOf(path: string): Readonly<Record<string, unknown>> | undefined {
  const folder = folderOf(path);
  const state = parsed(statePath(path));
  if (state === undefined) return undefined;
  const { workDir, custom, forkedFrom, agents } = state;
  const agent = isRecord(agents) ? agents[posix.basename(folder)] : undefined;
  return {
    cwd: workDir ?? (isRecord(custom) ? custom.cwd : undefined),
    forked_from: forkedFrom,
    parent_agent: isRecord(agent) ? agent.parentAgentId : undefined,
  };
}

export const statePath = (path: string): string =>
  `${folderOf(path).replace(/\/agents\/[^/]+$/, '')}/state.json`;

const folderOf = (path: string): string => path.replaceAll('\\', '/').replace(/\/[^/]*$/, '');

/** Replaced by the running agent: a moment without it, or with half of it, is no error. */
function parsed(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
