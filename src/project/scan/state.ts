// What all parts of the scanner share: the shape of the plan in memory, the output's fill, the last error.
//
// The host (layout.ts) lays out everything that is read here; its offsets and these must agree.
//
// node   64 bytes: slots, shift, multiplier u64, sinks, sink count, element node, entry node, table, columns to undo, key node,
//                  mask of the slots, flags, marks, visit u64
// slot   24 bytes: first eight bytes of the key u64, length, address of the key, child node (0: empty slot)
// sink   24 bytes: kind, column, limit, tail, the marks after and before which is hashed (0: none)
// mark   length, bytes
// column  8 bytes: data, validity bits
// table  48 bytes: rows, capacity, source_no, line_no, item_no, columns, rows at the start of the line, of the record, ordinal base
// columns  list: count, then the addresses of columns
// undo     list: count, then the addresses of all columns below a node
// marks    list: count, then (table, rows when the key was first met) of all tables below a node

export const NODE_SLOTS: u32 = 0;
export const NODE_SHIFT: u32 = 4;
export const NODE_MULTIPLIER: u32 = 8;
export const NODE_SINKS: u32 = 16;
export const NODE_SINK_COUNT: u32 = 20;
export const NODE_ELEMENT: u32 = 24;
export const NODE_ENTRY: u32 = 28;
export const NODE_TABLE: u32 = 32;
export const NODE_UNDO: u32 = 36;
export const NODE_KEY: u32 = 40;
export const NODE_MASK: u32 = 44;
export const NODE_FLAGS: u32 = 48;
export const NODE_MARKS: u32 = 52;
export const NODE_VISIT: u32 = 56;

// Flags of a node.
export const HAS_CHILDREN: u32 = 1;
export const WANTS_DIGEST: u32 = 2; // or the lines of a string: something that reads all of it
export const WANTS_LINES: u32 = 4;

export const SLOT_SIZE: u32 = 24;
export const SLOT_LENGTH: u32 = 8;
export const SLOT_KEY: u32 = 12;
export const SLOT_CHILD: u32 = 16;

export const SINK_SIZE: u32 = 24;
export const SINK_COLUMN: u32 = 4;
export const SINK_LIMIT: u32 = 8;
export const SINK_TAIL: u32 = 12;
export const SINK_AFTER: u32 = 16;
export const SINK_BEFORE: u32 = 20;

export const COLUMN_SIZE: u32 = 8;
export const COLUMN_VALID: u32 = 4;

export const TABLE_SIZE: u32 = 48;
export const TABLE_CAPACITY: u32 = 4;
export const TABLE_SOURCE: u32 = 8;
export const TABLE_LINE: u32 = 12;
export const TABLE_ITEM: u32 = 16;
export const TABLE_COLUMNS: u32 = 20;
export const TABLE_LINE_START: u32 = 24;
export const TABLE_RECORD_START: u32 = 28;
export const TABLE_ORDINAL_BASE: u32 = 32;

// Kinds of sink; the order of SINK_KINDS in layout.ts.
export const TEXT: u32 = 1;
export const INTEGER: u32 = 2;
export const DECIMAL: u32 = 3;
export const BOOLEAN: u32 = 4;
export const TIMESTAMP: u32 = 5;
export const UUID: u32 = 6;
export const KIND: u32 = 7;
export const DIGEST: u32 = 8;
export const SIZE: u32 = 9;
export const LINES: u32 = 10;
export const DIFF: u32 = 11;

// Reasons for a reject; the order of REASONS in reasons.ts.
export const NOT_AN_OBJECT: u32 = 1;
export const CUT_SHORT: u32 = 2;
export const UNEXPECTED: u32 = 3;
export const BAD_NUMBER: u32 = 4;
export const BAD_ESCAPE: u32 = 5;
export const CONTROL: u32 = 6;
export const AFTER_RECORD: u32 = 7;
export const TOO_DEEP: u32 = 8;
export const TOO_MANY_RECORDS: u32 = 9;
export const TOO_MANY_ROWS: u32 = 10;

// What was too small, besides a table (by its number).
export const ARENA: u32 = 0x10000;
export const POOL: u32 = 0x10001;

// Set once by the host.
export let root: u32 = 0;
export let tables: u32 = 0;
export let tableCount: u32 = 0;
export let arena: u32 = 0;
export let arenaEnd: u32 = 0;
export let pool: u32 = 0;
export let poolEnd: u32 = 0;
export let stack: u32 = 0;
export let stackWords: u32 = 0;
export let block: u32 = 0;
export let blockEnd: u32 = 0;
export let keepBytes: u32 = 0;
export let rejects: u32 = 0;
export let rejectCapacity: u32 = 0;

export function setPlan(rootNode: u32, tableList: u32, count: u32): void {
  root = rootNode;
  tables = tableList;
  tableCount = count;
}

export function setOutput(arenaFrom: u32, arenaTo: u32, rejectList: u32, capacity: u32): void {
  arena = arenaFrom;
  arenaEnd = arenaTo;
  arenaTop = arenaFrom;
  rejects = rejectList;
  rejectCapacity = capacity;
}

export function setScratch(poolFrom: u32, poolTo: u32, stackFrom: u32, words: u32, blockFrom: u32, blockTo: u32, keep: u32): void {
  pool = poolFrom;
  poolTop = poolFrom;
  poolEnd = poolTo;
  stack = stackFrom;
  stackWords = words;
  block = blockFrom;
  blockEnd = blockTo;
  keepBytes = keep;
}

// The fill of the output.
export let arenaTop: u32 = 0;
export let poolTop: u32 = 0;
export let rejectCount: u32 = 0;
export let full: bool = false;
export let fullWhat: u32 = 0;

export function setArenaTop(top: u32): void { arenaTop = top; }
export function setPoolTop(top: u32): void { poolTop = top; }
export function setFull(what: u32): u32 { full = true; fullWhat = what; return 0; }
export function clearFull(): void { full = false; }

// Where the scan is.
export let sourceNo: u32 = 0;
export let lineNo: u32 = 0;
export let itemNo: u32 = 0;
export function setSource(source: u32, line: u32): void { sourceNo = source; lineNo = line; }
export function setLine(line: u32): void { lineNo = line; }
export function setItem(item: u32): void { itemNo = item; }

// The last error: every parsing function returns 0 after fail().
export let errorAt: u32 = 0;
export let errorReason: u32 = 0;
export function fail(at: u32, reason: u32): u32 {
  errorAt = at;
  errorReason = load<u8>(at) == 10 ? CUT_SHORT : reason;
  return 0;
}

export function addReject(line: u32, at: u32, size: u32, reason: u32): void {
  const r = rejects + rejectCount * 16;
  store<u32>(r, line);
  store<u32>(r, at, 4);
  store<u32>(r, size, 8);
  store<u32>(r, reason, 12);
  rejectCount++;
}

// @ts-ignore: decorator
@inline export function setValid(column: u32, row: u32): void {
  const bits = load<u32>(column, COLUMN_VALID) + (row >> 3);
  store<u8>(bits, load<u8>(bits) | <u8>(<u32>1 << (row & 7)));
}

export function clearValid(column: u32, row: u32): void {
  const bits = load<u32>(column, COLUMN_VALID) + (row >> 3);
  store<u8>(bits, load<u8>(bits) & ~(<u8>(<u32>1 << (row & 7))));
}

/** A new row of `table`; sets `full` when there is no room. Validity bits past the last row are always zero. */
export function newRow(table: u32): u32 {
  const row = load<u32>(table);
  if (row >= load<u32>(table, TABLE_CAPACITY)) return setFull((table - tables) / TABLE_SIZE);
  store<u32>(table, row + 1);
  store<u32>(load<u32>(table, TABLE_SOURCE) + row * 4, sourceNo);
  store<u32>(load<u32>(table, TABLE_LINE) + row * 4, lineNo);
  const item = table == tables ? itemNo : itemNo * 65536 + row - load<u32>(table, TABLE_ORDINAL_BASE);
  store<u32>(load<u32>(table, TABLE_ITEM) + row * 4, item);
  return row;
}

/** Takes back the rows from `rows` on. */
export function truncateTable(table: u32, rows: u32): void {
  const old = load<u32>(table);
  if (old == rows) return;
  const list = load<u32>(table, TABLE_COLUMNS);
  const count = load<u32>(list);
  for (let i: u32 = 0; i < count; i++) {
    const valid = load<u32>(load<u32>(list + 4 + i * 4), COLUMN_VALID);
    const first = valid + (rows >> 3), last = valid + ((old - 1) >> 3);
    store<u8>(first, load<u8>(first) & <u8>((<u32>1 << (rows & 7)) - 1));
    if (last > first) memory.fill(first + 1, 0, last - first);
  }
  store<u32>(table, rows);
}

/** Empties the output after the host has written it. */
export function reset(): void {
  for (let t: u32 = 0; t < tableCount; t++) truncateTable(tables + t * TABLE_SIZE, 0);
  arenaTop = arena;
}

export function clearRejects(): void { rejectCount = 0; }
