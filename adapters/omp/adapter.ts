import type { Adapter } from '../../src/model/adapter.ts';
import { folderOf, isOmpFolder, joiner } from '../pi/places.ts';
import { sessionPlan } from '../pi/plan.ts';
import { familyMember } from '../pi/recognise.ts';
import { parentFile, parentOf } from './parent.ts';

/** Oh My Pi, which writes pi's format with entries of its own. */
export const omp: Adapter = {
  id: 'omp',
  displayName: 'Oh My Pi',
  version: 3,
  tellsStopReason: true,
  plan: sessionPlan('omp'),
  normalizeSql: 'adapters/pi/normalize.sql',
  portionBytes: 128_000_000,
  forms: {
    jsonl: {
      format: 'jsonl',
      neighbours: (path) => ({ files: [parentFile(path)], say: () => parentOf(path) }),
      context: parentOf,
    },
  },
  places: (surroundings) => {
    const { env, home, platform } = surroundings;
    const join = joiner(surroundings);
    const profile = (env.OMP_PROFILE ?? env.PI_PROFILE)?.trim() || 'default';
    const branch = profile === 'default' ? [] : ['profiles', profile];
    const configured = folderOf(surroundings, 'PI_CODING_AGENT_DIR');
    const agent =
      configured !== undefined && profile === 'default' && isOmpFolder(configured)
        ? configured
        : join(home, env.PI_CONFIG_DIR || '.omp', ...branch, 'agent');
    const data = platform === 'win32' ? undefined : folderOf(surroundings, 'XDG_DATA_HOME');
    return [
      ...(data === undefined ? [] : [{ path: join(data, 'omp', ...branch, 'sessions') }]),
      { path: join(agent, 'sessions') },
    ];
  },
  formOf: (path) => (path.endsWith('.jsonl') ? 'jsonl' : undefined),
  recognise: (head) => (familyMember(head) === 'omp' ? 'jsonl' : undefined),
  knows: {
    tokens: 'call',
    cacheSplit: 'yes',
    reasoning: 'some',
    reportedCost: 'some',
    toolStatus: 'yes',
    durations: 'some',
    apiErrors: 'yes',
    subagents: 'yes',
    edits: 'some',
    liveDatabase: 'no',
  },
};
