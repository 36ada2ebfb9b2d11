// Passing over values that nobody asked for, with JSON's whole grammar, whatever their depth.

import { TOO_DEEP, UNEXPECTED, fail, stack, stackWords } from './state';
import { skipNumber } from './number';
import { skipString } from './text';

/** Past white space; a newline is not part of a line. */
// @ts-ignore: decorator
@inline export function skipSpace(p: u32): u32 {
  let c: u32 = load<u8>(p);
  while (c <= 32 && (c == 32 || c == 9 || c == 13)) c = load<u8>(++p);
  return p;
}

/** true, false, null or a number. */
export function skipScalar(p: u32): u32 {
  const word = load<u32>(p);
  if (word == 0x65757274 || word == 0x6c6c756e) return p + 4;
  if (word == 0x736c6166 && load<u8>(p, 4) == 101) return p + 5;
  const c: u32 = load<u8>(p);
  if (c == 45 || c - 48 < 10) return skipNumber(p);
  return fail(p + wordLength(p), UNEXPECTED);
}

/** How many bytes at `p` begin one of the words. */
function wordLength(p: u32): u32 {
  const c: u32 = load<u8>(p);
  const word: u64 = c == 116 ? 0x65757274 : c == 110 ? 0x6c6c756e : c == 102 ? 0x65736c6166 : 0;
  const same = ctz(load<u64>(p) ^ word) >> 3;
  return word ? <u32>same : 0;
}

/** From a key's opening quote to the first byte of its value. */
// @ts-ignore: decorator
@inline function skipKey(p: u32): u32 {
  if (load<u8>(p) != 34) return fail(p, UNEXPECTED);
  p = skipString(p + 1);
  if (!p) return 0;
  p = skipSpace(p + 1);
  if (load<u8>(p) != 58) return fail(p, UNEXPECTED);
  return skipSpace(p + 1);
}

/** From the first byte of a value to one past its end; 0 after fail(). Nesting costs one bit a level. */
export function skipValue(p: u32): u32 {
  let depth: u32 = 0; // of open containers; whether each is an object stands in `bits`, the older ones on the stack
  let bits: u64 = 0;
  while (true) {
    const c: u32 = load<u8>(p);
    if (c == 34) {
      p = skipString(p + 1);
      if (!p) return 0;
      p++;
    } else if ((c | 32) == 123) { // { or [
      const isObject = c == 123;
      p = skipSpace(p + 1);
      if (load<u8>(p) == c + 2) p++;
      else {
        if (depth && (depth & 63) == 0) {
          const word = (depth >> 6) - 1;
          if (word >= stackWords) return fail(p, TOO_DEEP);
          store<u64>(stack + word * 8, bits);
        }
        depth++;
        bits = (bits << 1) | <u64>isObject;
        if (isObject) { p = skipKey(p); if (!p) return 0; }
        continue;
      }
    } else {
      p = skipScalar(p);
      if (!p) return 0;
    }
    while (true) {
      if (!depth) return p;
      p = skipSpace(p);
      const d: u32 = load<u8>(p);
      const inObject = (bits & 1) != 0;
      if (d == 44) {
        p = skipSpace(p + 1);
        if (inObject) { p = skipKey(p); if (!p) return 0; }
        break;
      }
      if (d != (inObject ? 125 : 93)) return fail(p, UNEXPECTED);
      p++;
      depth--;
      bits >>= 1;
      if (depth && (depth & 63) == 0) bits = load<u64>(stack + ((depth >> 6) - 1) * 8);
    }
  }
}
