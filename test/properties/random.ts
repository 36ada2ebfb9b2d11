/** Whole numbers from `low` to `high` by mulberry32, the same for the same seed. */
export type Random = (low: number, high: number) => number;

export function randomFrom(seed: number): Random {
  let state = Math.imul(seed, 2654435761) | 0;
  return (low, high) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const unit = ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    return low + Math.floor(unit * (high - low + 1));
  };
}

export const pick = <T>(random: Random, items: readonly T[]): T => items[random(0, items.length - 1)] as T;

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  for (let index = rest.length - 1; index > 0; index -= 1) {
    const other = random(0, index);
    [rest[index], rest[other]] = [rest[other] as T, rest[index] as T];
  }
  return rest;
}
