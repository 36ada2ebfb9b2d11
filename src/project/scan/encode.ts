// Columns to the bodies of Parquet data pages: definition levels, then the present values, PLAIN.

import { arena } from './state';

// What a column's cells are; the order of CELL_KINDS in layout.ts.
const LONG: u32 = 0, BOOL: u32 = 1, STRING: u32 = 2, REQUIRED_INT: u32 = 3, UUID_BYTES: u32 = 4;

/** Of the last encode(). */
export let presentCount: u32 = 0;

function countBits(bits: u32, rows: u32): u32 {
  let n: u32 = 0;
  for (let i: u32 = 0; i < rows; i += 8) n += popcnt(<u32>load<u8>(bits + (i >> 3)));
  return n;
}

// @ts-ignore: decorator
@inline function storeVarint(o: u32, n: u32): u32 {
  while (n >= 0x80) { store<u8>(o++, (n & 0x7f) | 0x80); n >>= 7; }
  store<u8>(o++, n);
  return o;
}

/** One run if all or none are there, else our bits as they are: Parquet packs them in the same order. */
function storeLevels(out: u32, bits: u32, rows: u32): u32 {
  let o = out + 4;
  if (presentCount == 0 || presentCount == rows) {
    o = storeVarint(o, rows << 1);
    store<u8>(o++, presentCount ? 1 : 0);
  } else {
    const n = (rows + 7) >> 3;
    o = storeVarint(o, (n << 1) | 1);
    memory.copy(o, bits, n);
    o += n;
  }
  store<u32>(out, o - out - 4);
  return o;
}

/** Writes the page body of `rows` cells to `out`; returns its length. */
export function encode(data: u32, bits: u32, kind: u32, rows: u32, out: u32): u32 {
  if (kind == REQUIRED_INT) {
    presentCount = rows;
    memory.copy(out, data, rows * 4);
    return rows * 4;
  }
  presentCount = countBits(bits, rows);
  let o = storeLevels(out, bits, rows);
  if (!presentCount) return o - out;
  let pack: u32 = 0, packed: u32 = 0;
  for (let r: u32 = 0; r < rows; r += 8) {
    let m: u32 = load<u8>(bits + (r >> 3));
    if (kind == LONG && m == 255) { memory.copy(o, data + r * 8, 64); o += 64; continue; }
    while (m) {
      const row = r + ctz(m);
      m &= m - 1;
      if (kind == LONG) { store<u64>(o, load<u64>(data + row * 8)); o += 8; }
      else if (kind == UUID_BYTES) { v128.store(o, v128.load(data + row * 16)); o += 16; }
      else if (kind == STRING) {
        const from = arena + load<u32>(data + row * 8), n = load<u32>(data + row * 8, 4);
        store<u32>(o, n);
        o += 4;
        for (let k: u32 = 0; k < n; k += 16) v128.store(o + k, v128.load(from + k));
        o += n;
      } else {
        pack |= <u32>load<u8>(data + row) << packed;
        if (++packed == 8) { store<u8>(o++, pack); pack = 0; packed = 0; }
      }
    }
  }
  if (kind == BOOL && packed) store<u8>(o++, pack);
  return o - out;
}
