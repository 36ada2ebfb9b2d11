import { existsSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { Adapter, FileHead, Surroundings } from '../../src/model/adapter.ts';
import { firstDocument } from '../../src/model/first-document.ts';
import { isRecord } from '../../src/model/first-records.ts';
import { databaseCompanions } from '../../src/read/sqlite.ts';
import { opencodePlan } from './plan.ts';
import { readDatabase } from './read-database.ts';
import { readExport, readLoneDocuments, readSessionTree, sessionCompanions } from './read-files.ts';

/** Products that keep their sessions in the same way, by the name of their data folder. */
const FOLDERS = ['opencode', 'kilo', 'mimocode'];

const PART_TYPES = new Set(
  'text reasoning file tool step-start step-finish snapshot patch agent subtask compaction retry'.split(' '),
);

type Document = Readonly<Record<string, unknown>>;

/** Whether the tables are those of a database of sessions, of either layout; other agents have `sessions` and `messages`. */
function isDatabase(tables: ReturnType<FileHead['tables']>): boolean {
  const hasAll = (table: string, columns: readonly string[]): boolean =>
    columns.every((column) => tables?.get(table)?.includes(column));
  if (!hasAll('session', ['id', 'project_id', 'directory'])) return false;
  return (
    (hasAll('message', ['id', 'session_id', 'data']) && hasAll('part', ['id', 'message_id', 'data'])) ||
    hasAll('session_message', ['id', 'session_id', 'type', 'data'])
  );
}

const isId = (value: unknown, prefix: string): boolean =>
  typeof value === 'string' && value.startsWith(`${prefix}_`);

const hasTimes = ({ time }: Document): boolean =>
  isRecord(time) && (time.created === undefined || typeof time.created === 'number');

const isSession = (document: Document): boolean =>
  typeof document.id === 'string' &&
  hasTimes(document) &&
  document.role === undefined &&
  (typeof document.projectID === 'string' ||
    (isId(document.id, 'ses') &&
      (typeof document.directory === 'string' || typeof document.version === 'string')));

function isMessage(document: Document): boolean {
  const { id, role, sessionID, metadata } = document;
  if (typeof id !== 'string' || (role !== 'user' && role !== 'assistant')) return false;
  if (typeof sessionID === 'string') return hasTimes(document) && (isId(id, 'msg') || isId(sessionID, 'ses'));
  return isRecord(metadata) && isId(metadata.sessionID, 'ses') && hasTimes(metadata);
}

const isPart = ({ id, messageID, sessionID, type }: Document): boolean =>
  typeof id === 'string' &&
  PART_TYPES.has(String(type)) &&
  (isId(messageID, 'msg') || (typeof messageID === 'string' && isId(sessionID, 'ses')));

function isExport({ info, messages }: Document): boolean {
  if (!isRecord(info) || !isSession(info)) return false;
  if (messages === undefined) return true; // cut off
  return (
    Array.isArray(messages) &&
    messages.every((message) => !isRecord(message) || message.info === undefined || isRecord(message.info))
  );
}

/** A message or part that stands in a tree is read with its session, if the tree has sessions. */
function isWithinTree(path: string): boolean {
  const at = /^(.*)\/(?:message\/[^/]+|part(?:\/[^/]+){1,2})\/[^/]+\.json$/.exec(path)?.[1];
  return at !== undefined && (existsSync(`${at}/session`) || existsSync(`${at}/info`));
}

function formOfDocument({ text, path }: FileHead): string | undefined {
  const document = firstDocument(text);
  const first = Array.isArray(document) ? document[0] : document;
  if (!isRecord(first)) return undefined;
  if (!Array.isArray(document)) {
    if (isExport(first)) return 'export';
    if (isSession(first)) return 'session';
  }
  if (!isMessage(first) && !isPart(first)) return undefined;
  return isWithinTree(path) ? undefined : 'documents';
}

function placesOf({ home, env, platform }: Surroundings): readonly string[] {
  const { join, isAbsolute } = platform === 'win32' ? win32 : posix;
  const data = env.XDG_DATA_HOME || join(home, '.local', 'share');
  const own = env.OPENCODE_DB ?? '';
  return [
    ...FOLDERS.map((folder) => join(data, folder)),
    ...(env.MIMOCODE_HOME ? [join(env.MIMOCODE_HOME, 'data')] : []),
    ...(own === '' || own === ':memory:' ? [] : [isAbsolute(own) ? own : join(data, 'opencode', own)]),
  ];
}

/** Folders that lead to sessions; messages, parts, snapshots and logs are not looked through. */
const ENTERED =
  /^(?:storage(?:\/session(?:\/[^/]+)?)?|project(?:\/[^/]+(?:\/storage(?:\/session(?:\/info)?)?)?)?)$/;

/** OpenCode, and what was made from it and keeps its sessions in the same way, such as Kilo's command line. */
export const opencode: Adapter = {
  id: 'opencode',
  displayName: 'OpenCode',
  version: 3,
  plan: opencodePlan,
  normalizeSql: 'adapters/opencode/normalize.sql',
  forms: {
    database: {
      format: 'sqlite',
      read: readDatabase,
      isIncremental: true,
      companions: databaseCompanions,
    },
    session: { format: 'json', read: readSessionTree, companions: sessionCompanions },
    export: { format: 'json', read: readExport },
    documents: { format: 'json', read: readLoneDocuments },
  },
  places: (surroundings) =>
    placesOf(surroundings).map((path) => ({ path, enters: (folder) => ENTERED.test(folder) })),
  formOf: (path) => {
    if (/^[^/]+\.(?:db|sqlite3?)$/.test(path)) return 'database';
    return /^(?:storage\/session\/[^/]+|project\/[^/]+\/storage\/session\/info)\/[^/]+\.json$/.test(path)
      ? 'session'
      : undefined;
  },
  recognise: (head) => {
    if (head.text.startsWith('SQLite format 3\0')) return isDatabase(head.tables()) ? 'database' : undefined;
    return formOfDocument(head);
  },
  knows: {
    tokens: 'call',
    cacheSplit: 'yes',
    reasoning: 'yes',
    reportedCost: 'some',
    toolStatus: 'yes',
    durations: 'yes',
    apiErrors: 'yes',
    subagents: 'yes',
    edits: 'some',
    liveDatabase: 'yes',
  },
};
