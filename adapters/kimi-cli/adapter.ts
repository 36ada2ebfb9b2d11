import { posix, win32 } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';
import type { SourceForm } from '../../src/model/reader.ts';
import { kimiCliPlan } from './plan.ts';
import { contextOf, neighboursOf } from './settings.ts';

const WIRE: SourceForm = {
  format: 'jsonl',
  neighbours: neighboursOf,
  context: contextOf,
  // A part of a call's arguments, which are not kept, and what asks how big the context was.
  wholeFor: ['"ToolCallPart"', '"CompactionBegin"'],
};

/** A message with the time in seconds around it, or the line that begins a wire. */
function isWireLine(record: Readonly<Record<string, unknown>>): boolean {
  const { type, protocol_version, timestamp, message } = record;
  if (type === 'metadata') return typeof protocol_version === 'string' && Object.keys(record).length === 2;
  return (
    typeof timestamp === 'number' &&
    timestamp < 1e11 &&
    isRecord(message) &&
    typeof message.type === 'string' &&
    isRecord(message.payload)
  );
}

/** The lines between the messages of a context file, which no one else writes. */
function isContextLine({ role, token_count, id }: Readonly<Record<string, unknown>>): boolean {
  return (
    (role === '_usage' && typeof token_count === 'number') ||
    (role === '_checkpoint' && typeof id === 'number') ||
    role === '_system_prompt'
  );
}

/** Kimi CLI: Moonshot's command line in Python, and the editors that speak to it. */
export const kimiCli: Adapter = {
  id: 'kimi-cli',
  displayName: 'Kimi CLI',
  version: 6,
  plan: kimiCliPlan,
  normalizeSql: 'adapters/kimi-cli/normalize.sql',
  portionBytes: 128_000_000,
  forms: { wire: WIRE, context: WIRE },
  places: ({ home, env, platform }) => {
    const { join } = platform === 'win32' ? win32 : posix;
    return [{ path: join(env.KIMI_SHARE_DIR || join(home, '.kimi'), 'sessions') }];
  },
  formOf: (path) => {
    if (/(?:^|\/)wire\.jsonl$/.test(path)) return 'wire';
    return /(?:^|\/)(?:context|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/.test(path)
      ? 'context'
      : undefined;
  },
  // What a compaction took out of a context.
  ignores: (path) => /(?:^|\/)context_[^/]*\.jsonl$/.test(path),
  recognise: ({ text }) => {
    const records = firstRecords(text);
    if (records.some(isWireLine)) return 'wire';
    return records.some(isContextLine) ? 'context' : undefined;
  },
  knows: {
    tokens: 'call',
    cacheSplit: 'yes',
    reasoning: 'no',
    reportedCost: 'no',
    toolStatus: 'yes',
    durations: 'some',
    apiErrors: 'yes',
    subagents: 'yes',
    edits: 'some',
    liveDatabase: 'no',
  },
};
