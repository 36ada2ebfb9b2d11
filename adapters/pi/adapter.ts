import type { Adapter } from '../../src/model/adapter.ts';
import { JSON_LINES } from '../../src/model/reader.ts';
import { folderOf, isOmpFolder, joiner } from './places.ts';
import { sessionPlan } from './plan.ts';
import { familyMember } from './recognise.ts';

/** pi, the coding agent of pi-mono. */
export const pi: Adapter = {
  id: 'pi',
  displayName: 'pi',
  version: 3,
  tellsStopReason: true,
  plan: sessionPlan('pi'),
  normalizeSql: 'adapters/pi/normalize.sql',
  portionBytes: 128_000_000,
  forms: { jsonl: JSON_LINES },
  places: (surroundings) => {
    const join = joiner(surroundings);
    const sessions = folderOf(surroundings, 'PI_CODING_AGENT_SESSION_DIR');
    const configured = folderOf(surroundings, 'PI_CODING_AGENT_DIR');
    const agent =
      configured !== undefined && !isOmpFolder(configured)
        ? configured
        : join(surroundings.home, '.pi', 'agent');
    return [...(sessions === undefined ? [] : [{ path: sessions }]), { path: join(agent, 'sessions') }];
  },
  formOf: (path) => (path.endsWith('.jsonl') ? 'jsonl' : undefined),
  recognise: (head) => (familyMember(head) === 'pi' ? 'jsonl' : undefined),
  knows: {
    tokens: 'call',
    cacheSplit: 'yes',
    reasoning: 'some',
    reportedCost: 'some',
    toolStatus: 'yes',
    durations: 'some',
    apiErrors: 'yes',
    subagents: 'no',
    edits: 'yes',
    liveDatabase: 'no',
  },
};
