import { readFileSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { Adapter, Surroundings } from '../../src/model/adapter.ts';
import { isRecord } from '../../src/model/first-records.ts';
import { databaseCompanions } from '../../src/read/sqlite.ts';
import { crushPlan } from './plan.ts';
import { readDatabase } from './read-database.ts';

/** The folder with the list of projects, each of which has a database of its own. */
function dataFolder({ home, env, platform }: Surroundings): string {
  if (env.CRUSH_GLOBAL_DATA) return env.CRUSH_GLOBAL_DATA;
  if (platform === 'win32') {
    return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'crush');
  }
  return posix.join(env.XDG_DATA_HOME || posix.join(home, '.local', 'share'), 'crush');
}

/** The data folders of the projects that the list names; none where it cannot be read. */
function projectFolders(registry: string, platform: NodeJS.Platform): readonly string[] {
  const { join, isAbsolute } = platform === 'win32' ? win32 : posix;
  try {
    const list: unknown = JSON.parse(readFileSync(registry, 'utf8'));
    const projects: unknown = isRecord(list) ? list.projects : list;
    return (Array.isArray(projects) ? projects : []).flatMap((project: unknown) => {
      if (!isRecord(project) || typeof project.path !== 'string') return [];
      const data =
        typeof project.data_dir === 'string' && project.data_dir !== '' ? project.data_dir : '.crush';
      return [isAbsolute(data) ? data : join(project.path, data)];
    });
  } catch {
    return [];
  }
}

const COLUMNS = {
  sessions: ['id', 'parent_session_id', 'prompt_tokens', 'completion_tokens', 'cost'],
  messages: ['id', 'session_id', 'role', 'parts', 'model'],
};

/** Charm's Crush. */
export const crush: Adapter = {
  id: 'crush',
  displayName: 'Crush',
  version: 3,
  plan: crushPlan,
  normalizeSql: 'adapters/crush/normalize.sql',
  forms: {
    database: {
      format: 'sqlite',
      read: readDatabase,
      isIncremental: true,
      companions: databaseCompanions,
    },
  },
  places: (surroundings) => {
    const { platform, cwd } = surroundings;
    const { join } = platform === 'win32' ? win32 : posix;
    const data = dataFolder(surroundings);
    const folders = [...projectFolders(join(data, 'projects.json'), platform), join(cwd, '.crush')];
    return [
      { path: data, enters: () => false },
      ...[...new Set(folders)].map((folder) => ({ path: join(folder, 'crush.db') })),
    ];
  },
  formOf: (path) => (path === 'crush.db' ? 'database' : undefined),
  recognise: (head) => {
    if (!head.text.startsWith('SQLite format 3\0')) return undefined;
    const tables = head.tables();
    const isCrush = Object.entries(COLUMNS).every(([table, columns]) =>
      columns.every((column) => tables?.get(table)?.includes(column)),
    );
    return isCrush ? 'database' : undefined;
  },
  knows: {
    tokens: 'no',
    cacheSplit: 'no',
    reasoning: 'no',
    reportedCost: 'some',
    toolStatus: 'yes',
    durations: 'some',
    apiErrors: 'some',
    subagents: 'yes',
    edits: 'some',
    liveDatabase: 'yes',
  },
};
