/** Colours by what they are for. Without colour each leaves its text as it is. */
export interface Theme {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly title: (text: string) => string;
  readonly good: (text: string) => string;
  readonly fair: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly bar: (text: string) => string;
}

const plain = (text: string): string => text;

const ansi =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? text : `\x1b[${on}m${text}\x1b[${off}m`;

const PLAIN: Theme = {
  strong: plain,
  faint: plain,
  title: plain,
  good: plain,
  fair: plain,
  bad: plain,
  bar: plain,
};

const COLORED: Theme = {
  strong: ansi(1, 22),
  faint: ansi(2, 22),
  title: (text) => ansi(1, 22)(ansi(36, 39)(text)),
  good: ansi(32, 39),
  fair: ansi(33, 39),
  bad: ansi(31, 39),
  bar: ansi(36, 39),
};

export const themeFor = (hasColor: boolean): Theme => (hasColor ? COLORED : PLAIN);
