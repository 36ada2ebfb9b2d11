import { posix, win32 } from 'node:path';
import type { Adapter, FileHead } from '../../src/model/adapter.ts';
import { firstDocument } from '../../src/model/first-document.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import type { SourceForm } from '../../src/model/reader.ts';
import { readDocument } from '../../src/read/read-document.ts';
import { geminiPlan } from './plan.ts';
import { projectFiles, projectPath } from './project-path.ts';

type Value = Readonly<Record<string, unknown>>;

/** The names that every session begins with, whether in a line or as a document. */
const isHeader = ({ sessionId, projectHash }: Value): boolean =>
  typeof sessionId === 'string' && typeof projectHash === 'string';

/** A message as a line of its own, of a session whose first line is lost. */
const isAnswer = ({ id, type, timestamp, tokens, toolCalls, thoughts }: Value): boolean =>
  typeof id === 'string' &&
  type === 'gemini' &&
  typeof timestamp === 'string' &&
  (tokens === null || isRecord(tokens) || Array.isArray(toolCalls) || Array.isArray(thoughts));

const isUpdate = (record: Value): boolean => isRecord(record.$set) || typeof record.$rewindTo === 'string';

const isStreamBegin = ({ type, timestamp, session_id, model }: Value): boolean =>
  type === 'init' &&
  typeof timestamp === 'string' &&
  typeof session_id === 'string' &&
  typeof model === 'string';

const isStreamEnd = ({ type, timestamp, status, stats }: Value): boolean =>
  type === 'result' &&
  typeof timestamp === 'string' &&
  typeof status === 'string' &&
  isRecord(stats) &&
  typeof stats.total_tokens === 'number' &&
  typeof stats.tool_calls === 'number';

/** The one document that `--output-format json` prints. */
function isRunResult({ stats, response, error }: Value): boolean {
  if (!isRecord(stats) || !(typeof response === 'string' || isRecord(error))) return false;
  const { models, tools, files } = stats;
  return isRecord(models) && isRecord(tools) && 'totalDecisions' in tools && isRecord(files);
}

/** Whether a session is one of Qwen Code, whose first versions kept Gemini's form. */
const isForked = ({ path }: FileHead, messages: unknown): boolean =>
  path.includes('/.qwen/') ||
  (Array.isArray(messages) && messages.some((message) => isRecord(message) && message.type === 'qwen'));

function recognise(head: FileHead): string | undefined {
  const records = firstRecords(head.text);
  const [first] = records;
  if (first !== undefined && !(records.length === 1 && Array.isArray(first.messages))) {
    const isSession = records.some((record) => isHeader(record) || isAnswer(record)) || isUpdate(first);
    if (isSession) return isForked(head, first.messages) ? undefined : 'jsonl';
    if (records.some(isStreamBegin) || records.some(isStreamEnd)) return 'stream';
  }
  const document = firstDocument(head.text);
  if (!isRecord(document)) return undefined;
  if (isRunResult(document)) return 'result';
  const { messages } = document;
  return isHeader(document) && Array.isArray(messages) && !isForked(head, messages) ? 'json' : undefined;
}

const context = (path: string): Value | undefined => {
  const cwd = projectPath(path);
  return cwd === undefined ? undefined : { cwd };
};

const beside: Pick<SourceForm, 'neighbours' | 'context'> = {
  neighbours: (path) => ({ files: projectFiles(path), say: () => projectPath(path) }),
  context,
};

/** Google's Gemini CLI. */
export const geminiCli: Adapter = {
  id: 'gemini-cli',
  displayName: 'Gemini CLI',
  version: 4,
  plan: geminiPlan,
  normalizeSql: 'adapters/gemini-cli/normalize.sql',
  portionBytes: 128_000_000,
  forms: {
    jsonl: { format: 'jsonl', ...beside },
    json: { format: 'json', read: readDocument({ arrays: ['messages[]'] }), ...beside },
    stream: { format: 'jsonl' },
    result: { format: 'json', read: readDocument({ arrays: ['messages[]'] }) },
  },
  places: ({ home, env, platform }) => {
    const { join } = platform === 'win32' ? win32 : posix;
    return [{ path: join(env.GEMINI_CLI_HOME || home, '.gemini', 'tmp'), expiresAfterDays: 30 }];
  },
  formOf: (path) => {
    const [, form] = /^[^/]+\/chats\/(?:[^/]+\/)?[^/]+\.(jsonl?)$/.exec(path) ?? [];
    return form;
  },
  recognise,
  knows: {
    tokens: 'call',
    cacheSplit: 'yes',
    reasoning: 'yes',
    reportedCost: 'no',
    toolStatus: 'yes',
    durations: 'some',
    apiErrors: 'some',
    subagents: 'some',
    edits: 'some',
    liveDatabase: 'no',
  },
};
