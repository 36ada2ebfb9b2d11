import { posix, win32 } from 'node:path';
import type { Adapter, FileHead } from '../../src/model/adapter.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import { databaseCompanions } from '../../src/read/sqlite.ts';
import { copilotCliPlan } from './plan.ts';
import { readUsageStore, USAGE_TABLE } from './usage-store.ts';
import { workspaceFiles, workspaceOf } from './workspace.ts';

/** The chat of Visual Studio Code, another product, writes transcripts and a store of the same names into these folders. */
const CHAT_FOLDERS = /\/(?:github\.copilot-chat|workspaceStorage)\//i;

/** Each kind of event by the fields that only Copilot gives it. */
function isEvent({ type, data }: Readonly<Record<string, unknown>>): boolean {
  if (!isRecord(data)) return false;
  switch (type) {
    case 'session.start':
      return (
        typeof data.sessionId === 'string' &&
        (typeof data.copilotVersion === 'string' || data.producer === 'copilot-agent')
      );
    case 'session.resume':
      return 'resumeTime' in data;
    case 'session.shutdown':
      return isRecord(data.modelMetrics);
    case 'user.message':
      return typeof data.content === 'string';
    case 'assistant.message':
      return typeof data.messageId === 'string';
    case 'tool.execution_start':
      return typeof data.toolCallId === 'string' && typeof data.toolName === 'string';
    case 'tool.execution_complete':
      return typeof data.toolCallId === 'string' && typeof data.success === 'boolean';
    default:
      return false;
  }
}

const isOfChat = ({ data }: Readonly<Record<string, unknown>>): boolean =>
  isRecord(data) && 'vscodeVersion' in data;

/** A first line longer than what was read of it. */
const LONG_FIRST_LINE =
  /^\uFEFF?\s*\{(?=[^\n]*"copilotVersion"\s*:)[^\n]*"type"\s*:\s*"session\.start"[^\n]*"data"\s*:\s*\{/;

function recognise({ text, path, tables }: FileHead): string | undefined {
  if (CHAT_FOLDERS.test(path)) return undefined;
  if (text.startsWith('SQLite format 3\0')) {
    const columns = tables()?.get(USAGE_TABLE);
    return columns?.includes('session_id') && columns.includes('input_tokens') ? 'store' : undefined;
  }
  const records = firstRecords(text);
  if (records.some(isOfChat)) return undefined;
  return records.some(isEvent) || (!text.includes('\n') && LONG_FIRST_LINE.test(text)) ? 'jsonl' : undefined;
}

/** GitHub Copilot CLI, and the Copilot desktop app, which runs it. */
export const copilotCli: Adapter = {
  id: 'copilot-cli',
  displayName: 'GitHub Copilot CLI',
  version: 4,
  plan: copilotCliPlan,
  normalizeSql: 'adapters/copilot-cli/normalize.sql',
  forms: {
    jsonl: {
      format: 'jsonl',
      neighbours: (path) => ({ files: workspaceFiles(path), say: () => workspaceOf(path) }),
      context: workspaceOf,
    },
    store: {
      format: 'sqlite',
      read: readUsageStore,
      isIncremental: true,
      companions: databaseCompanions,
    },
  },
  places: ({ home, env, platform }) => {
    const { join } = platform === 'win32' ? win32 : posix;
    const root = env.COPILOT_HOME?.trim() || join(home, '.copilot');
    return [
      // Below a session's folder are its checkpoints and copies of the user's files.
      { path: join(root, 'session-state'), enters: (path) => !path.includes('/') },
      { path: join(root, 'session-store.db') },
    ];
  },
  formOf: (path) => {
    if (path === 'session-store.db') return 'store';
    return /^(?:[^/]+\/events|[^/]+)\.jsonl(?:\.zst)?$/.test(path) ? 'jsonl' : undefined;
  },
  // A session's folder comes before a flat file of its name.
  duplicateKey: (path) => {
    const name = /([^\\/]+?)(?:[\\/]events)?\.jsonl(?:\.zst)?$/.exec(path)?.[1];
    return name === undefined ? path : name;
  },
  recognise,
  knows: {
    tokens: 'call',
    cacheSplit: 'some',
    reasoning: 'some',
    reportedCost: 'no',
    toolStatus: 'yes',
    durations: 'yes',
    apiErrors: 'some',
    subagents: 'some',
    edits: 'yes',
    liveDatabase: 'yes',
  },
};
