/**
 * Text from a log made safe to print on one line of a terminal or a page: line ends and tabs become a space, other
 * control characters (which could move the cursor or change colours) and marks that turn the reading direction go.
 */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(ESCAPES, '')
    .replace(/[\t\n\v\f\r\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/** The same for what has several lines. */
export const cleanLines = (text: string): string => text.split('\n').map(cleanText).join('\n');

const PLAIN = /^[\x20-\x7e]*$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal escape sequences begin with one.
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;
