/**
 * How many columns of a terminal a text takes.
 *
 * East Asian wide characters and emoji take two, combining marks none. Counted by what a reader sees as one
 * character, so that a flag or a family of joined emoji is two columns and is never cut in half.
 */
export function textWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const { segment } of segments(text)) width += clusterWidth(segment);
  return width;
}

/** The text cut to a width, its end replaced by `…` where something is lost. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  if (isPlain(text)) return `${text.slice(0, width - 1).trimEnd()}…`;
  let kept = '';
  let keptWidth = 0;
  for (const { segment } of segments(text)) {
    const next = clusterWidth(segment);
    if (keptWidth + next > width - 1) break;
    kept += segment;
    keptWidth += next;
  }
  return `${kept.trimEnd()}…`;
}

/** The text cut in its middle, for paths, whose end tells more. */
export function cutMiddle(text: string, width: number): string {
  if (textWidth(text) <= width || width < 5) return cutText(text, width);
  const headWidth = Math.floor((width - 1) / 3);
  if (isPlain(text))
    return `${text.slice(0, headWidth)}…${text.slice(text.length - (width - 1 - headWidth))}`;
  const clusters = [...segments(text)].map(({ segment }) => segment);
  return `${takeWidth(clusters, headWidth).join('')}…${takeWidth(clusters.toReversed(), width - 1 - headWidth)
    .toReversed()
    .join('')}`;
}

export const padEnd = (text: string, width: number): string =>
  `${text}${' '.repeat(Math.max(0, width - textWidth(text)))}`;

export const padStart = (text: string, width: number): string =>
  `${' '.repeat(Math.max(0, width - textWidth(text)))}${text}`;

/** Lines of at most a width, broken at spaces; a longer word stands alone. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/ +/)) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

function takeWidth(clusters: readonly string[], width: number): readonly string[] {
  const taken: string[] = [];
  let rest = width;
  for (const cluster of clusters) {
    rest -= clusterWidth(cluster);
    if (rest < 0) break;
    taken.push(cluster);
  }
  return taken;
}

let segmenter: Intl.Segmenter | undefined;

function segments(text: string): Iterable<{ readonly segment: string }> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/**
 * Whether a text has only characters of one column that join with no other: Latin letters, dashes and quotes, arrows, lines and
 * bars. Nearly all that is shown is, and a segmenter takes long to make.
 */
const isPlain = (text: string): boolean =>
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u259f]*$/.test(text);

function clusterWidth(cluster: string): number {
  const code = cluster.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0;
  if (/^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u.test(cluster)) return 0;
  if (/^\p{Emoji_Presentation}/u.test(cluster) || cluster.includes('\ufe0f') || cluster.includes('\u20e3'))
    return 2;
  return isWide(code) ? 2 : 1;
}

/** Ranges of East_Asian_Width W and F (Unicode 16), neighbours joined. */
const WIDE = [
  0x1100, 0x115f, 0x2329, 0x232a, 0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xa000,
  0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff01, 0xff60,
  0xffe0, 0xffe6, 0x16fe0, 0x18dff, 0x1aff0, 0x1b2ff, 0x1d300, 0x1d376, 0x1f200, 0x1f2ff, 0x20000, 0x3fffd,
];

function isWide(code: number): boolean {
  for (let index = 0; index < WIDE.length; index += 2) {
    if (code < (WIDE[index] ?? 0)) return false;
    if (code <= (WIDE[index + 1] ?? 0)) return true;
  }
  return false;
}
