// Finding the marks between which a text is hashed, as the log writes it.

const REACH: u32 = 512;

// @ts-ignore: decorator
@inline function standsAt(p: u32, mark: u32, length: u32): bool {
  return load<u8>(p) == load<u8>(mark, 4) && memory.compare(p, mark + 4, length) == 0;
}

/** Is the byte at `p` escaped by the one before it: does a run of an odd number of backslashes end there. */
function isEscaped(s: u32, p: u32): bool {
  let q = p;
  while (q > s && load<u8>(q - 1) == 92) q--;
  return ((p - q) & 1) != 0;
}

/** Behind the first `mark` near the start of [s, e); `s` where there is none. */
export function behindMark(s: u32, e: u32, mark: u32): u32 {
  const length = load<u32>(mark);
  const stop = min(e, s + REACH);
  for (let p = s; p + length <= stop; p++) {
    if (standsAt(p, mark, length) && !isEscaped(s, p)) return p + length;
  }
  return s;
}

/** Before the last `mark` near the end of [s, e); `e` where there is none. */
export function beforeMark(s: u32, e: u32, mark: u32): u32 {
  const length = load<u32>(mark);
  if (e - s < length) return e;
  const stop = e - s > REACH ? e - REACH : s;
  for (let p = e - length; p >= stop; p--) {
    if (standsAt(p, mark, length) && !isEscaped(s, p)) return p;
  }
  return e;
}
