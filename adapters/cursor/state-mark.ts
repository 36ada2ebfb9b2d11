import type { ConversationState } from './conversation-records.ts';

/** What is known of a state database after a load. */
export interface StateMark {
  readonly version: 1;
  /** The greatest rowid of cursorDiskKV. */
  readonly row: number;
  /** The last number given to a conversation. */
  readonly last: number;
  /** Of each conversation, by state and id, its number and when it says it was last changed. */
  readonly known: Readonly<Record<string, readonly [number, string | null]>>;
  /** Of each item of ItemTable its rowid and length. */
  readonly items: Readonly<Record<string, string>>;
}

/** Numbers of conversations: those of the mark stay, new ones follow. */
export function openNumbering(text: string | undefined) {
  const before = text === undefined ? undefined : (JSON.parse(text) as StateMark);
  const known = new Map(Object.entries(before?.known ?? {}));
  const items = new Map(Object.entries(before?.items ?? {}));
  let row = before?.row ?? 0;
  let last = before?.last ?? 0;
  return {
    before,
    of: (state: ConversationState, id: string): number => {
      const key = `${state}:${id}`;
      const number = known.get(key)?.[0] ?? ++last;
      if (!known.has(key)) known.set(key, [number, null]);
      return number;
    },
    setUpdated: (id: string, updated: string | null): void => {
      const number = known.get(`keys:${id}`)?.[0];
      if (number !== undefined) known.set(`keys:${id}`, [number, updated]);
    },
    setRow: (newest: number): void => {
      row = newest;
    },
    isKnownItem: (key: string, stamp: string): boolean => items.get(key) === stamp,
    setItem: (key: string, stamp: string): void => {
      items.set(key, stamp);
    },
    mark: (): StateMark => ({
      version: 1,
      row,
      last,
      known: Object.fromEntries(known),
      items: Object.fromEntries(items),
    }),
  };
}
