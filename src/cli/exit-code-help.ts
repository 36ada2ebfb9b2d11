import { EXIT_CODES } from '../model/errors.ts';
import { wrapWords } from './help-text.ts';

/** What each exit code says, in the order of the numbers. Help prints it; a test compares it with the README. */
export const EXIT_CODE_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'done'],
  [EXIT_CODES.failed, 'failed'],
  [EXIT_CODES.gate, 'a gate did not hold'],
  [EXIT_CODES.usage, 'wrong usage'],
  [EXIT_CODES.bad_sql, 'bad SQL or bad input'],
  [EXIT_CODES.no_input, 'no input found'],
  [EXIT_CODES.bug, 'a bug in agenttrace'],
  [EXIT_CODES.busy, 'busy, try again'],
];

export const exitCodeHelp = (width: number): string => {
  const parts = EXIT_CODE_MEANINGS.map(([code, meaning]) => `${code} ${meaning}`);
  const words = parts.map((part, index) => (index < parts.length - 1 ? `${part} ·` : part));
  return `Exit codes:\n  ${wrapWords(words, width - 2, '  ')}`;
};
