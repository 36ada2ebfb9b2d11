// UUIDs as text.

// @ts-ignore: decorator
@inline function hex(c: u32): u32 {
  const digit = c - 48;
  if (digit < 10) return digit;
  const letter = (c | 32) - 97;
  return letter < 6 ? letter + 10 : 0xff;
}

/** 8-4-4-4-12 hexadecimal digits to 16 bytes, big-endian as Parquet wants them. */
export function parseUuid(p: u32, end: u32, out: u32): bool {
  if (end - p != 36) return false;
  if (load<u8>(p, 8) != 45 || load<u8>(p, 13) != 45 || load<u8>(p, 18) != 45 || load<u8>(p, 23) != 45) return false;
  let bad: u32 = 0;
  for (let i: u32 = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) p++;
    const a = hex(load<u8>(p)), b = hex(load<u8>(p, 1));
    bad |= a | b;
    store<u8>(out + i, (a << 4) | b);
    p += 2;
  }
  return bad < 16;
}
