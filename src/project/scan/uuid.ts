// UUIDs as text.

let bad: bool = false;

/** Sixteen hexadecimal digits to their values; sets `bad` where one is none. */
// @ts-ignore: decorator
@inline function nibbles(v: v128): v128 {
  const digit = i8x16.sub(v, i8x16.splat(48));
  const letter = i8x16.sub(v128.or(v, i8x16.splat(32)), i8x16.splat(97));
  const isDigit = i8x16.lt_u(digit, i8x16.splat(10)), isLetter = i8x16.lt_u(letter, i8x16.splat(6));
  if (!i8x16.all_true(v128.or(isDigit, isLetter))) bad = true;
  return v128.bitselect(digit, i8x16.add(letter, i8x16.splat(10)), isDigit);
}

/** Pairs of nibbles, first the high one, to bytes in the low half of each lane. */
// @ts-ignore: decorator
@inline function pairs(v: v128): v128 {
  return v128.and(v128.or(i16x8.shl(v, 4), i16x8.shr_u(v, 8)), i16x8.splat(255));
}

/** 8-4-4-4-12 hexadecimal digits to 16 bytes, big-endian as Parquet wants them. */
export function parseUuid(p: u32, end: u32, out: u32): bool {
  if (end - p != 36) return false;
  if (load<u8>(p, 8) != 45 || load<u8>(p, 13) != 45 || load<u8>(p, 18) != 45 || load<u8>(p, 23) != 45) return false;
  const a = v128.load(p), b = v128.load(p, 16), c = v128.load(p, 20);
  bad = false;
  const high = nibbles(i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17));
  const low = nibbles(i8x16.shuffle(b, c, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 28, 29, 30, 31));
  if (bad) return false;
  v128.store(out, i8x16.narrow_i16x8_u(pairs(high), pairs(low)));
  return true;
}
