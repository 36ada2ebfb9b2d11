import { readFileSync, statSync } from 'node:fs';
import { isRecord } from '../../src/model/first-records.ts';

type Entry = Readonly<Record<string, unknown>>;

interface Index {
  readonly byKey: ReadonlyMap<string, Entry>;
  readonly bySession: ReadonlyMap<unknown, Entry>;
}

/** What the index beside a transcript says of its session. */
export interface IndexedSession {
  readonly parent_session_id?: string;
  readonly channel?: string;
}

const EMPTY: Index = { byKey: new Map(), bySession: new Map() };
let latest: { readonly key: string; readonly index: Index } | undefined;

/** `sessions.json` beside a transcript: by which conversation it was started, and over which channel it runs. */
export function indexedSession(path: string): Readonly<Record<string, unknown>> | undefined {
  const folder = folderOf(path);
  const file = path.slice(folder.length + 1);
  const id = file.replace(/\.jsonl(?:\..*)?$/, '').replace(/-topic-.*$/, '');
  const index = readIndex(indexFile(path));
  const entry = index.bySession.get(id);
  if (entry === undefined) return undefined;
  const parent = parentOf(entry, { folder, index });
  const session: IndexedSession = {
    ...(parent === undefined ? {} : { parent_session_id: parent }),
    ...(typeof entry.channel === 'string' ? { channel: entry.channel } : {}),
  };
  return Object.keys(session).length === 0 ? undefined : { ...session };
}

export const indexFile = (path: string): string => `${folderOf(path)}/sessions.json`;

const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, '');

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
    index.byKey.get(key) ??
    (other === undefined ? EMPTY : readIndex(`${other}/sessions.json`)).byKey.get(key);
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
    const byKey = new Map(
      Object.entries(isRecord(value) ? value : {}).flatMap(([name, entry]) =>
        isRecord(entry) ? [[name, entry] as const] : [],
      ),
    );
    // Of two entries for one session the first tells.
    const bySession = new Map(
      [...byKey.values()].reverse().map((entry) => [entry.sessionId, entry] as const),
    );
    const index = { byKey, bySession };
    latest = { key, index };
    return index;
  } catch {
    return EMPTY;
  }
}
