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
  const spelled = spellOut(given, known);
  const modes = MODE_FLAGS.filter(([flag]) => spelled.flags.includes(`--${flag}`));
  const mode = modes[0];
  const modeFlags = new Set(modes.map(([flag]) => `--${flag}`));
  const rest = spelled.words.filter((word, index) => !(spelled.isFlag[index] && modeFlags.has(word)));
  // `prices --update-pricing` names the command itself: then the flag belongs to it.
  if (mode !== undefined) {
    const [first] = mode[1];
    const withoutCommand = rest[0] === first ? rest.slice(1) : rest;
    return [...mode[1], ...withoutCommand];
  }
  const position = spelled.words.findIndex((_, index) => spelled.isOperand[index] === true);
  const word = spelled.words[position];
  if (word === undefined || !known.commands.includes(word)) return spelled.words;
  return [word, ...spelled.words.slice(0, position), ...spelled.words.slice(position + 1)];
}

interface SpelledOut {
  readonly words: readonly string[];
  readonly flags: readonly string[];
  readonly isFlag: readonly boolean[];
  readonly isOperand: readonly boolean[];
}

function spellOut(given: readonly string[], { options }: KnownWords): SpelledOut {
  const words: string[] = [];
  const isFlag: boolean[] = [];
  const isOperand: boolean[] = [];
  const add = (word: string, kind: 'flag' | 'value' | 'operand'): void => {
    words.push(word);
    isFlag.push(kind === 'flag');
    isOperand.push(kind === 'operand');
  };
  let isLiteral = false;
  for (let index = 0; index < given.length; index += 1) {
    const word = given[index] ?? '';
    if (isLiteral || word === '-' || !word.startsWith('-')) {
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
  return { words, flags: words.filter((_, index) => isFlag[index]), isFlag, isOperand };
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
