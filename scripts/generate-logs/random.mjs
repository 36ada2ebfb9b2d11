/** Numbers and words that are the same for the same seed. */
export function randomFrom(seed) {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const between = (least, most) => least + Math.floor(next() * (most - least + 1));
  const pick = (items) => items[Math.floor(next() * items.length)];
  const hex = (length) => {
    let digits = '';
    while (digits.length < length) digits += between(0, 0xffff).toString(16).padStart(4, '0');
    return digits.slice(0, length);
  };
  const blob = Array.from({ length: 60_000 }, () => pick(WORDS)).join(' ');
  return {
    between,
    pick,
    hex,
    chance: (share) => next() < share,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    /** Log-uniform: as many small ones as large ones. */
    size: (least, most) => Math.floor(Math.exp(Math.log(least) + next() * Math.log(most / least))),
    text: (length) => {
      const from = between(0, blob.length - length - 1);
      return blob.slice(from, from + length).trim();
    },
  };
}

const WORDS = [
  ...'if else for while return const let function await async import from export class type null true'.split(
    ' ',
  ),
  ...'the a of to in and is not that with this file line test build server client request answer'.split(' '),
  ...'index cache buffer table row column query schema commit branch merge parse render config path'.split(
    ' ',
  ),
  ...['{', '}', '(', ')', '=>', '===', '"name":', "'", '\\d+', '<div>', '\n', '\n  ', 'größe', '表', '✓'],
];
