import { readFileSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { Adapter, FileHead, Surroundings } from '../../src/model/adapter.ts';
import { firstDocument } from '../../src/model/first-document.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import { readFirstForm } from './first-form.ts';
import { qwenPlan } from './plan.ts';

type Value = Readonly<Record<string, unknown>>;

const TYPES = new Set(['user', 'assistant', 'tool_result', 'system']);

/** A record of a session: its messages are in Gemini's terms, its tree and its time in its own. */
function isRecordOfSession({ uuid, sessionId, timestamp, type, parentUuid, ...rest }: Value): boolean {
  if (typeof uuid !== 'string' || typeof sessionId !== 'string' || typeof timestamp !== 'string')
    return false;
  if (typeof type !== 'string' || !TYPES.has(type) || parentUuid === undefined) return false;
  if (type === 'system') return typeof rest.subtype === 'string' && isRecord(rest.systemPayload);
  return isRecord(rest.message) && Array.isArray(rest.message.parts);
}

/** A session of the first versions has Gemini CLI's form: it is known by its folder or by messages of its own type. */
function isFirstForm({ path }: FileHead, document: Value): boolean {
  if (typeof document.sessionId !== 'string') return false;
  if (typeof document.projectHash !== 'string' || !Array.isArray(document.messages)) return false;
  return (
    path.includes('/.qwen/') ||
    document.messages.some((message) => isRecord(message) && message.type === 'qwen')
  );
}

const isBackground = (path: string): boolean => /[\\/]subagents[\\/]/.test(path);

const metaOf = (path: string): string => path.replace(/\.jsonl$/, '.meta.json');

/** What is noted beside a background agent's transcript: its model, which its records leave out, and who started it. */
function context(path: string): Value | undefined {
  if (!isBackground(path)) return undefined;
  try {
    const meta: unknown = JSON.parse(readFileSync(metaOf(path), 'utf8'));
    if (!isRecord(meta)) return undefined;
    const { model, parentAgentId, persistedCliFlags } = meta;
    const flags = isRecord(persistedCliFlags) ? persistedCliFlags : {};
    return { model: model ?? flags.model, parentAgentId };
  } catch {
    return undefined;
  }
}

function roots({ home, env, platform, cwd }: Surroundings): readonly string[] {
  const { join, resolve } = platform === 'win32' ? win32 : posix;
  const configured = [env.QWEN_RUNTIME_DIR, env.QWEN_HOME]
    .filter((path) => path !== undefined && path !== '')
    .map((path) =>
      resolve(
        cwd,
        String(path).replace(/^~(?=$|[\\/])/, () => home),
      ),
    );
  return [...new Set([...configured, join(home, '.qwen')])];
}

/** Alibaba's Qwen Code. */
export const qwenCode: Adapter = {
  id: 'qwen-code',
  displayName: 'Qwen Code',
  version: 3,
  plan: qwenPlan,
  normalizeSql: 'adapters/qwen-code/normalize.sql',
  forms: {
    jsonl: {
      format: 'jsonl',
      neighbours: (path) => ({ files: isBackground(path) ? [metaOf(path)] : [], say: () => context(path) }),
      context,
    },
    json: { format: 'json', read: readFirstForm },
  },
  places: (surroundings) => {
    const { join } = surroundings.platform === 'win32' ? win32 : posix;
    return roots(surroundings).flatMap((root) => [
      { path: join(root, 'projects') },
      { path: join(root, 'tmp') },
    ]);
  },
  formOf: (path) => {
    if (/^[^/]+\/chats\/[^/]+\.jsonl$/.test(path)) return 'jsonl';
    if (/^[^/]+\/subagents\/(?:[^/]+\/)*[^/]+\.jsonl$/.test(path)) return 'jsonl';
    return /^[^/]+\/chats\/session-[^/]+\.json$/.test(path) ? 'json' : undefined;
  },
  ignores: (path) => path.endsWith('.jsonl.stream'),
  recognise: (head) => {
    if (firstRecords(head.text).some(isRecordOfSession)) return 'jsonl';
    // A first line longer than what was read of it, or a document.
    const document = firstDocument(head.text);
    if (!isRecord(document)) return undefined;
    if (isRecordOfSession(document)) return 'jsonl';
    return isFirstForm(head, document) ? 'json' : undefined;
  },
  knows: {
    tokens: 'call',
    cacheSplit: 'some',
    reasoning: 'some',
    reportedCost: 'no',
    toolStatus: 'yes',
    durations: 'some',
    apiErrors: 'some',
    subagents: 'some',
    edits: 'some',
    liveDatabase: 'no',
  },
};
