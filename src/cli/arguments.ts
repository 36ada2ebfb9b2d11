import type { OptionSpec } from './spec.ts';

export interface KnownWords {
  readonly commands: readonly string[];
  readonly options: readonly OptionSpec[];
}

/**
 * Flags that stand for a command, in the order in which one wins over another when several are given.
 * They come from the Go tool whose recipes keep working here.
 */
export const MODE_FLAGS: readonly (readonly [flag: string, replacement: readonly string[]])[] = [
  ['version', ['--version']],
  ['update-pricing', ['prices', '--update-pricing']],
  ['test-match', ['prices']],
  ['list-models', ['prices']],
  ['doctor', ['doctor']],
  ['overview', ['overview']],
  ['compare', ['compare']],
  ['waste', ['waste']],
  ['latest', ['latest']],
];

/**
 * Brings every accepted spelling into one: `-flag`, `--flag=value` and mode flags become
 * `command [operands] --flag value`, wherever they stood. What is no known word is left for the parser to refuse.
 */
export function normaliseArguments(given: readonly string[], known: KnownWords): readonly string[] {
  const words = withOperandsApart(spellOut(given, known));
  const isFlag = ({ text, kind }: Word, flag: string): boolean => kind === 'flag' && text === `--${flag}`;
  const modes = MODE_FLAGS.filter(([flag]) => words.some((word) => isFlag(word, flag)));
  const [mode] = modes;
  if (mode !== undefined) {
    const rest = words.filter((word) => !modes.some(([flag]) => isFlag(word, flag)));
    // `prices --update-pricing` names the command itself: then the flag belongs to it.
    const [first] = mode[1];
    return [...mode[1], ...textsOf(rest[0]?.text === first ? rest.slice(1) : rest)];
  }
  const position = words.findIndex(({ kind }) => kind === 'operand');
  const command = words[position]?.text;
  if (command === undefined || !known.commands.includes(command)) return textsOf(words);
  return [command, ...textsOf(words.filter((_, index) => index !== position))];
}

interface Word {
  readonly text: string;
  readonly kind: 'flag' | 'value' | 'operand';
}

const textsOf = (words: readonly Word[]): readonly string[] => words.map(({ text }) => text);

/** Operands that look like flags stand behind `--`, since the parser takes them for flags elsewhere. */
function withOperandsApart(words: readonly Word[]): readonly Word[] {
  const isDashed = ({ text, kind }: Word): boolean =>
    kind === 'operand' && text.startsWith('-') && text !== '-';
  if (!words.some(isDashed)) return words;
  const operands = words.filter(({ kind }) => kind === 'operand');
  const others = words.filter(({ text, kind }) => kind !== 'operand' && text !== '--');
  return [...others, { text: '--', kind: 'value' }, ...operands];
}

function spellOut(given: readonly string[], { options }: KnownWords): readonly Word[] {
  const words: Word[] = [];
  const add = (text: string, kind: Word['kind']): void => void words.push({ text, kind });
  let isLiteral = false;
  for (let index = 0; index < given.length; index += 1) {
    const word = given[index] ?? '';
    if (isLiteral || word === '-' || !word.startsWith('-') || isText(word, options)) {
      add(word, 'operand');
      continue;
    }
    if (word === '--') {
      isLiteral = true;
      add(word, 'value');
      continue;
    }
    const { flag, value } = spellFlag(word, options);
    const takesValue = isTakingValue(flag, options);
    if (!takesValue && value === 'true') add(flag, 'flag');
    else if (value === undefined || !takesValue) add(value === undefined ? flag : `${flag}=${value}`, 'flag');
    else {
      add(flag, 'flag');
      add(value, 'value');
    }
    if (takesValue && value === undefined && index + 1 < given.length) {
      index += 1;
      add(given[index] ?? '', 'value');
    }
  }
  return words;
}

/** No flag has blanks in its name: this is SQL that begins with a comment, say. */
function isText(word: string, options: readonly OptionSpec[]): boolean {
  const name = word.split('=')[0] ?? '';
  const isShortWithValue = !name.startsWith('--') && isTakingValue(name.slice(0, 2), options);
  return /\s/.test(name) && !isShortWithValue;
}

/** `-overview` and `-lang=zh` are long flags with one dash, unless they are a short flag with its value behind. */
function spellFlag(
  word: string,
  options: readonly OptionSpec[],
): { flag: string; value: string | undefined } {
  const split = word.indexOf('=');
  const name = split < 0 ? word : word.slice(0, split);
  const value = split < 0 ? undefined : word.slice(split + 1);
  if (!name.startsWith('--') && name.length > 2) {
    const long = `-${name}`;
    if (longFlags(options).includes(long)) return { flag: long, value };
    if (isTakingValue(name.slice(0, 2), options)) return { flag: name.slice(0, 2), value: word.slice(2) };
  }
  return { flag: name, value };
}

function longFlags(options: readonly OptionSpec[]): readonly string[] {
  return [
    ...MODE_FLAGS.map(([flag]) => `--${flag}`),
    '--help',
    ...options.map(({ flags }) => longFlag(flags)),
  ];
}

export const longFlag = (flags: string): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags;

function isTakingValue(flag: string, options: readonly OptionSpec[]): boolean {
  return options.some(({ flags }) => flags.includes('<') && flags.split(/[ ,]+/).includes(flag));
}

/**
 * What `agenttrace WORD` means when WORD is no command: a folder to look at, a session to show,
 * or a command misspelled. Session ids have digits or marks in them; commands are letters alone.
 */
export function readBareWord(
  word: string,
  kind: 'file' | 'folder' | 'nothing',
): 'folder' | 'session' | 'typo' {
  if (kind === 'folder') return 'folder';
  if (kind === 'file' || /[^a-z]/.test(word) || /^[a-f]{4,}$/.test(word)) return 'session';
  return 'typo';
}
