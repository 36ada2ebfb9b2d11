import { posix, win32 } from 'node:path';
import type { Place, Surroundings } from '../../src/model/adapter.ts';

/** Editors that keep their extensions' data in the way of VS Code. */
const EDITORS = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf'];
const REMOTE_EDITORS = ['.vscode-server', '.vscode-server-insiders', '.cursor-server', '.windsurf-server'];

/** The folders in which the editors keep what an extension stores, on this machine and as a remote host. */
export function extensionStores(extension: string, surroundings: Surroundings): readonly string[] {
  const { home, env, platform } = surroundings;
  const { join } = platform === 'win32' ? win32 : posix;
  const settings =
    platform === 'win32'
      ? env.APPDATA || join(home, 'AppData', 'Roaming')
      : platform === 'darwin'
        ? join(home, 'Library', 'Application Support')
        : env.XDG_CONFIG_HOME || join(home, '.config');
  return [
    ...EDITORS.map((editor) => join(settings, editor, 'User')),
    ...REMOTE_EDITORS.map((server) => join(home, server, 'data', 'User')),
  ].map((user) => join(user, 'globalStorage', extension));
}

/** The folders of an extension's tasks. */
export function taskPlaces(extension: string, surroundings: Surroundings): readonly Place[] {
  const { join } = surroundings.platform === 'win32' ? win32 : posix;
  return extensionStores(extension, surroundings).map((store) => ({ path: join(store, 'tasks') }));
}
