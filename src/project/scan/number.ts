// JSON numbers: the grammar, and exact conversion to scaled integers without floating point.

import { BAD_NUMBER, fail } from './state';

// @ts-ignore: decorator
@inline function isDigit(c: u32): bool { return c - 48 < 10; }

/** From the first byte of a number (`-` or a digit) to one past its end; 0 after fail(). */
export function skipNumber(p: u32): u32 {
  if (load<u8>(p) == 45) p++;
  let c: u32 = load<u8>(p);
  if (c == 48) c = load<u8>(++p);
  else {
    if (!isDigit(c)) return fail(p, BAD_NUMBER);
    do { c = load<u8>(++p); } while (isDigit(c));
  }
  if (c == 46) {
    c = load<u8>(++p);
    if (!isDigit(c)) return fail(p, BAD_NUMBER);
    do { c = load<u8>(++p); } while (isDigit(c));
  }
  if ((c | 32) == 101) {
    c = load<u8>(++p);
    if (c == 43 || c == 45) c = load<u8>(++p);
    if (!isDigit(c)) return fail(p, BAD_NUMBER);
    do { c = load<u8>(++p); } while (isDigit(c));
  }
  return p;
}

/** Of the last scaleNumber(): the number times 10^scale, cut; was anything cut off; the first digit cut off. */
export let scaled: i64 = 0;
export let isExact: bool = false;
export let nextDigit: u32 = 0;

/** The valid JSON number of [p, end) times 10^scale, without its fraction. False when that does not fit 64 bits. */
export function scaleNumber(p: u32, end: u32, scale: i32): bool {
  const negative = load<u8>(p) == 45;
  if (negative) p++;
  // where the exponent begins, and what it says
  let mark = p, point: u32 = 0;
  while (mark < end) {
    const c: u32 = load<u8>(mark);
    if (c == 46) point = mark;
    else if ((c | 32) == 101) break;
    mark++;
  }
  let exponent: i64 = 0;
  if (mark < end) {
    let q = mark + 1;
    const sign: u32 = load<u8>(q);
    if (sign == 43 || sign == 45) q++;
    while (q < end) { if (exponent < 1000000000000) exponent = exponent * 10 + (load<u8>(q) - 48); q++; }
    if (sign == 45) exponent = -exponent;
  }
  // leading zeros say nothing; then `left` digits stand before the scaled point
  let left: i64 = (point ? <i64>(point - p) : <i64>(mark - p)) + exponent + scale;
  while (p < mark) {
    const c: u32 = load<u8>(p);
    if (c == 48) left--;
    else if (c != 46) break;
    p++;
  }
  scaled = 0; isExact = true; nextDigit = 0;
  if (p == mark) return true; // zero
  if (left > 19) return false;
  let value: u64 = 0, next = true;
  while (left > 0) {
    if (p < mark && load<u8>(p) == 46) p++;
    if (p < mark) value = value * 10 + (load<u8>(p++) - 48);
    else value *= 10;
    left--;
  }
  if (left < 0) next = false;
  while (p < mark) {
    const c: u32 = load<u8>(p++);
    if (c == 46) continue;
    if (next) { nextDigit = c - 48; next = false; }
    if (c != 48) isExact = false;
  }
  if (value > (negative ? <u64>0x8000000000000000 : <u64>0x7fffffffffffffff)) return false;
  scaled = negative ? <i64>(0 - value) : <i64>value;
  return true;
}
