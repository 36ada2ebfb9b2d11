/** XXH64 as its specification writes it down: slow and plain. */
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, by: bigint): bigint => u64(value << by) | (value >> (64n - by));
const round = (acc: bigint, word: bigint): bigint => u64(rotate(u64(acc + word * P2), 31n) * P1);
const merge = (hash: bigint, acc: bigint): bigint => u64((hash ^ round(0n, acc)) * P1 + P4);

export function xxh64(bytes: Buffer, seed = 0n): bigint {
  let p = 0;
  let hash = u64(seed + P5);
  if (bytes.length >= 32) {
    let [a, b, c, d] = [u64(seed + P1 + P2), u64(seed + P2), seed, u64(seed - P1)];
    for (; p + 32 <= bytes.length; p += 32) {
      a = round(a, bytes.readBigUInt64LE(p));
      b = round(b, bytes.readBigUInt64LE(p + 8));
      c = round(c, bytes.readBigUInt64LE(p + 16));
      d = round(d, bytes.readBigUInt64LE(p + 24));
    }
    hash = u64(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
    hash = merge(merge(merge(merge(hash, a), b), c), d);
  }
  hash = u64(hash + BigInt(bytes.length));
  for (; p + 8 <= bytes.length; p += 8)
    hash = u64(rotate(hash ^ round(0n, bytes.readBigUInt64LE(p)), 27n) * P1 + P4);
  if (p + 4 <= bytes.length) {
    hash = u64(rotate(hash ^ u64(BigInt(bytes.readUInt32LE(p)) * P1), 23n) * P2 + P3);
    p += 4;
  }
  for (; p < bytes.length; p++) hash = u64(rotate(hash ^ u64(BigInt(bytes[p] as number) * P5), 11n) * P1);
  hash = u64((hash ^ (hash >> 33n)) * P2);
  hash = u64((hash ^ (hash >> 29n)) * P3);
  return hash ^ (hash >> 32n);
}
