import { posix, win32 } from 'node:path';
import type { Adapter, Surroundings } from '../../src/model/adapter.ts';
import { taskFormOf, taskForms, taskKnowledge } from './family.ts';
import { taskPlaces } from './places.ts';
import { familyPlan } from './plan.ts';
import { readConversation } from './read-conversation.ts';
import { recogniserOf } from './recognise.ts';
import { manifestOf, sessionFacts } from './session-files.ts';

/** The folders of the command line, the desktop app and newer extensions: tasks, and sessions since version 3. */
function dataFolders({ home, env, platform }: Surroundings): readonly string[] {
  const { join } = platform === 'win32' ? win32 : posix;
  const data = env.CLINE_DATA_DIR || join(env.CLINE_DIR || join(home, '.cline'), 'data');
  return [join(data, 'tasks'), env.CLINE_SESSION_DATA_DIR || join(data, 'sessions')];
}

/** Cline: the extension of VS Code and its kin, the command line and the desktop app. */
export const cline: Adapter = {
  id: 'cline',
  displayName: 'Cline',
  version: 3,
  plan: familyPlan('cline'),
  normalizeSql: 'adapters/cline/normalize.sql',
  forms: {
    ...taskForms,
    session: {
      format: 'json',
      read: readConversation('messages[]'),
      companions: manifestOf,
      context: sessionFacts,
    },
  },
  places: (surroundings) => [
    ...taskPlaces('saoudrizwan.claude-dev', surroundings),
    ...dataFolders(surroundings).map((path) => ({ path })),
  ],
  formOf: (path) => (/^[^/]+\/(?:[^/]+\/)?[^/]+\.messages\.json$/.test(path) ? 'session' : taskFormOf(path)),
  recognise: recogniserOf('cline'),
  knows: { ...taskKnowledge, toolStatus: 'some' },
};
