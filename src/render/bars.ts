const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A bar for a share from 0 to 1, to an eighth of a column; something is never nothing. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const drawn = share > 0 ? Math.max(1, eighths) : 0;
  return `${'█'.repeat(Math.floor(drawn / 8))}${EIGHTHS[drawn % 8] ?? ''}`;
}

/** One character a value, from lowest to highest; what is not known is a gap. */
export function sparkline(
  values: readonly (number | null)[],
  range?: readonly [low: number, high: number],
): string {
  const known = values.filter((value) => value !== null);
  const low = range?.[0] ?? Math.min(...known);
  const high = range?.[1] ?? Math.max(...known);
  return values
    .map((value) => {
      if (value === null) return ' ';
      const share = high > low ? (value - low) / (high - low) : 0.5;
      return LEVELS[Math.min(LEVELS.length - 1, Math.max(0, Math.floor(share * LEVELS.length)))];
    })
    .join('');
}
