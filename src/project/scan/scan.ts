// The scanner: JSON Lines in memory to columns in memory. No allocation, no runtime: the host lays out the memory.

export { encode, presentCount } from './encode';
export { hash64 } from './hash';
export { clearRejects, fullWhat, lineNo, rejectCount, reset, setOutput, setPlan, setScratch, setSource } from './state';

import { readValue } from './walk';
import { skipSpace } from './skip';
import {
  AFTER_RECORD, CUT_SHORT, NOT_AN_OBJECT, TABLE_LINE_START, TABLE_ORDINAL_BASE, TABLE_RECORD_START, TABLE_SIZE, TOO_DEEP, TOO_MANY_RECORDS, TOO_MANY_ROWS,
  addReject, arenaTop, clearFull, errorAt, errorReason, full, lineNo, newRow, pool, rejectCapacity, rejectCount, root, setArenaTop, setItem, setLine,
  setPoolTop, tableCount, tables, truncateTable,
} from './state';

// What scan() came to.
const DONE: u32 = 0; // all of the input is taken
const FLUSH: u32 = 1; // the output is full: write it, reset() and call again from where it stopped
const GROW: u32 = 2; // one line alone does not fit the empty output: `fullWhat` is too small
const PENDING: u32 = 3; // the unterminated last line is not complete
export let status: u32 = DONE;

const BYTE_ORDER_MARK: u32 = 0xbfbbef;
const RECORD_START: u32 = 0x227b; // {"
const MOST_RECORDS: u32 = 32000; // on one line, so that item_no fits 32 bits

function findNewline(p: u32): u32 {
  const newline = i8x16.splat(10);
  while (true) {
    const m: u32 = i8x16.bitmask(i8x16.eq(v128.load(p), newline));
    if (m) return p + ctz(m);
    p += 16;
  }
}

function beginLine(): void {
  for (let t: u32 = 0; t < tableCount; t++) {
    const table = tables + t * TABLE_SIZE, rows = load<u32>(table);
    store<u32>(table, rows, TABLE_LINE_START);
    store<u32>(table, rows, TABLE_RECORD_START);
    store<u32>(table, rows, TABLE_ORDINAL_BASE);
  }
}

function beginRecord(): void {
  for (let t: u32 = 0; t < tableCount; t++) { const table = tables + t * TABLE_SIZE; store<u32>(table, load<u32>(table), TABLE_RECORD_START); }
}

function undoTo(start: u32): void {
  for (let t: u32 = 0; t < tableCount; t++) { const table = tables + t * TABLE_SIZE; truncateTable(table, load<u32>(table + start)); }
  setPoolTop(pool);
}

/** Takes a record's rows back but leaves the ordinals as if they were there. */
function dropRecord(): void {
  for (let t: u32 = 0; t < tableCount; t++) {
    const table = tables + t * TABLE_SIZE, from = load<u32>(table, TABLE_RECORD_START);
    store<u32>(table, load<u32>(table, TABLE_ORDINAL_BASE) + from - load<u32>(table), TABLE_ORDINAL_BASE);
    truncateTable(table, from);
  }
}

function isEmpty(): bool {
  for (let t: u32 = 0; t < tableCount; t++) if (load<u32>(tables + t * TABLE_SIZE)) return false;
  return true;
}

/**
 * Where a record may stand behind a torn one, which begins at `start` and goes wrong at `at`; 0 for nowhere. A writer that was
 * killed leaves a piece of a record, one that lost power also zero bytes, and the next one writes on at once. In a text the
 * piece ends at the quote of the record's first key; the place of its brace elsewhere is where the piece cannot go on.
 */
function recordBehind(start: u32, at: u32, reason: u32): u32 {
  if (reason == CUT_SHORT || reason == TOO_DEEP || reason == TOO_MANY_RECORDS) return 0;
  if (at > start + 2 && load<u16>(at - 2) == RECORD_START) return at - 2;
  while (load<u8>(at) == 0) at++;
  return at > start && load<u16>(at) == RECORD_START ? at : 0;
}

/** Ends a line with a reject from `at` on. Returns the start of the next line. */
function rejectRest(at: u32, from: u32, reason: u32): u32 {
  const newline = findNewline(from);
  let end = newline;
  while (end > at && load<u8>(end - 1) == 13) end--;
  addReject(lineNo, at, end - at, reason);
  return newline + 1;
}

/**
 * Scans the lines of [p, end); the byte before `end` is a newline. Records that begin before `takeFrom` have been taken by an earlier
 * scan and only count. With `isTail` it is one line, which had no newline in the file. `giveUp` rejects the first line, which no
 * output can hold. Returns the start of the first line not taken.
 */
export function scan(p: u32, end: u32, takeFrom: u32, isTail: bool, giveUp: bool): u32 {
  status = DONE;
  clearFull();
  if (giveUp) {
    setLine(lineNo + 1);
    p = rejectRest(p, p, TOO_MANY_ROWS);
  }
  while (p < end) {
    const start = p;
    if (rejectCount >= rejectCapacity) { status = FLUSH; return start; }
    const top = arenaTop;
    setLine(lineNo + 1);
    if ((load<u32>(p) & 0xffffff) == BYTE_ORDER_MARK) p += 3; // files that were joined have one in the middle
    p = skipSpace(p);
    if (load<u8>(p) == 10 && !isTail) { p++; continue; }
    beginLine();
    let item: u32 = 0, recordTop = top;
    let torn: u32 = 0, tornReason: u32 = 0; // the piece before the record at `p`, which then has to end the line
    while (true) {
      setItem(item);
      let q: u32 = 0, reason: u32 = 0, from = p;
      if (load<u8>(p) != 123) reason = item ? AFTER_RECORD : NOT_AN_OBJECT;
      else if (item >= MOST_RECORDS) reason = TOO_MANY_RECORDS;
      else {
        const row = newRow(tables);
        if (!full) q = readValue(p, root, row);
        if (full) {
          undoTo(TABLE_LINE_START);
          setArenaTop(top);
          setLine(lineNo - 1);
          status = isEmpty() ? GROW : FLUSH;
          return start;
        }
        if (!q) { reason = errorReason; from = errorAt; }
      }
      if (q && torn && load<u8>(skipSpace(q)) != 10) q = 0;
      if (!q) {
        if (isTail) {
          undoTo(TABLE_LINE_START);
          setArenaTop(top);
          setLine(lineNo - 1);
          status = PENDING;
          return start;
        }
        undoTo(TABLE_RECORD_START);
        setArenaTop(recordTop);
        const next = torn ? 0 : recordBehind(p, from, reason);
        if (!next) { p = rejectRest(torn || (item ? p : start), from, torn ? tornReason : reason); break; }
        torn = item ? p : start;
        tornReason = reason;
        p = next;
        continue;
      }
      if (torn) addReject(lineNo, torn, p - torn, CUT_SHORT);
      if (p < takeFrom) { dropRecord(); setArenaTop(recordTop); }
      p = skipSpace(q);
      if (load<u8>(p) == 10) { p++; break; }
      item++;
      recordTop = arenaTop;
      beginRecord();
    }
  }
  return p;
}
