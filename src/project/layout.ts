import type { ColumnKind } from '../model/plan.ts';
import type { Trie, TrieNode } from './compile-plan.ts';
import type { StagedType } from './physical-columns.ts';

/**
 * Where everything stands in the scanner's memory. The shapes are described in scan/state.ts; both sides must agree.
 */

/** How much output fits between two flushes, and how long a line may be before the input grows. */
export interface Capacities {
  /** Rows, one number a table. */
  readonly rows: readonly number[];
  /** Bytes of text of all rows together. */
  readonly arena: number;
  /** Bytes for the keys of objects whose entries are rows. */
  readonly pool: number;
  readonly input: number;
}

export interface ColumnPlace {
  readonly data: number;
  readonly valid: number;
  readonly cell: CellKind;
}

export interface TablePlace {
  readonly address: number;
  /** source_no, line_no, item_no, then the declared columns. */
  readonly columns: readonly ColumnPlace[];
}

export interface Layout {
  readonly root: number;
  readonly tableList: number;
  readonly tables: readonly TablePlace[];
  readonly arena: number;
  readonly arenaEnd: number;
  readonly pool: number;
  readonly poolEnd: number;
  readonly stack: number;
  readonly stackWords: number;
  readonly block: number;
  readonly blockEnd: number;
  readonly keepBytes: number;
  readonly rejects: number;
  readonly rejectCapacity: number;
  /** Where pages are encoded. */
  readonly scratch: number;
  /** The input comes last, so that it can grow. */
  readonly input: number;
}

type CellKind = keyof typeof CELL_KINDS;

/** The numbers of scan/encode.ts. */
export const CELL_KINDS = { long: 0, bool: 1, string: 2, requiredInt: 3, uuid: 4 } as const;

/** The numbers of scan/state.ts. */
const SINK_KINDS = {
  text: 1,
  integer: 2,
  decimal: 3,
  boolean: 4,
  timestamp: 5,
  uuid: 6,
  kind: 7,
  digest: 8,
  size: 9,
  lines: 10,
  diff: 11,
} as const satisfies Record<ColumnKind, number>;

const CELL_BYTES = { long: 8, bool: 1, string: 8, requiredInt: 4, uuid: 16 } as const satisfies Record<
  CellKind,
  number
>;

const PAGE = 65_536;
const FIRST_ADDRESS = 4096;
const NODE_BYTES = 64;
const SLOT_BYTES = 24;
const SINK_BYTES = 24;
const COLUMN_BYTES = 8;
const TABLE_BYTES = 48;
const REJECT_BYTES = 16;
const REJECT_CAPACITY = 1024;
const BLOCK_BYTES = 16_384;
/** One bit a level: objects and arrays nested deeper than this are rejected where nobody asked for them. */
const DEEPEST = 1_048_576;
/** SIMD reads and writes go a little past the end of what they are for. */
const SLACK = 64;

/** Lays out the plan and its output and writes the plan into `memory`, which grows as needed. */
export function layOut(memory: WebAssembly.Memory, options: { trie: Trie; capacities: Capacities }): Layout {
  const { trie, capacities } = options;
  let top = FIRST_ADDRESS;
  const allocate = (bytes: number): number => {
    const address = top;
    top = (top + bytes + 15) & ~15;
    if (top < address) throw new Error('the output of one plan does not fit the memory');
    growTo(memory, top);
    return address;
  };
  const set = (address: number, ...words: readonly number[]): void => {
    const view = new DataView(memory.buffer);
    words.forEach((word, i) => {
      view.setUint32(address + i * 4, word, true);
    });
  };

  const columnAddresses: (readonly number[])[] = [];
  const tableList = allocate(trie.tables.length * TABLE_BYTES);
  const tables = trie.tables.map((table, index): TablePlace => {
    const rows = capacities.rows[index] as number;
    const address = tableList + index * TABLE_BYTES;
    const fixed = [0, 1, 2].map(
      (): ColumnPlace => ({ data: allocate(rows * 4 + SLACK), valid: 0, cell: 'requiredInt' }),
    );
    const cells = table.columns.map(({ type }) => cellOf(type));
    const places = cells.map(
      (cell): ColumnPlace => ({
        data: allocate(rows * CELL_BYTES[cell] + SLACK),
        valid: allocate(rows / 8 + SLACK),
        cell,
      }),
    );
    const descriptors = allocate(places.length * COLUMN_BYTES);
    const list = allocate(4 + places.length * 4);
    const addresses = places.map((_, i) => descriptors + i * COLUMN_BYTES);
    for (const [i, { data, valid }] of places.entries()) set(descriptors + i * COLUMN_BYTES, data, valid);
    set(list, places.length, ...addresses);
    set(address, 0, rows, ...fixed.map(({ data }) => data), list);
    columnAddresses.push(addresses);
    return { address, columns: [...fixed, ...places] };
  });

  const column = (owner: number, index: number): number => columnAddresses[owner]?.[index] as number;
  const place = (node: TrieNode): number => {
    const address = allocate(NODE_BYTES);
    const sinks = allocate(node.sinks.length * SINK_BYTES);
    for (const [i, sink] of node.sinks.entries())
      set(
        sinks + i * SINK_BYTES,
        SINK_KINDS[sink.kind],
        column(node.owner, sink.column),
        sink.limit,
        sink.tail,
        placeMark(sink.after),
        placeMark(sink.before),
      );
    const slots = placeChildren(new Map([...node.children].map(([key, child]) => [key, place(child)])));
    const undo = [...columnsBelow(node, trie)].map((index) => column(node.owner, index));
    const undoList = allocate(4 + undo.length * 4);
    set(undoList, undo.length, ...undo);
    const below = [...tablesBelow(node)];
    const marks = below.length ? allocate(4 + below.length * 8) : 0;
    if (marks) set(marks, below.length, ...below.flatMap((table) => [tableList + table * TABLE_BYTES, 0]));
    set(address, slots.address, slots.shift);
    new DataView(memory.buffer).setBigUint64(address + 8, slots.multiplier, true);
    set(
      address + 16,
      sinks,
      node.sinks.length,
      node.element ? place(node.element) : 0,
      node.entry ? place(node.entry) : 0,
      node.table === undefined ? 0 : tableList + node.table * TABLE_BYTES,
      undoList,
      node.key ? place(node.key) : 0,
      slots.mask,
      flagsOf(node),
      marks,
    );
    return address;
  };
  const placeMark = (mark: Uint8Array): number => {
    if (mark.length === 0) return 0;
    const address = allocate(4 + mark.length);
    set(address, mark.length);
    new Uint8Array(memory.buffer).set(mark, address + 4);
    return address;
  };
  const placeChildren = (children: ReadonlyMap<string, number>) => {
    const keys = [...children.keys()].map((key) => new TextEncoder().encode(key));
    const hash = chooseHash(keys);
    const address = allocate((hash.mask + 1) * SLOT_BYTES);
    const addresses = [...children.values()];
    for (const [i, key] of keys.entries()) {
      const text = allocate(key.length + SLACK);
      new Uint8Array(memory.buffer).set(key, text);
      let at = hash.slotOf(key);
      const view = new DataView(memory.buffer);
      while (view.getUint32(address + at * SLOT_BYTES + 16, true)) at = (at + 1) & hash.mask;
      const slot = address + at * SLOT_BYTES;
      view.setBigUint64(slot, firstBytes(key), true);
      set(slot + 8, key.length, text, addresses[i] as number);
    }
    return { address, ...hash };
  };

  const root = place(trie.root);
  const keepBytes = trie.longestTail * 4 + 32;
  const block = allocate(BLOCK_BYTES + keepBytes + SLACK);
  const stackWords = DEEPEST / 64;
  const stack = allocate(stackWords * 8);
  const pool = allocate(capacities.pool);
  const rejects = allocate(REJECT_CAPACITY * REJECT_BYTES);
  const arena = allocate(capacities.arena + SLACK);
  const encoded = tables.flatMap(({ columns }, index) =>
    columns.map(({ cell }) => (capacities.rows[index] as number) * (CELL_BYTES[cell] + 1) + 2 * SLACK),
  );
  const scratch = allocate(capacities.arena + encoded.reduce((sum, bytes) => sum + bytes, 0) + SLACK);
  return {
    root,
    tableList,
    tables,
    arena,
    arenaEnd: arena + capacities.arena,
    pool,
    poolEnd: pool + capacities.pool,
    stack,
    stackWords,
    block,
    blockEnd: block + BLOCK_BYTES + keepBytes,
    keepBytes,
    rejects,
    rejectCapacity: REJECT_CAPACITY,
    scratch,
    input: top,
  };
}

/** Grows `memory` to hold `bytes`. */
export function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const pages = Math.ceil((bytes + PAGE) / PAGE) - memory.buffer.byteLength / PAGE;
  if (pages > 0) memory.grow(pages);
}

function cellOf(type: StagedType): CellKind {
  switch (type) {
    case 'BOOLEAN':
      return 'bool';
    case 'VARCHAR':
      return 'string';
    case 'UUID':
      return 'uuid';
    case 'INTEGER':
      return 'requiredInt';
    default:
      return 'long';
  }
}

/** The flags of scan/state.ts: has children; reads whole strings; counts their lines. */
function flagsOf(node: TrieNode): number {
  const wants = (...kinds: readonly ColumnKind[]): boolean =>
    node.sinks.some(({ kind }) => kinds.includes(kind));
  const hasLines = wants('lines', 'diff');
  return (node.children.size ? 1 : 0) | (hasLines || wants('digest', 'size') ? 2 : 0) | (hasLines ? 4 : 0);
}

/** The columns of the node's own table that a value at `node` can fill. */
function* columnsBelow(node: TrieNode, trie: Trie): Generator<number> {
  const columns = trie.tables[node.owner]?.columns ?? [];
  for (const sink of node.sinks) {
    const width = sink.kind === 'digest' ? (sink.tail ? 4 : 3) : sink.kind === 'diff' ? 2 : 1;
    for (let i = 0; i < width && sink.column + i < columns.length; i++) yield sink.column + i;
  }
  for (const child of node.children.values()) yield* columnsBelow(child, trie);
}

/** The tables that a value at `node` can add rows to. */
function* tablesBelow(node: TrieNode): Generator<number> {
  for (const step of [node.element, node.entry]) {
    if (!step) continue;
    if (step.table !== undefined) yield step.table;
    yield* tablesBelow(step);
  }
  for (const child of node.children.values()) yield* tablesBelow(child);
}

/** The first eight bytes of a key as a little-endian number. */
function firstBytes(key: Uint8Array): bigint {
  let value = 0n;
  for (let i = Math.min(8, key.length) - 1; i >= 0; i--) value = (value << 8n) | BigInt(key[i] as number);
  return value;
}

/** A multiplicative hash that spreads these keys well over a table at most a quarter full. */
function chooseHash(keys: readonly Uint8Array[]) {
  let bits = 1;
  while (1 << bits < keys.length * 4) bits++;
  const mask = (1 << bits) - 1;
  const words = keys.map((key) => firstBytes(key) + BigInt(key.length));
  const slot = (word: bigint, multiplier: bigint): number =>
    Number(BigInt.asUintN(64, word * multiplier) >> BigInt(64 - bits));
  const wanted = new Set(words).size;
  let best = { multiplier: 0n, spread: -1 };
  let multiplier = 0x9e3779b97f4a7c15n;
  for (let i = 0; i < 32 && best.spread < wanted; i++) {
    const spread = new Set(words.map((word) => slot(word, multiplier))).size;
    if (spread > best.spread) best = { multiplier, spread };
    multiplier = BigInt.asUintN(64, multiplier * 0x5851f42d4c957f2dn + 0x14057b7ef767814fn) | 1n;
  }
  return {
    multiplier: best.multiplier,
    shift: 64 - bits,
    mask,
    slotOf: (key: Uint8Array): number => slot(firstBytes(key) + BigInt(key.length), best.multiplier),
  };
}
