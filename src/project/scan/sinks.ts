// From a value to the cells that the plan wants of it.

import { addedCount, digestPlain, digestText, lineCount, removedCount, textBytes, textEnd, textFrom, textHash } from './digest';
import { hash64 } from './hash';
import { beforeMark, behindMark } from './marks';
import { isExact, nextDigit, scaleNumber, scaled } from './number';
import {
  ARENA, BOOLEAN, COLUMN_SIZE, DECIMAL, DIFF, DIGEST, INTEGER, KIND, LINES, NODE_SINKS, NODE_SINK_COUNT, SINK_COLUMN, SINK_LIMIT, SINK_SIZE,
  SINK_AFTER, SINK_BEFORE, SINK_TAIL, SIZE, TEXT, TIMESTAMP, UUID, arena, arenaEnd, arenaTop, block, setArenaTop, setFull, setValid,
} from './state';
import { countCodePoints, decode, decodedTo, escaped, high } from './text';
import { MICROS_FROM, MICROS_TO, parseTime, timeOk } from './time';
import { parseUuid } from './uuid';

const KIND_STRING: i64 = 1, KIND_ARRAY: i64 = 2, KIND_OBJECT: i64 = 3, KIND_NUMBER: i64 = 4, KIND_BOOLEAN: i64 = 5;
const DECIMAL_END: i64 = 1000000000000000000;

// @ts-ignore: decorator
@inline function putLong(column: u32, row: u32, value: i64): void {
  store<i64>(load<u32>(column) + row * 8, value);
  setValid(column, row);
}

// @ts-ignore: decorator
@inline function putSlice(column: u32, row: u32, from: u32, length: u32): void {
  const cell = load<u32>(column) + row * 8;
  store<u32>(cell, from - arena);
  store<u32>(cell, length, 4);
  setValid(column, row);
}

/** Room for `bytes` in the arena and the slack that decode() and copy() want; else sets `full`. */
// @ts-ignore: decorator
@inline function hasRoom(bytes: u32): bool {
  if (arenaEnd - arenaTop >= bytes + 64) return true;
  setFull(ARENA);
  return false;
}

function copy(p: u32, n: u32, o: u32): void {
  for (let i: u32 = 0; i < n; i += 16) v128.store(o + i, v128.load(p + i));
}

/** The first `limit` code points of [s, e). */
function putText(column: u32, row: u32, s: u32, e: u32, limit: u32, raw: bool, plain: bool): void {
  const length = e - s;
  if (plain) {
    const n = min(length, limit);
    if (!hasRoom(n)) return;
    copy(s, n, arenaTop);
    putSlice(column, row, arenaTop, n);
    setArenaTop(arenaTop + n);
    return;
  }
  if (!hasRoom(min(length * 3, limit * 4))) return;
  const from = arenaTop;
  let o = from, left = limit;
  while (s < e && left) {
    const next = decode(s, e, o, o + left, raw);
    s = decodedTo;
    const n = countCodePoints(o, next);
    o = next;
    if (n >= left) {
      // decode() goes a little past its stop: take back what is too much
      for (let over = n - left; over; over--) { do { o--; } while ((load<u8>(o) & 0xc0) == 0x80); }
      break;
    }
    left -= n;
  }
  putSlice(column, row, from, o - from);
  setArenaTop(o);
}

/** The first `limit` code points of the valid UTF-8 in [from, end). */
function putHead(column: u32, row: u32, from: u32, end: u32, limit: u32): void {
  let p = from, left = limit;
  while (left && p < end) {
    const next = min(end, p + left);
    left -= countCodePoints(p, next);
    p = next;
  }
  while (p < end && (load<u8>(p) & 0xc0) == 0x80) p++;
  if (!hasRoom(p - from)) return;
  copy(from, p - from, arenaTop);
  putSlice(column, row, arenaTop, p - from);
  setArenaTop(arenaTop + p - from);
}

/** The last `limit` code points of the valid UTF-8 in [from, end). */
function putTail(column: u32, row: u32, from: u32, end: u32, limit: u32): void {
  let p = end;
  for (let left = limit; left && p > from; left--) { do { p--; } while ((load<u8>(p) & 0xc0) == 0x80 && p > from); }
  if (!hasRoom(end - p)) return;
  copy(p, end - p, arenaTop);
  putSlice(column, row, arenaTop, end - p);
  setArenaTop(arenaTop + end - p);
}

/** The last `tail` code points of a raw span: decoded from a byte that surely begins one, far enough back. */
function putRawTail(column: u32, row: u32, s: u32, e: u32, tail: u32): void {
  let p = e - s > tail * 4 + 4 ? e - tail * 4 - 4 : s;
  while (p > s && (load<u8>(p) & 0xc0) == 0x80) p--;
  digestText(p, e, 0, false, true);
  putTail(column, row, textFrom, textEnd, tail);
}

/** Is what the digest left in memory still there afterwards? */
function putDigest(sink: u32, row: u32, s: u32, e: u32, raw: bool, plain: bool): bool {
  const column = load<u32>(sink, SINK_COLUMN);
  putLong(column, row, <i64>textBytes);
  putLong(column + COLUMN_SIZE, row, <i64>textHash);
  const tail = load<u32>(sink, SINK_TAIL);
  if (tail) {
    if (raw) putRawTail(column + 3 * COLUMN_SIZE, row, s, e, tail);
    else putTail(column + 3 * COLUMN_SIZE, row, textFrom, textEnd, tail);
  }
  const preview = column + 2 * COLUMN_SIZE, limit = load<u32>(sink, SINK_LIMIT);
  if (!raw && !plain && textEnd - textFrom == textBytes) putHead(preview, row, textFrom, textEnd, limit); // it is still there, decoded
  else putText(preview, row, s, e, limit, raw, plain);
  return !putPartHash(sink, row, s, e, raw);
}

/** The hash of what stands between the marks, if there are any; it spends the digest of the whole. */
function putPartHash(sink: u32, row: u32, s: u32, e: u32, raw: bool): bool {
  const after = load<u32>(sink, SINK_AFTER), before = load<u32>(sink, SINK_BEFORE);
  if ((after | before) == 0) return false;
  const from = after ? behindMark(s, e, after) : s;
  const to = before ? beforeMark(from, e, before) : e;
  if (from == s && to == e) return false;
  if (raw) digestPlain(from, to, 0, false); else digestText(from, to, 0, false, false);
  putLong(load<u32>(sink, SINK_COLUMN) + COLUMN_SIZE, row, <i64>textHash);
  return true;
}

function putUuid(column: u32, row: u32, s: u32, e: u32, plain: bool): void {
  const cell = load<u32>(column) + row * 16;
  setValid(column, row);
  if (plain) {
    if (parseUuid(s, e, cell)) return;
    store<u64>(cell, bswap<u64>(hash64(s, e - s, 0)));
    store<u64>(cell, bswap<u64>(hash64(s, e - s, 1)), 8);
    return;
  }
  digestText(s, e, 0, false, false);
  if (textBytes == 36 && parseUuid(textFrom, textEnd, cell)) return;
  store<u64>(cell, bswap<u64>(textHash));
  digestText(s, e, 1, false, false);
  store<u64>(cell, bswap<u64>(textHash), 8);
}

/** The string that skipString() or, with `digested`, digestString() has just passed: [s, e) between its quotes. */
export function putString(node: u32, row: u32, s: u32, e: u32, digested: bool): void {
  const plain = !escaped && !high;
  let isDigested = digested, isCounted = digested;
  let sink = load<u32>(node, NODE_SINKS);
  for (let left = load<u32>(node, NODE_SINK_COUNT); left; left--, sink += SINK_SIZE) {
    const kind = load<u32>(sink);
    const column = load<u32>(sink, SINK_COLUMN);
    if (kind == TEXT) putText(column, row, s, e, load<u32>(sink, SINK_LIMIT), false, plain);
    else if (kind == TIMESTAMP) {
      const o = plain ? 0 : decode(s, e, block, block + 4096, false);
      if (!plain && decodedTo < e) continue; // far too long for a time
      const micros = plain ? parseTime(s, e) : parseTime(block, o);
      if (timeOk) putLong(column, row, micros);
      isDigested = false; // the block is spent
    } else if (kind == UUID) {
      putUuid(column, row, s, e, plain);
      isDigested = false;
    }
    else if (kind == KIND) putLong(column, row, KIND_STRING);
    else if (kind >= DIGEST) {
      const counting = kind == LINES || kind == DIFF;
      if (kind == SIZE && plain) { putLong(column, row, <i64>(e - s)); continue; }
      if (!isDigested || (counting && !isCounted)) {
        if (plain) digestPlain(s, e, 0, counting); else digestText(s, e, 0, counting, false);
        isDigested = true;
        isCounted = isCounted || counting;
      }
      if (kind == DIGEST) isDigested = putDigest(sink, row, s, e, false, plain);
      else if (kind == SIZE) putLong(column, row, <i64>textBytes);
      else if (kind == LINES) putLong(column, row, <i64>lineCount);
      else { putLong(column, row, <i64>addedCount); putLong(column + COLUMN_SIZE, row, <i64>removedCount); }
    }
  }
}

/** The object or array that stands at [s, e). */
export function putSpan(node: u32, row: u32, s: u32, e: u32): void {
  const kindOf = load<u8>(s) == 123 ? KIND_OBJECT : KIND_ARRAY;
  let sink = load<u32>(node, NODE_SINKS);
  for (let left = load<u32>(node, NODE_SINK_COUNT); left; left--, sink += SINK_SIZE) {
    const kind = load<u32>(sink);
    if (kind == KIND) putLong(load<u32>(sink, SINK_COLUMN), row, kindOf);
    else if (kind == DIGEST) { digestPlain(s, e, 0, false); putDigest(sink, row, s, e, true, false); }
  }
}

function putInteger(column: u32, row: u32, s: u32, e: u32): void {
  let p = s;
  const negative = load<u8>(p) == 45;
  if (negative) p++;
  if (e - p <= 18) {
    let value: i64 = 0;
    while (p < e) { const d = <u32>load<u8>(p) - 48; if (d > 9) break; value = value * 10 + d; p++; }
    if (p == e) { putLong(column, row, negative ? -value : value); return; }
  }
  if (scaleNumber(s, e, 0) && isExact) putLong(column, row, scaled);
}

/** The number at [s, e). */
export function putNumber(node: u32, row: u32, s: u32, e: u32): void {
  let sink = load<u32>(node, NODE_SINKS);
  for (let left = load<u32>(node, NODE_SINK_COUNT); left; left--, sink += SINK_SIZE) {
    const kind = load<u32>(sink);
    const column = load<u32>(sink, SINK_COLUMN);
    if (kind == INTEGER) putInteger(column, row, s, e);
    else if (kind == DECIMAL) {
      if (!scaleNumber(s, e, 9)) continue;
      const value = nextDigit >= 5 ? scaled + (load<u8>(s) == 45 ? -1 : 1) : scaled;
      if (value > -DECIMAL_END && value < DECIMAL_END) putLong(column, row, value);
    } else if (kind == TIMESTAMP) {
      if (scaleNumber(s, e, 3) && scaled >= MICROS_FROM && scaled < MICROS_TO) putLong(column, row, scaled);
    } else if (kind == KIND) putLong(column, row, KIND_NUMBER);
  }
}

export function putBoolean(node: u32, row: u32, value: bool): void {
  let sink = load<u32>(node, NODE_SINKS);
  for (let left = load<u32>(node, NODE_SINK_COUNT); left; left--, sink += SINK_SIZE) {
    const kind = load<u32>(sink);
    const column = load<u32>(sink, SINK_COLUMN);
    if (kind == BOOLEAN) { store<u8>(load<u32>(column) + row, value); setValid(column, row); }
    else if (kind == KIND) putLong(column, row, KIND_BOOLEAN);
  }
}
