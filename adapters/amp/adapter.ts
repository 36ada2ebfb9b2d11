import { posix, win32 } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { firstDocument } from '../../src/model/first-document.ts';
import { isRecord } from '../../src/model/first-records.ts';
import { readDocument } from '../../src/read/read-document.ts';
import { extensionStores } from '../cline/places.ts';
import { ampPlan } from './plan.ts';

type Value = Readonly<Record<string, unknown>>;

const ROLES = new Set(['user', 'assistant', 'info']);

/** A thread: by its id, or, where a person gave it another, by what only its messages and its ledger have. */
function isThread({ id, messages, usageLedger, env }: Value, path: string): boolean {
  if (typeof id !== 'string') return false;
  const hasLedger = isRecord(usageLedger) && Array.isArray(usageLedger.events);
  if (messages === undefined) return /^T-/.test(id) && (hasLedger || isRecord(env));
  if (!Array.isArray(messages) || !messages.every(isTurn)) return false;
  if (/^T-/.test(id) || hasLedger || messages.some(isOwnMessage)) return true;
  return messages.length > 0 && /(?:^|[/._-])amp(?:[/._-]|$)/i.test(path);
}

/** An element that may be a message; one that was cut off has no role yet. */
const isTurn = (message: unknown): boolean =>
  isRecord(message) && (message.role === undefined || ROLES.has(String(message.role)));

const isOwnMessage = ({ messageId, usage, content }: Value): boolean =>
  typeof messageId === 'number' &&
  (Array.isArray(content) || (isRecord(usage) && 'cacheReadInputTokens' in usage));

/** Amp: the command line and the extension of VS Code, as far as they keep threads on this machine. */
export const amp: Adapter = {
  id: 'amp',
  displayName: 'Amp',
  version: 1,
  plan: ampPlan,
  normalizeSql: 'adapters/amp/normalize.sql',
  forms: { thread: { format: 'json', read: readDocument({ arrays: ['messages[]'] }) } },
  places: (surroundings) => {
    const { home, env, platform } = surroundings;
    const { join } = platform === 'win32' ? win32 : posix;
    const data = env.AMP_DATA_DIR || join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'amp');
    return [
      { path: join(data, 'threads') },
      ...extensionStores('sourcegraph.amp', surroundings).map((store) => ({ path: join(store, 'threads3') })),
    ];
  },
  formOf: (path) => (/^T-[^/]+\.json$/.test(path) ? 'thread' : undefined),
  duplicateKey: (path) => path.replace(/^.*[\\/]/, ''),
  recognise: ({ text, path }) => {
    if (!/^\uFEFF?\s*\{/.test(text)) return undefined;
    const document = firstDocument(text);
    return isRecord(document) && isThread(document, path) ? 'thread' : undefined;
  },
  knows: {
    tokens: 'call',
    cacheSplit: 'some',
    reasoning: 'no',
    reportedCost: 'no',
    toolStatus: 'yes',
    durations: 'no',
    apiErrors: 'some',
    subagents: 'no',
    edits: 'some',
    liveDatabase: 'no',
  },
};
