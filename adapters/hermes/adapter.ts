import { posix, win32 } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { firstDocument } from '../../src/model/first-document.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import { databaseCompanions } from '../../src/read/sqlite.ts';
import { hermesPlan } from './plan.ts';
import { readState } from './read-state.ts';
import { readSnapshot, readTranscript } from './read-transcript.ts';

/** Columns that the tables have had since the first version. */
const SESSION_COLUMNS = [
  'source',
  'model_config',
  'parent_session_id',
  'started_at',
  'end_reason',
  'tool_call_count',
];
const MESSAGE_COLUMNS = ['session_id', 'role', 'tool_calls', 'tool_name', 'timestamp'];

/** Hermes Agent: its command line, gateway and helpers, each profile with a database of its own. */
export const hermes: Adapter = {
  id: 'hermes',
  displayName: 'Hermes Agent',
  version: 4,
  plan: hermesPlan,
  normalizeSql: 'adapters/hermes/normalize.sql',
  forms: {
    state: { format: 'sqlite', read: readState, isIncremental: true, companions: databaseCompanions },
    transcript: { format: 'jsonl', read: readTranscript },
    snapshot: { format: 'json', read: readSnapshot },
  },
  places: ({ home, env, platform }) => {
    const { join } = platform === 'win32' ? win32 : posix;
    const roots = [env.HERMES_HOME || join(home, '.hermes')];
    if (platform === 'win32' && !env.HERMES_HOME && env.LOCALAPPDATA)
      roots.push(join(env.LOCALAPPDATA, 'hermes'));
    return roots.map((path) => ({
      path,
      enters: (folder) => /^(?:sessions|profiles(?:\/[^/]+(?:\/sessions)?)?)$/.test(folder),
    }));
  },
  formOf: (path) => {
    const own = path.replace(/^profiles\/[^/]+\//, '');
    if (own === 'state.db') return 'state';
    if (/^sessions\/[^/]+\.jsonl$/.test(own)) return 'transcript';
    return /^sessions\/session_[^/]+\.json$/.test(own) ? 'snapshot' : undefined;
  },
  recognise: ({ text, tables }) => {
    if (text.startsWith('SQLite format 3\0')) {
      const known = tables();
      const has = (table: string, wanted: readonly string[]): boolean =>
        wanted.every((column) => known?.get(table)?.includes(column));
      return has('sessions', SESSION_COLUMNS) && has('messages', MESSAGE_COLUMNS) ? 'state' : undefined;
    }
    if (
      firstRecords(text).some(({ role, platform, tools }) => role === 'session_meta' && (platform ?? tools))
    )
      return 'transcript';
    const document = firstDocument(text);
    return isRecord(document) &&
      typeof document.session_id === 'string' &&
      'session_start' in document &&
      'platform' in document &&
      !('schema_version' in document)
      ? 'snapshot'
      : undefined;
  },
  knows: {
    tokens: 'session',
    cacheSplit: 'yes',
    reasoning: 'yes',
    reportedCost: 'yes',
    toolStatus: 'text',
    durations: 'some',
    apiErrors: 'no',
    subagents: 'yes',
    edits: 'some',
    liveDatabase: 'yes',
  },
};
