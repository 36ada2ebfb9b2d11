import { posix, win32 } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import { JSON_LINES } from '../../src/model/reader.ts';
import { databaseCompanions } from '../../src/read/sqlite.ts';
import { goosePlan } from './plan.ts';
import { readSessions } from './read-sessions.ts';

const MESSAGE_KEYS = new Set(['id', 'role', 'created', 'content', 'metadata']);

/** The first line of an old file. */
const isMetadata = ({ description, message_count }: Readonly<Record<string, unknown>>): boolean =>
  typeof description === 'string' && typeof message_count === 'number';

/** A message, with seconds as its time and nothing that others write. */
function isMessage(record: Readonly<Record<string, unknown>>): boolean {
  const { role, created, content } = record;
  return (
    (role === 'user' || role === 'assistant') &&
    Number.isInteger(created) &&
    Array.isArray(content) &&
    content.every((block) => isRecord(block) && typeof block.type === 'string') &&
    Object.keys(record).every((key) => MESSAGE_KEYS.has(key))
  );
}

/** Goose: the command line and the desktop app keep their sessions in one database. */
export const goose: Adapter = {
  id: 'goose',
  displayName: 'Goose',
  version: 3,
  plan: goosePlan,
  normalizeSql: 'adapters/goose/normalize.sql',
  forms: {
    database: { format: 'sqlite', read: readSessions, isIncremental: true, companions: databaseCompanions },
    jsonl: JSON_LINES,
  },
  places: ({ home, env, platform }) => {
    const { join } = platform === 'win32' ? win32 : posix;
    if (env.GOOSE_PATH_ROOT) return [{ path: join(env.GOOSE_PATH_ROOT, 'data', 'sessions') }];
    if (platform === 'win32') {
      const roaming = env.APPDATA || join(home, 'AppData', 'Roaming');
      return [{ path: join(roaming, 'Block', 'goose', 'data', 'sessions') }];
    }
    const data = env.XDG_DATA_HOME || join(home, '.local', 'share');
    const support = join(home, 'Library', 'Application Support');
    return [
      { path: join(data, 'goose', 'sessions') },
      { path: join(data, 'Block', 'goose', 'sessions') },
      ...(platform === 'darwin' ? [{ path: join(support, 'goose', 'sessions') }] : []),
    ];
  },
  formOf: (path) => (path === 'sessions.db' ? 'database' : /^[^/]+\.jsonl$/.test(path) ? 'jsonl' : undefined),
  recognise: ({ text, tables }) => {
    if (text.startsWith('SQLite format 3\0')) {
      const found = tables();
      const isOurs =
        found?.get('messages')?.includes('content_json') === true &&
        found.get('sessions')?.includes('working_dir') === true;
      return isOurs ? 'database' : undefined;
    }
    const [first, ...others] = firstRecords(text);
    if (first === undefined) return undefined;
    return isMessage(first) || (isMetadata(first) && others.every(isMessage)) ? 'jsonl' : undefined;
  },
  knows: {
    tokens: 'call',
    cacheSplit: 'some',
    reasoning: 'some',
    reportedCost: 'some',
    toolStatus: 'yes',
    durations: 'no',
    apiErrors: 'no',
    subagents: 'some',
    edits: 'some',
    liveDatabase: 'yes',
  },
};
