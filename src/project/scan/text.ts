// JSON strings: finding the end of one (with validation), and decoding it to valid UTF-8.

import { BAD_ESCAPE, CONTROL, fail } from './state';

const NOT_HEX: u32 = 0xffffffff;

// What stands for the byte after a backslash, from `"` (34) to `t` (116); 0 where JSON knows no such escape, and for `u`.
const ESCAPES = memory.data<u8>([
  34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 92, 0, 0, 0, 0, 0, 8, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 13, 0, 9,
]);

// @ts-ignore: decorator
@inline function unescape(e: u32): u32 { return e - 34 < 83 ? load<u8>(<u32>ESCAPES + e - 34) : 0; }

// @ts-ignore: decorator
@inline function hexDigit(c: u32): u32 {
  const digit = c - 48;
  if (digit < 10) return digit;
  const letter = (c | 32) - 97;
  return letter < 6 ? letter + 10 : NOT_HEX;
}

/** Four hexadecimal digits, or NOT_HEX. */
export function hex4(p: u32): u32 {
  const a = hexDigit(load<u8>(p)), b = hexDigit(load<u8>(p, 1)), c = hexDigit(load<u8>(p, 2)), d = hexDigit(load<u8>(p, 3));
  return (a | b | c | d) > 15 ? NOT_HEX : (a << 12) | (b << 8) | (c << 4) | d;
}

/** Fails at the first byte that no escape at `p` goes on with. */
function failEscape(p: u32): u32 {
  if (load<u8>(++p) == 117) do { p++; } while (hexDigit(load<u8>(p)) != NOT_HEX);
  return fail(p, BAD_ESCAPE);
}

// Of the string that skipString() passed last: has it escapes; may it have bytes from 0x80 on.
export let escaped: bool = false;
export let high: bool = false;

/** From the first byte after the opening quote to the closing quote; 0 after fail(). */
export function skipString(p: u32): u32 {
  const quote = i8x16.splat(34), slash = i8x16.splat(92), space = i8x16.splat(32);
  let seen = i8x16.splat(0);
  let hasEscape = false;
  while (true) {
    const v = v128.load(p);
    seen = v128.or(seen, v);
    const stop: u32 = i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, quote), i8x16.eq(v, slash)), i8x16.lt_u(v, space)));
    if (!stop) { p += 16; continue; }
    p += ctz(stop);
    const c: u32 = load<u8>(p);
    if (c == 34) {
      escaped = hasEscape;
      high = i8x16.bitmask(seen) != 0;
      return p;
    }
    if (c != 92) return fail(p, CONTROL);
    hasEscape = true;
    const e: u32 = load<u8>(p, 1);
    if (unescape(e)) { p += 2; continue; }
    if (e != 117 || hex4(p + 2) == NOT_HEX) return failEscape(p);
    p += 6;
  }
}


// @ts-ignore: decorator
@inline function storeCodePoint(o: u32, cp: u32): u32 {
  if (cp < 0x80) { store<u8>(o, cp); return o + 1; }
  if (cp < 0x800) { store<u8>(o, 0xc0 | (cp >> 6)); store<u8>(o, 0x80 | (cp & 63), 1); return o + 2; }
  if (cp < 0x10000) {
    store<u8>(o, 0xe0 | (cp >> 12)); store<u8>(o, 0x80 | ((cp >> 6) & 63), 1); store<u8>(o, 0x80 | (cp & 63), 2);
    return o + 3;
  }
  store<u8>(o, 0xf0 | (cp >> 18)); store<u8>(o, 0x80 | ((cp >> 12) & 63), 1);
  store<u8>(o, 0x80 | ((cp >> 6) & 63), 2); store<u8>(o, 0x80 | (cp & 63), 3);
  return o + 4;
}

/** Where the last decode() or decodeString() stopped reading. */
export let decodedTo: u32 = 0;

/** The escape at `p`, known to be valid, to `o`; reading goes on at decodedTo. Returns the end of the output. */
// @ts-ignore: decorator
@inline function decodeEscape(p: u32, o: u32): u32 {
  const e: u32 = load<u8>(p, 1);
  if (e != 117) { store<u8>(o, unescape(e)); decodedTo = p + 2; return o + 1; }
  return decodeUnicode(p, o);
}

function decodeUnicode(p: u32, o: u32): u32 {
  let cp = hex4(p + 2);
  p += 6;
  if ((cp & 0xf800) == 0xd800) {
    const low = cp < 0xdc00 && load<u16>(p) == 0x755c ? hex4(p + 2) : 0;
    if ((low & 0xfffffc00) == 0xdc00) { cp = 0x10000 + ((cp & 0x3ff) << 10) + (low & 0x3ff); p += 6; }
    else cp = 0xfffd;
  }
  decodedTo = p;
  return storeCodePoint(o, cp);
}

/** The bytes from 0x80 on at `p` to `o`, a run of them while the output is below `stop`; reading goes on at decodedTo. */
function decodeHigh(p: u32, end: u32, o: u32, stop: u32): u32 {
  let c: u32 = load<u8>(p);
  do {
    // the common cases first: two or three bytes, well-formed
    const w = load<u32>(p);
    if (c >= 0xe1 && c < 0xed && (w & 0xc0c000) == 0x808000 && p + 3 <= end) {
      store<u32>(o, w);
      o += 3; p += 3;
    } else if (c >= 0xc2 && c < 0xe0 && (w & 0xc000) == 0x8000 && p + 2 <= end) {
      store<u32>(o, w);
      o += 2; p += 2;
    } else {
      let more: u32 = 0, low: u32 = 0x80, top: u32 = 0xbf;
      if (c >= 0xc2 && c < 0xe0) more = 1;
      else if (c >= 0xe0 && c < 0xf0) { more = 2; if (c == 0xe0) low = 0xa0; else if (c == 0xed) top = 0x9f; }
      else if (c >= 0xf0 && c < 0xf5) { more = 3; if (c == 0xf0) low = 0x90; else if (c == 0xf4) top = 0x8f; }
      let q = p + 1, ok = more != 0;
      while (more) {
        const b: u32 = load<u8>(q);
        if (b < low || b > top || q >= end) { ok = false; break; }
        low = 0x80; top = 0xbf;
        q++; more--;
      }
      if (ok) { store<u32>(o, load<u32>(p)); o += q - p; }
      else { store<u32>(o, 0x00bdbfef); o += 3; }
      p = q;
    }
    c = load<u8>(p);
  } while (c >= 0x80 && p < end && o < stop);
  decodedTo = p;
  return o;
}

/**
 * Decodes [p, end) to `o` until the input ends or the output reaches `stop`; returns the end of the output.
 * Writes up to 32 bytes past `stop`. Invalid UTF-8 becomes U+FFFD exactly as the WHATWG decoder does it, and so does a lone
 * surrogate escape. With `raw` backslashes are plain bytes.
 */
export function decode(p: u32, end: u32, o: u32, stop: u32, raw: bool): u32 {
  const slash = i8x16.splat(raw ? -1 : 92);
  while (p < end && o < stop) {
    const v = v128.load(p);
    v128.store(o, v);
    const odd: u32 = i8x16.bitmask(v128.or(v, i8x16.eq(v, slash)));
    const plain: u32 = odd ? ctz(odd) : 16;
    const rest = end - p;
    if (plain >= rest) { p += rest; o += rest; break; }
    p += plain;
    o += plain;
    if (plain == 16) continue;
    o = load<u8>(p) == 92 ? decodeEscape(p, o) : decodeHigh(p, end, o, stop);
    p = decodedTo;
  }
  decodedTo = p;
  return o;
}

/** Did the last decodeString() come to the closing quote (at decodedTo), and did it meet anything but plain ASCII. */
export let atQuote: bool = false;
export let metOdd: bool = false;

/**
 * skipString() and decode() in one: from `p` within a string to `o`, until its closing quote or until the output reaches `stop`.
 * Returns the end of the output; 0 after fail().
 */
export function decodeString(p: u32, o: u32, stop: u32): u32 {
  const quote = i8x16.splat(34), slash = i8x16.splat(92), space = i8x16.splat(32);
  atQuote = false;
  while (o < stop) {
    const v = v128.load(p);
    v128.store(o, v);
    // signed: both control characters and bytes from 0x80 on are less than a space
    const odd: u32 = i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, quote), i8x16.eq(v, slash)), i8x16.lt_s(v, space)));
    if (!odd) { p += 16; o += 16; continue; }
    p += ctz(odd);
    o += ctz(odd);
    const c: u32 = load<u8>(p);
    if (c == 34) { atQuote = true; break; }
    metOdd = true;
    if (c == 92) {
      const e: u32 = load<u8>(p, 1), plain = unescape(e);
      if (plain) { store<u8>(o++, plain); p += 2; continue; }
      if (e != 117 || hex4(p + 2) == NOT_HEX) return failEscape(p);
      // a surrogate pair is whole only if its second half is well-formed; if not, the next round finds the fault
      o = decodeUnicode(p, o);
    } else if (c < 32) return fail(p, CONTROL);
    else o = decodeHigh(p, 0xffffffff, o, stop);
    p = decodedTo;
  }
  decodedTo = p;
  return o;
}

export function clearMetOdd(): void { metOdd = false; }
/** What skipString() would have left, for a string that decodeString() has passed. */
export function setEscaped(value: bool): void { escaped = value; high = false; }

/** Code points in the valid UTF-8 of [p, end). */
export function countCodePoints(p: u32, end: u32): u32 {
  const lowest = i8x16.splat(-64);
  let n: u32 = 0;
  while (p + 16 <= end) { n += popcnt(<u32>i8x16.bitmask(i8x16.ge_s(v128.load(p), lowest))); p += 16; }
  while (p < end) { if ((load<u8>(p) & 0xc0) != 0x80) n++; p++; }
  return n;
}
