import { posix, win32 } from 'node:path';
import type { Adapter, Place, Surroundings } from '../../src/model/adapter.ts';
import { firstDocument } from '../../src/model/first-document.ts';
import { firstRecords } from '../../src/model/first-records.ts';
import { isEventStream } from './event-stream.ts';
import { recordsOf, type Values } from './json-values.ts';
import { genericPlan } from './plan.ts';
import { readDocuments, readEventStream, readLines } from './read-import.ts';
import { shapeOf } from './shape.ts';

/** A folder for what no agent keeps by itself: files put there are read with everything else. */
function places({ home, env, platform }: Surroundings): readonly Place[] {
  const folder = ['agenttrace', 'imports'];
  if (platform === 'win32')
    return [{ path: win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), ...folder) }];
  if (platform === 'darwin') return [{ path: posix.join(home, 'Library', 'Application Support', ...folder) }];
  const data = env.XDG_DATA_HOME;
  const root = data !== undefined && posix.isAbsolute(data) ? data : posix.join(home, '.local', 'share');
  return [{ path: posix.join(root, ...folder) }];
}

/** Most of what is there is of a known form: a file with a stray line is still one, any JSON is not. */
function areKnown(values: readonly Values[]): boolean {
  const known = values.filter((value) => shapeOf(value) !== undefined).length;
  return known > 0 && known * 2 >= values.length;
}

const valuesOf = (document: unknown): readonly Values[] =>
  recordsOf(Array.isArray(document) ? document : [document]);

/** Of a name. What a file is of these two, its reader looks at once more. */
function formOf(path: string): 'jsonl' | 'json' | 'sse' | undefined {
  if (/\.(?:jsonl|ndjson)$/i.test(path)) return 'jsonl';
  if (/\.json$/i.test(path)) return 'json';
  return /\.sse$/i.test(path) ? 'sse' : undefined;
}

/** Whatever speaks one of the common languages of chats and traces. The last to be asked whose a file is. */
export const generic: Adapter = {
  id: 'generic',
  displayName: 'Generic import',
  version: 4,
  tellsStopReason: true,
  plan: genericPlan,
  normalizeSql: 'adapters/generic/normalize.sql',
  forms: {
    jsonl: { format: 'jsonl', read: readLines, isIncremental: true },
    json: { format: 'json', read: readDocuments },
    sse: { format: 'text', read: readEventStream },
  },
  places,
  formOf,
  recognise: ({ text, path }) => {
    if (isEventStream(text)) return 'sse';
    if (!/^\uFEFF?\s*[[{]/.test(text)) return undefined;
    const lines = firstRecords(text);
    const areLines = lines.length > 0 && areKnown(lines);
    if (areLines || areKnown(valuesOf(firstDocument(text)))) {
      const form = formOf(path);
      if (form === 'jsonl' || form === 'json') return form;
      return areLines && /^\s*\{.*\}\s*$/m.test(text.replace(/^\uFEFF?\s*/, '').split('\n', 1)[0] ?? '')
        ? 'jsonl'
        : 'json';
    }
    return undefined;
  },
  knows: {
    tokens: 'call',
    cacheSplit: 'some',
    reasoning: 'some',
    reportedCost: 'some',
    toolStatus: 'some',
    durations: 'some',
    apiErrors: 'some',
    subagents: 'no',
    edits: 'no',
    liveDatabase: 'no',
  },
};
