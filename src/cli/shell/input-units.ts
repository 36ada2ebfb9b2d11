import { type OpenState, scanSql } from './scan-sql.ts';

/** What a shell does at once: a statement, or a backslash command. */
export type InputUnit =
  | { readonly kind: 'statement'; readonly sql: string }
  | { readonly kind: 'command'; readonly name: string; readonly words: readonly string[] };

/** Lines come in, whole units go out. */
export interface InputUnits {
  readonly add: (line: string) => readonly InputUnit[];
  /** What was begun and has no semicolon yet. */
  readonly begun: () => string;
  readonly openState: () => OpenState;
  readonly clear: () => void;
  /** What is left at the end of the input, as a statement. */
  readonly end: () => readonly InputUnit[];
}

/** Words that end or explain other shells, where no statement has begun. */
const PLAIN_WORDS: Readonly<Record<string, string>> = { quit: 'q', exit: 'q', help: '?' };

export function readUnits(): InputUnits {
  let begun = '';
  let openState: OpenState = 'nothing';
  const clear = (): void => {
    begun = '';
    openState = 'nothing';
  };
  return {
    add: (line) => {
      if (begun === '') {
        const command = commandIn(line.trim());
        if (command !== undefined) return [command];
      }
      const { statements, rest, open } = scanSql(`${begun}${line}\n`);
      begun = rest.trim() === '' ? '' : rest;
      openState = open;
      return statements.map((sql) => ({ kind: 'statement', sql: sql.trim() }));
    },
    begun: () => begun,
    openState: () => openState,
    clear,
    end: () => {
      const sql = begun.trim();
      clear();
      return sql === '' ? [] : [{ kind: 'statement', sql }];
    },
  };
}

function commandIn(line: string): InputUnit | undefined {
  const plain = PLAIN_WORDS[line.replace(/;$/, '').toLowerCase()];
  if (plain !== undefined) return { kind: 'command', name: plain, words: [] };
  if (!line.startsWith('\\')) return undefined;
  // As psql has it, a backslash command needs no semicolon, and takes one.
  const [name = '', ...words] = splitWords(line.slice(1).replace(/;\s*$/, ''));
  return { kind: 'command', name, words };
}

/** Words as a system's shell splits them: by blanks, but for those inside of quotes. */
export function splitWords(text: string): readonly string[] {
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(
      /"([^"]*)"|'([^']*)'/g,
      (_, double: string | undefined, single: string | undefined) => double ?? single ?? '',
    ),
  );
}
