// A whole string in one pass, without keeping it: hash, length in bytes, lines, lines of a diff.

import { hash64, hashBegin, hashEnd, hashStripes } from './hash';
import { block, blockEnd, keepBytes } from './state';
import { decode, decodedTo } from './text';

// The results of digestText() and digestPlain().
export let textHash: u64 = 0;
export let textBytes: u32 = 0;
export let lineCount: u32 = 0;
export let addedCount: u32 = 0;
export let removedCount: u32 = 0;
/** The end of the decoded text in memory; at least its last `keepBytes` bytes stand before it, from `textFrom` on. */
export let textEnd: u32 = 0;
export let textFrom: u32 = 0;

// Within a line: 0 at its start, 1 after `+`, 2 after `++`, 3 after `-`, 4 after `--`, 5 in the rest of it.
let place: u32 = 0;

function countBegin(): void { lineCount = 0; addedCount = 0; removedCount = 0; place = 0; }

/** Counts over one piece of decoded text; a line is counted when its first byte is met. */
function countPiece(p: u32, end: u32): void {
  const newline = i8x16.splat(10);
  while (p < end) {
    if (place == 5) {
      const m: u32 = i8x16.bitmask(i8x16.eq(v128.load(p), newline));
      if (!m) { p += 16; continue; }
      p += ctz(m);
      if (p >= end) return;
      p++;
      place = 0;
      continue;
    }
    const c: u32 = load<u8>(p++);
    if (place == 0) lineCount++;
    if (c == 10) { place = 0; continue; }
    if (place == 0) {
      if (c == 43) { addedCount++; place = 1; } else if (c == 45) { removedCount++; place = 3; } else place = 5;
    } else if (place == 1) place = c == 43 ? 2 : 5;
    else if (place == 3) place = c == 45 ? 4 : 5;
    else {
      if (place == 2 && c == 43) addedCount--;
      if (place == 4 && c == 45) removedCount--;
      place = 5;
    }
  }
}

/** The text of [s, e), known to need no decoding. */
export function digestPlain(s: u32, e: u32, seed: u64, counting: bool): void {
  textHash = hash64(s, e - s, seed);
  textBytes = e - s;
  textFrom = s;
  textEnd = e;
  if (counting) { countBegin(); countPiece(s, e); }
}

/** The same, decoding through a small block; `raw` leaves backslashes alone. */
export function digestText(s: u32, e: u32, seed: u64, counting: bool, raw: bool): void {
  hashBegin(seed);
  if (counting) countBegin();
  let o = block, unhashed = block, total: u32 = 0;
  while (true) {
    const from = o;
    o = decode(s, e, o, blockEnd, raw);
    s = decodedTo;
    total += o - from;
    if (counting) countPiece(from, o);
    const whole = (o - unhashed) & ~31;
    hashStripes(unhashed, whole);
    unhashed += whole;
    if (s >= e) break;
    const keep = min<u32>(unhashed, o - keepBytes);
    memory.copy(block, keep, o - keep);
    unhashed -= keep - block;
    o -= keep - block;
  }
  textHash = hashEnd(unhashed, o - unhashed, total);
  textBytes = total;
  textFrom = block;
  textEnd = o;
}
