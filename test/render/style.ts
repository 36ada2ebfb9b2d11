import type { PageStyle } from '../../src/render/page.ts';

/** A page in a pipe, in UTC, unless said otherwise. */
export const style = (changes: Partial<PageStyle> = {}): PageStyle => ({
  timeZone: 'UTC',
  isPrecise: false,
  isCompact: false,
  width: null,
  hasColor: false,
  ...changes,
});
