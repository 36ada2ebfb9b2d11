import { posix, win32 } from 'node:path';
import type { Environment } from './runtime.ts';

export interface PlatformPlaces {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  readonly home: string;
}

const NAME = 'agenttrace';

/** Folder in which the platform keeps a program's own data. */
export function dataFolder({ platform, env, home }: PlatformPlaces): string {
  if (platform === 'win32') return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), NAME);
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', NAME);
  return posix.join(absolute(env.XDG_DATA_HOME) ?? posix.join(home, '.local', 'share'), NAME);
}

/** Folder in which the platform keeps what a person sets up for a program. */
export function configFolder({ platform, env, home }: PlatformPlaces): string {
  if (platform === 'win32') return win32.join(env.APPDATA || win32.join(home, 'AppData', 'Roaming'), NAME);
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', NAME);
  return posix.join(absolute(env.XDG_CONFIG_HOME) ?? posix.join(home, '.config'), NAME);
}

/** Folder in which the platform keeps what a program remembers from one run to the next. */
export function stateFolder({ platform, env, home }: PlatformPlaces): string {
  if (platform === 'win32' || platform === 'darwin') return dataFolder({ platform, env, home });
  return posix.join(absolute(env.XDG_STATE_HOME) ?? posix.join(home, '.local', 'state'), NAME);
}

/** The warehouse file when no `--warehouse` names one. */
export function defaultWarehouse(places: PlatformPlaces): string {
  const { join } = places.platform === 'win32' ? win32 : posix;
  return places.env.AGENTTRACE_WAREHOUSE || join(dataFolder(places), 'warehouse.duckdb');
}

/** The XDG specification: a path that is not absolute is to be ignored. */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && posix.isAbsolute(path) ? path : undefined;
}
