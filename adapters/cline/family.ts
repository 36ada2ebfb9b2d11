import type { Knowledge } from '../../src/model/adapter.ts';
import type { SourceForm } from '../../src/model/reader.ts';
import { readConversation } from './read-conversation.ts';
import { readMetadata } from './read-metadata.ts';
import { readUi } from './read-ui.ts';
import { taskCompanions, taskFacts } from './task-files.ts';

const neighbours = {
  companions: taskCompanions,
  context: (path: string) => {
    const { models, ...facts } = taskFacts(path);
    return facts;
  },
};

/** The forms in which every agent of the family keeps a task. */
export const taskForms: Readonly<Record<'ui' | 'conversation' | 'metadata', SourceForm>> = {
  ui: { format: 'json', read: readUi, ...neighbours },
  conversation: { format: 'json', read: readConversation('[]'), ...neighbours },
  metadata: { format: 'json', read: readMetadata, ...neighbours },
};

/** Below a folder of tasks; the other files of a task are read beside this one, or alone when they are named. */
export const taskFormOf = (path: string): string | undefined =>
  /^[^/]+\/ui_messages\.json$/.test(path) ? 'ui' : undefined;

export const taskKnowledge: Knowledge = {
  tokens: 'call',
  cacheSplit: 'yes',
  reasoning: 'no',
  reportedCost: 'yes',
  toolStatus: 'text',
  durations: 'no',
  apiErrors: 'yes',
  subagents: 'some',
  edits: 'some',
  liveDatabase: 'no',
};
