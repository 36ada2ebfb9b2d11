import { posix, win32 } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { databaseCompanions } from '../../src/read/sqlite.ts';
import { zedPlan } from './plan.ts';
import { readThreads } from './read-threads.ts';

/** Zed's own agent; agents of others that run inside Zed keep their own logs. */
export const zed: Adapter = {
  id: 'zed',
  displayName: 'Zed',
  version: 3,
  plan: zedPlan,
  normalizeSql: 'adapters/zed/normalize.sql',
  forms: {
    database: { format: 'sqlite', read: readThreads, isIncremental: true, companions: databaseCompanions },
  },
  places: ({ home, env, platform }) => {
    const { join } = platform === 'win32' ? win32 : posix;
    const roots =
      platform === 'win32'
        ? [join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Zed')]
        : platform === 'darwin'
          ? [join(home, 'Library', 'Application Support', 'Zed')]
          : [
              join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'zed'),
              join(home, '.var', 'app', 'dev.zed.Zed', 'data', 'zed'),
            ];
    return roots.map((root) => ({ path: join(root, 'threads') }));
  },
  formOf: (path) => (path === 'threads.db' ? 'database' : undefined),
  recognise: ({ text, tables }) => {
    if (!text.startsWith('SQLite format 3\0')) return undefined;
    const columns = tables()?.get('threads') ?? [];
    return ['id', 'summary', 'updated_at', 'data_type', 'data'].every((name) => columns.includes(name))
      ? 'database'
      : undefined;
  },
  knows: {
    tokens: 'session',
    cacheSplit: 'yes',
    reasoning: 'no',
    reportedCost: 'no',
    toolStatus: 'yes',
    durations: 'no',
    apiErrors: 'no',
    subagents: 'some',
    edits: 'some',
    liveDatabase: 'yes',
  },
};
