// ISO 8601 date and time with a zone, to microseconds since 1970.

// Too large for any part of a time, also where two digits follow it or stand before it.
const NO_NUMBER: u32 = 1000000;

// @ts-ignore: decorator
@inline function digits2(p: u32): u32 {
  const a = <u32>load<u8>(p) - 48, b = <u32>load<u8>(p, 1) - 48;
  return a < 10 && b < 10 ? a * 10 + b : NO_NUMBER;
}

export const MICROS_FROM: i64 = -62135596800000000; // 0001-01-01
export const MICROS_TO: i64 = 253402300800000000; // 10000-01-01

/** Was the last parseTime() a time. */
export let timeOk: bool = false;

/** `YYYY-MM-DD` `T` `hh:mm:ss` [`.` digits] (`Z` | `±hh` | `±hhmm` | `±hh:mm`). */
export function parseTime(p: u32, end: u32): i64 {
  timeOk = false;
  if (end - p < 20) return 0;
  const year = digits2(p) * 100 + digits2(p + 2), month = digits2(p + 5), day = digits2(p + 8);
  const hour = digits2(p + 11), minute = digits2(p + 14), second = digits2(p + 17);
  const t: u32 = load<u8>(p, 10);
  if (load<u8>(p, 4) != 45 || load<u8>(p, 7) != 45 || load<u8>(p, 13) != 58 || load<u8>(p, 16) != 58) return 0;
  if (t != 84 && t != 116 && t != 32) return 0;
  if (year - 1 > 9998 || month - 1 > 11 || hour > 23 || minute > 59 || second > 59) return 0;
  const isLeap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  const days: u32 = month == 2 ? (isLeap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  if (day - 1 >= days) return 0;
  let q = p + 19;
  let micros: u32 = 0;
  let c: u32 = load<u8>(q);
  if (c == 46 || c == 44) {
    let weight: u32 = 100000;
    const from = ++q;
    while (q < end && <u32>load<u8>(q) - 48 < 10) { micros += (<u32>load<u8>(q) - 48) * weight; weight /= 10; q++; }
    if (q == from) return 0;
    c = load<u8>(q);
  }
  if (q >= end) return 0;
  let offset: i64 = 0;
  if (c == 90 || c == 122) q++;
  else if (c == 43 || c == 45) {
    const rest = end - q;
    const hours = rest >= 3 ? digits2(q + 1) : NO_NUMBER;
    let minutes: u32 = 0;
    if (rest == 6) minutes = load<u8>(q, 3) == 58 ? digits2(q + 4) : NO_NUMBER;
    else if (rest == 5) minutes = digits2(q + 3);
    else if (rest != 3) return 0;
    if (hours > 23 || minutes > 59) return 0;
    offset = <i64>(hours * 60 + minutes);
    if (c == 45) offset = -offset;
    q = end;
  } else return 0;
  if (q != end) return 0;
  // days from 1970-01-01, after Howard Hinnant's days_from_civil; years begin in March
  const y: i32 = <i32>year - (month <= 2 ? 1 : 0);
  const era: i32 = y / 400, yearOfEra: i32 = y - era * 400;
  const dayOfYear: i32 = (153 * (<i32>month + (month > 2 ? -3 : 9)) + 2) / 5 + <i32>day - 1;
  const dayOfEra: i32 = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  const dayNo: i64 = <i64>(era * 146097 + dayOfEra - 719468);
  timeOk = true;
  return ((dayNo * 86400 + <i64>(hour * 3600 + minute * 60 + second)) - offset * 60) * 1000000 + <i64>micros;
}
