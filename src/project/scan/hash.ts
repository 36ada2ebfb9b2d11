// XXH64, in one go or fed by stripes of 32 bytes.

const P1: u64 = 0x9E3779B185EBCA87, P2: u64 = 0xC2B2AE3D27D4EB4F, P3: u64 = 0x165667B19E3779F9;
const P4: u64 = 0x85EBCA77C2B2AE63, P5: u64 = 0x27D4EB2F165667C5;

let a: u64 = 0, b: u64 = 0, c: u64 = 0, d: u64 = 0, start: u64 = 0;

// @ts-ignore: decorator
@inline function round(acc: u64, word: u64): u64 { return rotl<u64>(acc + word * P2, 31) * P1; }
// @ts-ignore: decorator
@inline function merge(h: u64, acc: u64): u64 { return (h ^ round(0, acc)) * P1 + P4; }

export function hashBegin(seed: u64): void { start = seed; a = seed + P1 + P2; b = seed + P2; c = seed; d = seed - P1; }

/** `n` is a multiple of 32. */
export function hashStripes(p: u32, n: u32): void {
  const end = p + n;
  let a1 = a, b1 = b, c1 = c, d1 = d;
  while (p < end) {
    a1 = round(a1, load<u64>(p)); b1 = round(b1, load<u64>(p, 8)); c1 = round(c1, load<u64>(p, 16)); d1 = round(d1, load<u64>(p, 24));
    p += 32;
  }
  a = a1; b = b1; c = c1; d = d1;
}

/** The last `n` < 32 bytes of `total`. */
export function hashEnd(p: u32, n: u32, total: u32): u64 {
  const end = p + n;
  let h: u64 = start + P5;
  if (total >= 32) {
    h = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18);
    h = merge(merge(merge(merge(h, a), b), c), d);
  }
  h += total;
  while (p + 8 <= end) { h = rotl<u64>(h ^ round(0, load<u64>(p)), 27) * P1 + P4; p += 8; }
  if (p + 4 <= end) { h = rotl<u64>(h ^ (<u64>load<u32>(p) * P1), 23) * P2 + P3; p += 4; }
  while (p < end) { h = rotl<u64>(h ^ (<u64>load<u8>(p) * P5), 11) * P1; p++; }
  h = (h ^ (h >> 33)) * P2;
  h = (h ^ (h >> 29)) * P3;
  return h ^ (h >> 32);
}

export function hash64(p: u32, n: u32, seed: u64): u64 {
  hashBegin(seed);
  const whole = n & ~31;
  hashStripes(p, whole);
  return hashEnd(p + whole, n - whole, n);
}
