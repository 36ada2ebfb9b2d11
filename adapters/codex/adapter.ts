import { posix } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import { JSON_LINES } from '../../src/model/reader.ts';
import { codexPlan } from './plan.ts';

const ENVELOPES = new Set([
  'session_meta',
  'response_item',
  'event_msg',
  'turn_context',
  'compacted',
  'token_usage_record',
  'world_state',
]);

/** Whether a record is a line of a rollout, of `codex exec --json`, or of the oldest logs, which had no envelope. */
function isRolloutLine(record: Readonly<Record<string, unknown>>): boolean {
  const { type, payload, record_type, thread_id, usage, item, id, timestamp, git, instructions } = record;
  if (typeof type === 'string' && ENVELOPES.has(type)) return isRecord(payload);
  if (type === 'thread.started') return typeof thread_id === 'string';
  if (type === 'turn.completed') return isRecord(usage);
  if (type === 'item.completed') return isRecord(item);
  if (record_type === 'state') return true;
  return (
    type === undefined &&
    typeof id === 'string' &&
    typeof timestamp === 'string' &&
    (isRecord(git) || instructions !== undefined)
  );
}

/** A first line longer than what was read of it, by the envelope that it begins with. */
const LONG_FIRST_LINE =
  /^\uFEFF?\s*\{\s*"timestamp"\s*:\s*"[^"]*"\s*,\s*"type"\s*:\s*"(?:session_meta|response_item|event_msg|compacted)"/;

/** OpenAI Codex: the command line, the IDE extension and the desktop app. */
export const codex: Adapter = {
  id: 'codex',
  displayName: 'Codex CLI',
  version: 5,
  movesLogs: true,
  provider: 'openai',
  plan: codexPlan,
  normalizeSql: 'adapters/codex/normalize.sql',
  forms: { jsonl: JSON_LINES },
  places: ({ home, env }) => {
    const configured = (env.CODEX_HOME ?? '')
      .split(',')
      .map((path) => path.trim())
      .filter((path) => path !== '');
    const roots = configured.length > 0 ? configured : [posix.join(home, '.codex')];
    return roots.flatMap((root) => [
      { path: posix.join(root, 'sessions') },
      { path: posix.join(root, 'archived_sessions') },
    ]);
  },
  formOf: (path) => (/\.jsonl(?:\.zst)?$/.test(path) ? 'jsonl' : undefined),
  duplicateKey: (path) => path.replace(/^.*\//, '').replace(/\.zst$/, ''),
  recognise: ({ text }) =>
    firstRecords(text).some(isRolloutLine) || (!text.includes('\n') && LONG_FIRST_LINE.test(text))
      ? 'jsonl'
      : undefined,
  knows: {
    tokens: 'call',
    cacheSplit: 'yes',
    reasoning: 'yes',
    reportedCost: 'no',
    toolStatus: 'some',
    durations: 'some',
    apiErrors: 'some',
    subagents: 'yes',
    edits: 'yes',
    liveDatabase: 'no',
  },
};
