import { posix, win32 } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import { kimiCodePlan } from './plan.ts';
import { contextOf, statePath } from './state.ts';

/** Whether a record is a line of an agent's wire: each kind by the fields that only Kimi Code gives it. */
function isWireLine(record: Readonly<Record<string, unknown>>): boolean {
  const { type, usage, message, event, input, origin, protocol_version, created_at, toolsHash } = record;
  switch (type) {
    case 'metadata':
      return typeof protocol_version === 'string' && created_at !== undefined;
    case 'usage.record':
      return isRecord(usage) && 'inputOther' in usage;
    case 'context.append_message':
      return isRecord(message) && typeof message.role === 'string';
    case 'context.append_loop_event':
      return isRecord(event) && typeof event.type === 'string';
    case 'turn.prompt':
    case 'turn.steer':
      return Array.isArray(input) && (origin === undefined || isRecord(origin));
    case 'llm.request':
      return typeof record.model === 'string' && (toolsHash !== undefined || 'turnStep' in record);
    default:
      return false;
  }
}

/** Below the folder of the settings, in the desktop app. */
const EMBEDDED = ['kimi-desktop', 'daimon-share', 'daimon', 'runtime', 'kimi-code', 'home'];

/** Kimi Code: Moonshot's command line in TypeScript, and the desktop app that carries it. */
export const kimiCode: Adapter = {
  id: 'kimi-code',
  displayName: 'Kimi Code',
  version: 5,
  plan: kimiCodePlan,
  normalizeSql: 'adapters/kimi-code/normalize.sql',
  portionBytes: 128_000_000,
  forms: {
    wire: {
      format: 'jsonl',
      neighbours: (path) => ({ files: [statePath(path)], say: () => contextOf(path) }),
      context: contextOf,
    },
  },
  places: ({ home, env, platform }) => {
    const { join } = platform === 'win32' ? win32 : posix;
    const settings = {
      darwin: join(home, 'Library', 'Application Support'),
      win32: env.APPDATA || join(home, 'AppData', 'Roaming'),
    }[platform as string];
    const roots = [
      env.KIMI_CODE_HOME || join(home, '.kimi-code'),
      join(settings ?? (env.XDG_CONFIG_HOME || join(home, '.config')), ...EMBEDDED),
    ];
    return roots.map((root) => ({ path: join(root, 'sessions') }));
  },
  formOf: (path) => (/(?:^|\/)wire\.jsonl$/.test(path) ? 'wire' : undefined),
  recognise: ({ text }) => (firstRecords(text).some(isWireLine) ? 'wire' : undefined),
  knows: {
    tokens: 'call',
    cacheSplit: 'yes',
    reasoning: 'no',
    reportedCost: 'no',
    toolStatus: 'yes',
    durations: 'some',
    apiErrors: 'some',
    subagents: 'yes',
    edits: 'some',
    liveDatabase: 'no',
  },
};
