import { readFileSync, statSync } from 'node:fs';
import { isRecord } from '../../src/model/first-records.ts';

type Entry = Readonly<Record<string, unknown>>;
type Index = ReadonlyMap<string, Entry>;

/** What the index beside a transcript says of its session. */
export interface IndexedSession {
  readonly parent_session_id?: string;
  readonly channel?: string;
}

const EMPTY: Index = new Map();
let latest: { readonly key: string; readonly index: Index } | undefined;

/** `sessions.json` beside a transcript: by which conversation it was started, and over which channel it runs. */
export function indexedSession(path: string): Readonly<Record<string, unknown>> | undefined {
  const folder = path.replace(/[\\/][^\\/]*$/, '');
  const file = path.slice(folder.length + 1);
  const id = file.replace(/\.jsonl(?:\..*)?$/, '').replace(/-topic-.*$/, '');
  const index = readIndex(`${folder}/sessions.json`);
  const own = [...index].find(([, entry]) => entry.sessionId === id);
  if (own === undefined) return undefined;
  const [, entry] = own;
  const parent = parentOf(entry, { folder, index });
  const session: IndexedSession = {
    ...(parent === undefined ? {} : { parent_session_id: parent }),
    ...(typeof entry.channel === 'string' ? { channel: entry.channel } : {}),
  };
  return Object.keys(session).length === 0 ? undefined : { ...session };
}

/** The session under the key that started this one, unless that conversation has begun anew since. */
function parentOf(
  entry: Entry,
  { folder, index }: { readonly folder: string; readonly index: Index },
): string | undefined {
  const key = entry.spawnedBy;
  if (typeof key !== 'string') return undefined;
  const agent = /^agent:([^:]+):/.exec(key)?.[1];
  const other =
    agent === undefined ? undefined : folder.replace(/[^\\/]+([\\/]sessions)$/, (_, tail) => agent + tail);
  const parent =
    index.get(key) ?? (other === undefined ? EMPTY : readIndex(`${other}/sessions.json`)).get(key);
  if (typeof parent?.sessionId !== 'string' || parent.sessionId === entry.sessionId) return undefined;
  const [parentStart, start] = [parent.sessionStartedAt, entry.sessionStartedAt ?? entry.updatedAt];
  if (typeof parentStart === 'number' && typeof start === 'number' && parentStart > start) return undefined;
  return parent.sessionId;
}

/** The last index read is kept: the sessions of one folder are asked for one after another. */
function readIndex(path: string): Index {
  try {
    const { mtimeMs, size } = statSync(path);
    const key = `${path} ${mtimeMs} ${size}`;
    if (latest?.key === key) return latest.index;
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const index = new Map(
      Object.entries(isRecord(value) ? value : {}).flatMap(([name, entry]) =>
        isRecord(entry) ? [[name, entry] as const] : [],
      ),
    );
    latest = { key, index };
    return index;
  } catch {
    return EMPTY;
  }
}
