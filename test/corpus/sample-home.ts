import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { adapters } from '../../adapters/index.ts';
import { AGENT_FOLDERS, copySample, ROOT, temporaryFolder } from '../adapters/load.ts';

const folderOf: Readonly<Record<string, string>> = AGENT_FOLDERS;

/** The cases of an agent's samples, as folders. */
export function sampleCases(agent: string): readonly string[] {
  return readdirSync(join(ROOT, 'adapters', agent, 'samples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Puts one case of an agent's samples into a home. */
export function putSample(
  home: string,
  { agent, name }: { readonly agent: string; readonly name: string },
): void {
  const top = join(home, folderOf[agent] ?? '');
  mkdirSync(top, { recursive: true });
  copySample(join(ROOT, 'adapters', agent, 'samples', name, 'input'), top);
}

/** A home of all agents at once: every case of every sample; of files with one path, the last case's. */
export function homeOfAllAgents(): string {
  const home = temporaryFolder();
  for (const { id } of adapters) for (const name of sampleCases(id)) putSample(home, { agent: id, name });
  return home;
}
