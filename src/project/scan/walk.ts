// Walking a record along the plan's trie: declared children to their columns, everything else past.

import { digestString, digestText, textHash } from './digest';
import { hash64 } from './hash';
import { putBoolean, putNumber, putSpan, putString } from './sinks';
import { skipScalar, skipSpace, skipValue } from './skip';
import {
  HAS_CHILDREN, NODE_ELEMENT, NODE_ENTRY, NODE_FLAGS, NODE_KEY, NODE_MARKS, NODE_MASK, NODE_MULTIPLIER, NODE_SHIFT, NODE_SINK_COUNT, NODE_SLOTS, NODE_TABLE,
  NODE_UNDO, NODE_VISIT, POOL, SLOT_CHILD, SLOT_KEY, SLOT_LENGTH, SLOT_SIZE, UNEXPECTED, WANTS_DIGEST, WANTS_LINES, block, clearValid, fail, full, newRow, poolEnd,
  poolTop, setFull, setPoolTop, truncateTable,
} from './state';
import { decode, decodedTo, escaped, high, skipString } from './text';

let visits: u64 = 0; // of objects

/** The child of `node` by the key of `length` bytes at `s`; 0 for none. Slots by a hash of the first eight bytes that the host chose. */
// @ts-ignore: decorator
@inline function findChild(node: u32, s: u32, length: u32): u32 {
  const first = length >= 8 ? load<u64>(s) : load<u64>(s) & ((<u64>1 << (length << 3)) - 1);
  const mask = load<u32>(node, NODE_MASK);
  const slots = load<u32>(node, NODE_SLOTS);
  let i = <u32>(((first + length) * load<u64>(node, NODE_MULTIPLIER)) >> load<u32>(node, NODE_SHIFT));
  while (true) {
    const slot = slots + (i & mask) * SLOT_SIZE;
    const child = load<u32>(slot, SLOT_CHILD);
    if (!child) return 0;
    if (load<u64>(slot) == first && load<u32>(slot, SLOT_LENGTH) == length && (length <= 8 || isSame(load<u32>(slot, SLOT_KEY), s, length))) return child;
    i++;
  }
}

/** Equal from byte 8 on; overlapping words spare a loop over bytes. */
function isSame(a: u32, b: u32, length: u32): bool {
  let i: u32 = 8;
  while (i + 8 <= length) { if (load<u64>(a + i) != load<u64>(b + i)) return false; i += 8; }
  return load<u64>(a + length - 8) == load<u64>(b + length - 8);
}

/** A key met again in one object: takes back all that its first value gave. */
function undo(child: u32, row: u32): void {
  let list = load<u32>(child, NODE_UNDO);
  const columns = load<u32>(list);
  list += 4;
  for (let i: u32 = 0; i < columns; i++, list += 4) clearValid(load<u32>(list), row);
  list = load<u32>(child, NODE_MARKS);
  if (!list) return;
  const count = load<u32>(list);
  list += 4;
  for (let i: u32 = 0; i < count; i++, list += 8) truncateTable(load<u32>(list), load<u32>(list, 4));
}

/** Remembers how far the tables below `child` are filled, for undo(). */
// @ts-ignore: decorator
@inline function mark(child: u32): void {
  let list = load<u32>(child, NODE_MARKS);
  if (!list) return;
  const count = load<u32>(list);
  list += 4;
  for (let i: u32 = 0; i < count; i++, list += 8) store<u32>(list, load<u32>(load<u32>(list)), 4);
}

/** The declared value at `p`, into `row` of the table that `node` belongs to. One past its end, or 0 after fail() or setFull(). */
export function readValue(p: u32, node: u32, row: u32): u32 {
  const c: u32 = load<u8>(p);
  if (c == 34) {
    const flags = load<u32>(node, NODE_FLAGS);
    const streams = (flags & WANTS_DIGEST) != 0;
    const e = streams ? digestString(p + 1, (flags & WANTS_LINES) != 0) : skipString(p + 1);
    if (!e) return 0;
    putString(node, row, p + 1, e, streams);
    return full ? 0 : e + 1;
  }
  if ((c | 32) == 123) {
    let e: u32 = 0;
    if (c == 123) {
      const entry = load<u32>(node, NODE_ENTRY);
      if (load<u32>(node, NODE_FLAGS) & HAS_CHILDREN) { e = readObject(p, node, row); if (!e) return 0; }
      if (entry) { e = readEntries(p, entry); if (!e) return 0; }
    } else {
      const element = load<u32>(node, NODE_ELEMENT);
      if (element) { e = readElements(p, element); if (!e) return 0; }
    }
    if (!e) { e = skipValue(p); if (!e) return 0; }
    if (load<u32>(node, NODE_SINK_COUNT)) putSpan(node, row, p, e);
    return full ? 0 : e;
  }
  const e = skipScalar(p);
  if (!e) return 0;
  if (c == 116 || c == 102) putBoolean(node, row, c == 116);
  else if (c != 110) putNumber(node, row, p, e);
  return e;
}

/** The object at `p`. */
function readObject(p: u32, node: u32, row: u32): u32 {
  const visit = ++visits;
  p = skipSpace(p + 1);
  if (load<u8>(p) == 125) return p + 1;
  while (true) {
    if (load<u8>(p) != 34) return fail(p, UNEXPECTED);
    const s = p + 1;
    const e = skipString(s);
    if (!e) return 0;
    let child: u32;
    if (escaped) {
      const o = decode(s, e, block, block + 4096, false);
      child = decodedTo == e ? findChild(node, block, o - block) : 0;
    } else child = findChild(node, s, e - s);
    p = skipSpace(e + 1);
    if (load<u8>(p) != 58) return fail(p, UNEXPECTED);
    p = skipSpace(p + 1);
    if (!child) p = skipValue(p);
    else {
      if (load<u64>(child, NODE_VISIT) == visit) undo(child, row);
      else { store<u64>(child, visit, NODE_VISIT); mark(child); }
      p = readValue(p, child, row);
    }
    if (!p) return 0;
    p = skipSpace(p);
    const c: u32 = load<u8>(p);
    if (c == 125) return p + 1;
    if (c != 44) return fail(p, UNEXPECTED);
    p = skipSpace(p + 1);
  }
}

/** The array at `p`: one row per element, if `element` has a table. */
function readElements(p: u32, element: u32): u32 {
  const table = load<u32>(element, NODE_TABLE);
  p = skipSpace(p + 1);
  if (load<u8>(p) == 93) return p + 1;
  while (true) {
    const row = table ? newRow(table) : 0;
    if (full) return 0;
    p = readValue(p, element, row);
    if (!p) return 0;
    p = skipSpace(p);
    const c: u32 = load<u8>(p);
    if (c == 93) return p + 1;
    if (c != 44) return fail(p, UNEXPECTED);
    p = skipSpace(p + 1);
  }
}

/** From the opening quote of a key to the first byte of its value; 0 after fail(). Sets keyEnd. */
let keyEnd: u32 = 0;
function passKey(p: u32): u32 {
  if (load<u8>(p) != 34) return fail(p, UNEXPECTED);
  keyEnd = skipString(p + 1);
  if (!keyEnd) return 0;
  p = skipSpace(keyEnd + 1);
  if (load<u8>(p) != 58) return fail(p, UNEXPECTED);
  return skipSpace(p + 1);
}

/**
 * The object at `p`: one row per entry, if `entry` has a table. Of entries with the same key the last counts, as in JSON.parse; so a
 * first pass notes the hashes of all keys and where each comes last.
 */
function readEntries(p: u32, entry: u32): u32 {
  const hashes = poolTop;
  let count: u32 = 0, q = skipSpace(p + 1);
  if (load<u8>(q) == 125) return q + 1;
  while (true) {
    const s = q + 1;
    q = passKey(q);
    if (!q) return 0;
    if (hashes + (count + 1) * 8 > poolEnd) return setFull(POOL);
    let h: u64;
    if (escaped || high) { digestText(s, keyEnd, 0, false, false); h = textHash; } else h = hash64(s, keyEnd - s, 0);
    store<u64>(hashes + count * 8, h);
    count++;
    q = skipValue(q);
    if (!q) return 0;
    q = skipSpace(q);
    const c: u32 = load<u8>(q);
    if (c == 125) break;
    if (c != 44) return fail(q, UNEXPECTED);
    q = skipSpace(q + 1);
  }
  // an open table of (hash, ordinal of its last entry + 1)
  const lasts = hashes + count * 8;
  let slots: u32 = 4;
  while (slots < count * 2) slots <<= 1;
  if (lasts + slots * 16 > poolEnd) return setFull(POOL);
  memory.fill(lasts, 0, slots * 16);
  for (let i: u32 = 0; i < count; i++) {
    const h = load<u64>(hashes + i * 8);
    store<u32>(findLast(lasts, slots - 1, h), i + 1, 8);
  }
  setPoolTop(lasts + slots * 16);
  const end = readEntryRows(p, entry, hashes, lasts, slots - 1);
  setPoolTop(hashes);
  return end;
}

function findLast(lasts: u32, mask: u32, h: u64): u32 {
  let i = <u32>h & mask;
  while (true) {
    const slot = lasts + i * 16;
    if (!load<u32>(slot, 8)) { store<u64>(slot, h); return slot; }
    if (load<u64>(slot) == h) return slot;
    i = (i + 1) & mask;
  }
}

function readEntryRows(p: u32, entry: u32, hashes: u32, lasts: u32, mask: u32): u32 {
  const table = load<u32>(entry, NODE_TABLE), key = load<u32>(entry, NODE_KEY);
  p = skipSpace(p + 1);
  let i: u32 = 0;
  while (true) {
    const s = p + 1;
    p = passKey(p);
    if (!p) return 0;
    if (load<u32>(findLast(lasts, mask, load<u64>(hashes + i * 8)), 8) != i + 1) p = skipValue(p);
    else {
      const row = table ? newRow(table) : 0;
      if (full) return 0;
      if (key) putString(key, row, s, keyEnd, false);
      if (full) return 0;
      p = readValue(p, entry, row);
    }
    if (!p) return 0;
    p = skipSpace(p);
    if (load<u8>(p) == 125) return p + 1;
    p = skipSpace(p + 1);
    i++;
  }
}
