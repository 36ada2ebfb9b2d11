import { readFileSync, statSync } from 'node:fs';
import { dirname, posix, win32 } from 'node:path';
import type { Adapter, FileHead } from '../../src/model/adapter.ts';
import { firstDocument } from '../../src/model/first-document.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import type { SourceForm } from '../../src/model/reader.ts';
import { databaseCompanions } from '../../src/read/sqlite.ts';
import { cursorPlan } from './plan.ts';
import { readExport } from './read-export.ts';
import { holdsConversations, readState } from './read-state.ts';
import { readTextTranscript } from './read-text-transcript.ts';
import { readUsageCsv, readUsageJson, USAGE_HEADER } from './read-usage-export.ts';

/** Beside a workspace's database stands which folder it is of. */
const besideState = (path: string): string => `${dirname(path)}/workspace.json`;

function workspaceOf(path: string): Readonly<Record<string, unknown>> | undefined {
  const described = readJson(besideState(path));
  return typeof described?.folder === 'string' ? { folder: described.folder } : undefined;
}

/** What tells the directory of a project's transcripts, where it is there. */
function besideTranscripts(path: string): readonly string[] {
  const project = /^(.*)[\\/]agent-transcripts[\\/]/.exec(path)?.[1];
  return project === undefined ? [] : [`${project}/.workspace-trusted`];
}

function projectOf(path: string): string | undefined {
  const trusted = besideTranscripts(path).map(readJson)[0];
  return typeof trusted?.workspacePath === 'string' ? trusted.workspacePath : undefined;
}

/** A transcript has no times and no directory: its file has the one, the project's folder perhaps the other. */
function transcriptContext(path: string): Readonly<Record<string, unknown>> | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return {
    cwd: projectOf(path) ?? null,
    modified_at: stats?.mtime.toISOString() ?? null,
  };
}

const transcriptNeighbours: Pick<SourceForm, 'neighbours' | 'context'> = {
  neighbours: (path) => ({ files: besideTranscripts(path), say: () => projectOf(path) }),
  context: transcriptContext,
};

function readJson(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `{role, message: {content: […]}}` and nothing else: others that write this name a type, an id or a session. */
function isTranscript({ text }: FileHead): boolean {
  const records = firstRecords(text);
  return (
    records.length > 0 &&
    records.every(({ role, message, ...others }) => {
      const hasRole = role === 'user' || role === 'assistant';
      return hasRole && isRecord(message) && 'content' in message && Object.keys(others).length === 0;
    })
  );
}

const isTextTranscript = ({ text }: FileHead): boolean =>
  /^user:\s*\n\s*<(?:user_query|timestamp)>/.test(text) && /^assistant:\s*$/m.test(text);

function recogniseDocument({ text }: FileHead): string | undefined {
  if (!/^\uFEFF?\s*[[{]/.test(text)) return undefined;
  const document = firstDocument(text);
  if (!isRecord(document)) return undefined;
  if (isRecord(document.composer_data) && Array.isArray(document.bubble_rows)) return 'export';
  const { usageEvents } = document;
  const first: unknown = Array.isArray(usageEvents) ? usageEvents[0] : undefined;
  return isRecord(first) && 'timestamp' in first && 'model' in first ? 'usage_json' : undefined;
}

/** VS Code's state has the same table: without Cursor's own, the keys that Cursor alone writes tell. */
function isState({ tables, path }: FileHead): boolean {
  const found = tables();
  if (found?.get('cursorDiskKV')?.join() === 'key,value') return true;
  return found?.get('ItemTable')?.join() === 'key,value' && holdsConversations(path);
}

/** Cursor: conversations of the editor and of its command line, and what was billed where a user exported it. */
export const cursor: Adapter = {
  id: 'cursor',
  displayName: 'Cursor',
  version: 4,
  plan: cursorPlan,
  normalizeSql: 'adapters/cursor/normalize.sql',
  forms: {
    state: {
      format: 'sqlite',
      read: readState,
      isIncremental: true,
      companions: databaseCompanions,
      neighbours: (path) => ({ files: [besideState(path)], say: () => workspaceOf(path) }),
      context: workspaceOf,
    },
    transcript: { format: 'jsonl', ...transcriptNeighbours },
    text: { format: 'text', read: readTextTranscript, ...transcriptNeighbours },
    export: { format: 'json', read: readExport },
    usage_json: { format: 'json', read: readUsageJson },
    usage_csv: { format: 'text', read: readUsageCsv },
  },
  places: ({ home, env, platform }) => {
    const { join } = platform === 'win32' ? win32 : posix;
    const settings = {
      win32: env.APPDATA || join(home, 'AppData', 'Roaming'),
      darwin: join(home, 'Library', 'Application Support'),
    };
    const root =
      platform === 'win32' || platform === 'darwin'
        ? settings[platform]
        : env.XDG_CONFIG_HOME || join(home, '.config');
    return [
      ...['Cursor', 'Cursor Nightly', 'Cursor - Insiders'].map((app) => ({
        path: join(root, app, 'User'),
        enters: (path: string) => /^(?:globalStorage|workspaceStorage(?:\/[^/]+)?)$/.test(path),
      })),
      {
        path: join(home, '.cursor', 'projects'),
        enters: (path) => /^[^/]+(?:\/agent-transcripts(?:\/.*)?)?$/.test(path),
      },
    ];
  },
  formOf: (path) => {
    if (/^(?:globalStorage|workspaceStorage\/[^/]+)\/state\.vscdb$/.test(path)) return 'state';
    const ending = /^[^/]+\/agent-transcripts\/(?:.+\/)?[^/]+\.(jsonl|txt)$/.exec(path)?.[1];
    return ending === undefined ? undefined : ending === 'jsonl' ? 'transcript' : 'text';
  },
  recognise: (head) => {
    if (head.text.startsWith('SQLite format 3\0')) return isState(head) ? 'state' : undefined;
    if (USAGE_HEADER.test(head.text)) return 'usage_csv';
    if (isTranscript(head)) return 'transcript';
    if (isTextTranscript(head)) return 'text';
    return recogniseDocument(head);
  },
  knows: {
    tokens: 'call',
    cacheSplit: 'some',
    reasoning: 'no',
    reportedCost: 'some',
    toolStatus: 'some',
    durations: 'no',
    apiErrors: 'no',
    subagents: 'some',
    edits: 'some',
    liveDatabase: 'yes',
  },
};
