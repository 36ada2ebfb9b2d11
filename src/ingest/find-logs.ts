import { adapters } from '../../adapters/index.ts';
import { type Discovery, discoverHome, discoverPaths } from './discover.ts';

export interface FindLogsOptions {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  /** The folder in which the program was called; left out: the home. */
  readonly cwd?: string;
  /** Only these files and folders, rather than the known places of every agent. */
  readonly paths?: readonly string[];
}

/** Finds the logs that the options ask for. */
export function findLogs({ home, env, paths, platform, cwd }: FindLogsOptions): Discovery {
  return paths === undefined
    ? discoverHome(adapters, { home, env, platform: platform ?? process.platform, cwd: cwd ?? home })
    : discoverPaths(adapters, paths);
}
