import { posix, win32 } from 'node:path';
import type { Adapter, Place, Surroundings } from '../../src/model/adapter.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import { readAnalytics } from './analytics.ts';
import { readChatHistory } from './chat-history.ts';
import { BLOCK_START, readLlmHistory } from './llm-history.ts';
import { aiderPlan } from './plan.ts';

const CHAT_HISTORY = '.aider.chat.history.md';
const LLM_HISTORY = '.aider.llm.history';

/** Aider keeps its history in the project: in its root, which is the folder or one that it lies in. */
function places({ home, env, platform, cwd }: Surroundings): readonly Place[] {
  const { join, dirname, isAbsolute } = platform === 'win32' ? win32 : posix;
  const folders = [cwd];
  for (let folder = cwd; folder !== home && dirname(folder) !== folder; folder = dirname(folder))
    folders.push(dirname(folder));
  const named = [env.AIDER_CHAT_HISTORY_FILE, env.AIDER_ANALYTICS_LOG, env.AIDER_LLM_HISTORY_FILE]
    .filter((path) => path !== undefined && path !== '')
    .map((path = '') => path.replace(/^~(?=[\\/])/, home))
    .map((path) => (isAbsolute(path) ? path : join(cwd, path)));
  const paths = [
    ...named,
    ...folders.map((folder) => join(folder, CHAT_HISTORY)),
    join(cwd, LLM_HISTORY),
    join(home, '.aider', 'analytics.jsonl'),
  ];
  return [...new Set(paths)].map((path) => ({ path }));
}

const EVENT =
  /^(?:launched|(?:cli|gui|copypaste) session|message_send(?:_starting|_exception)?|command_\w+|ai-comments \w+|exit)$/;

const isEvent = ({ event, properties, user_id, time }: Readonly<Record<string, unknown>>): boolean =>
  typeof event === 'string' &&
  EVENT.test(event) &&
  isRecord(properties) &&
  typeof user_id === 'string' &&
  Number.isInteger(time);

const HEADER = /^# aider chat started at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\s*$/m;
/** What aider alone says, where a history lost its header. */
const REPORT = /^> Tokens: [\d.,]+k? sent, .*received\./m;

/** A page about histories shows one as code. */
function isChat(text: string): boolean {
  const at = text.search(HEADER);
  if (at < 0)
    return REPORT.test(text) && /^#### \S/m.test(text) && !/^```/m.test(text.slice(0, text.search(REPORT)));
  return (text.slice(0, at).match(/^```/gm)?.length ?? 0) % 2 === 0;
}

/** Aider, pair programming in the terminal. */
export const aider: Adapter = {
  id: 'aider',
  displayName: 'Aider',
  version: 3,
  plan: aiderPlan,
  normalizeSql: 'adapters/aider/normalize.sql',
  forms: {
    chat: { format: 'markdown', read: readChatHistory, isIncremental: true },
    analytics: { format: 'jsonl', read: readAnalytics, isIncremental: true },
    llm: { format: 'text', read: readLlmHistory, isIncremental: true },
  },
  places,
  formOf: (path) => (/analytics|\.jsonl?$/i.test(path) ? 'analytics' : /llm/i.test(path) ? 'llm' : 'chat'),
  recognise: ({ text }) => {
    if (/^\s*[[{]/.test(text)) return firstRecords(text).some(isEvent) ? 'analytics' : undefined;
    if (isChat(text)) return 'chat';
    const first = /\S[^\n]*/.exec(text)?.[0] ?? '';
    return BLOCK_START.test(first) && /^(?:TO LLM|LLM RESPONSE) /m.test(text) ? 'llm' : undefined;
  },
  knows: {
    tokens: 'rounded',
    cacheSplit: 'some',
    reasoning: 'no',
    reportedCost: 'some',
    toolStatus: 'text',
    durations: 'no',
    apiErrors: 'some',
    subagents: 'no',
    edits: 'yes',
    liveDatabase: 'no',
  },
};
