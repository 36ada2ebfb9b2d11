import { posix, win32 } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { firstRecords } from '../../src/model/first-records.ts';
import { droidPlan } from './plan.ts';
import { settingsOf, settingsPath } from './settings.ts';

/** Only the first record of a session is Droid's alone: others write messages of the same form. */
const isSessionStart = ({ type, id, cwd, owner, title }: Readonly<Record<string, unknown>>): boolean =>
  type === 'session_start' &&
  typeof id === 'string' &&
  (typeof cwd === 'string' || typeof owner === 'string') &&
  (typeof title === 'string' || typeof owner === 'string');

/** Factory's Droid: the command line and the desktop app. */
export const droid: Adapter = {
  id: 'droid',
  displayName: 'Factory Droid',
  version: 3,
  plan: droidPlan,
  normalizeSql: 'adapters/droid/normalize.sql',
  forms: {
    jsonl: { format: 'jsonl', companions: (path) => [settingsPath(path)], context: settingsOf },
  },
  places: ({ home, env, platform }) => {
    const { join } = platform === 'win32' ? win32 : posix;
    return [{ path: join(env.FACTORY_DIR?.trim() || join(home, '.factory'), 'sessions') }];
  },
  formOf: (path) => (/\.jsonl(?:\.zst)?$/.test(path) ? 'jsonl' : undefined),
  recognise: ({ text }) => (firstRecords(text).some(isSessionStart) ? 'jsonl' : undefined),
  knows: {
    tokens: 'session',
    cacheSplit: 'yes',
    reasoning: 'yes',
    reportedCost: 'no',
    toolStatus: 'some',
    durations: 'some',
    apiErrors: 'no',
    subagents: 'yes',
    edits: 'yes',
    liveDatabase: 'no',
  },
};
