/** Why a line, or the rest of one, is no record; the order of the numbers in scan/state.ts. */
export const REASONS = [
  '',
  'not a JSON object',
  'cut short',
  'unexpected character',
  'bad number',
  'bad escape in a string',
  'control character in a string',
  'text after the record',
  'nested too deeply',
  'too many records on one line',
  'too many elements in one line',
] as const;

export const LINE_TOO_LONG = 'longer than the longest line allowed';
