import { posix } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { firstDocument } from '../../src/model/first-document.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import { JSON_LINES } from '../../src/model/reader.ts';
import { claudeCodePlan } from './plan.ts';

/** Claude Code deletes transcripts after `cleanupPeriodDays`, 30 unless set otherwise. */
const EXPIRES_AFTER_DAYS = 30;

/** Whether a record is a line of a transcript: each kind by the fields that only Claude Code gives it. */
function isTranscriptLine(record: Readonly<Record<string, unknown>>): boolean {
  const { type, message, sessionId, uuid, leafUuid, snapshot, subtype } = record;
  const isNamed = typeof sessionId === 'string';
  switch (type) {
    case 'user':
    case 'assistant':
      return (
        (isNamed || typeof uuid === 'string') &&
        isRecord(message) &&
        'role' in message &&
        'content' in message
      );
    case 'summary':
      return typeof leafUuid === 'string';
    case 'file-history-snapshot':
      return isRecord(snapshot);
    case 'system':
      return (
        isNamed && typeof uuid === 'string' && typeof subtype === 'string' && !('systemPayload' in record)
      );
    case 'progress':
    case 'attachment':
      return isNamed && typeof uuid === 'string';
    case 'queue-operation':
    case 'ai-title':
    case 'custom-title':
    case 'agent-name':
    case 'last-prompt':
    case 'permission-mode':
    case 'mode':
    case 'pr-link':
    case 'tag':
    case 'worktree-state':
    case 'attribution-snapshot':
    case 'content-replacement':
      return isNamed;
    default:
      return false;
  }
}

/** A first line longer than what was read of it, by what it begins with. */
function isLongLine(text: string): boolean {
  const record = text.includes('\n') ? undefined : firstDocument(text);
  if (!isRecord(record)) return false;
  const { message } = record;
  // Of a long text, nothing is left.
  const isCut = isRecord(message) && !('parts' in message);
  return isTranscriptLine(isCut ? { ...record, message: { content: null, ...message } } : record);
}

/** Claude Code: the command line, the Agent SDK and the desktop app's code sessions. */
export const claudeCode: Adapter = {
  id: 'claude-code',
  displayName: 'Claude Code',
  version: 5,
  tellsStopReason: true,
  plan: claudeCodePlan,
  normalizeSql: 'adapters/claude-code/normalize.sql',
  forms: { jsonl: JSON_LINES },
  places: ({ home, env }) => {
    const configured = (env.CLAUDE_CONFIG_DIR ?? '')
      .split(',')
      .map((path) => path.trim())
      .filter((path) => path !== '');
    const roots =
      configured.length > 0
        ? configured
        : [
            posix.join(home, '.claude'),
            posix.join(env.XDG_CONFIG_HOME || posix.join(home, '.config'), 'claude'),
          ];
    return roots.map((root) => ({
      path: /[\\/]projects[\\/]?$/.test(root) ? root : posix.join(root, 'projects'),
      expiresAfterDays: EXPIRES_AFTER_DAYS,
    }));
  },
  formOf: (path) => (path.endsWith('.jsonl') ? 'jsonl' : undefined),
  recognise: ({ text }) =>
    firstRecords(text).some(isTranscriptLine) || isLongLine(text) ? 'jsonl' : undefined,
  knows: {
    tokens: 'call',
    cacheSplit: 'yes',
    reasoning: 'some',
    reportedCost: 'some',
    toolStatus: 'yes',
    durations: 'some',
    apiErrors: 'yes',
    subagents: 'yes',
    edits: 'yes',
    liveDatabase: 'no',
  },
};
