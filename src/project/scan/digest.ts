// A whole string in one pass, without keeping it: hash, length in bytes, lines, lines of a diff.

import { hash64, hashBegin, hashEnd, hashStripes } from './hash';
import { block, blockEnd, keepBytes } from './state';
import { atQuote, clearMetOdd, decode, decodeString, decodedTo, metOdd, setEscaped } from './text';

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

// The stream through the block: where it is written next, what is not hashed yet, how much there was.
let top: u32 = 0, unhashed: u32 = 0, total: u32 = 0;

function streamBegin(seed: u64, counting: bool): void {
  hashBegin(seed);
  if (counting) countBegin();
  top = block;
  unhashed = block;
  total = 0;
}

/** Takes the piece that was decoded up to `o`. */
function streamPiece(o: u32, counting: bool): void {
  total += o - top;
  if (counting) countPiece(top, o);
  const whole = (o - unhashed) & ~31;
  hashStripes(unhashed, whole);
  unhashed += whole;
  top = o;
}

/** Makes room in the block, keeping what is not hashed and what a tail may need. */
function streamSlide(): void {
  const keep = min<u32>(unhashed, top - keepBytes);
  memory.copy(block, keep, top - keep);
  unhashed -= keep - block;
  top -= keep - block;
}

function streamEnd(): void {
  textHash = hashEnd(unhashed, top - unhashed, total);
  textBytes = total;
  textFrom = block;
  textEnd = top;
}

/** The same, decoding through a small block; `raw` leaves backslashes alone. */
export function digestText(s: u32, e: u32, seed: u64, counting: bool, raw: bool): void {
  streamBegin(seed, counting);
  while (true) {
    const o = decode(s, e, top, blockEnd, raw);
    s = decodedTo;
    streamPiece(o, counting);
    if (s >= e) break;
    streamSlide();
  }
  streamEnd();
}

/** The same for a string not passed yet: from the first byte after its opening quote to the closing quote; 0 after fail(). */
export function digestString(s: u32, counting: bool): u32 {
  streamBegin(0, counting);
  clearMetOdd();
  while (true) {
    const o = decodeString(s, top, blockEnd);
    if (!o) return 0;
    s = decodedTo;
    streamPiece(o, counting);
    if (atQuote) break;
    streamSlide();
  }
  streamEnd();
  setEscaped(metOdd);
  return s;
}
