/** One statement of a text, as it was written. */
export interface StatementText {
  /** The statement at its own line and column, so that messages about it point into the whole text. */
  readonly sql: string;
  /** Its first words in lower case, comments aside: enough to tell what it does. */
  readonly words: readonly string[];
  /** Where each of these words begins in `sql`. */
  readonly starts: readonly number[];
  /** Names of its parameters, without `$`; those written `?` are numbered. */
  readonly parameters: ReadonlySet<string>;
}

const LETTER = String.raw`(?:[A-Za-z_]|(?!\s)[^\x00-\x7f])`;
const INNER = String.raw`(?:[\w]|(?!\s)[^\x00-\x7f])`;

/** White space, comments, texts, names, parameters and numbers, as DuckDB's parser parts them. */
const TOKENS = new RegExp(
  [
    /(?<space>\s+|--[^\n\r]*)/,
    /(?<comment>\/\*)/,
    /(?<escaped>[eE]'(?:[^'\\]|\\[\s\S]|'')*'?)/,
    /(?<text>'(?:[^']|'')*'?)/,
    /(?<quoted>"(?:[^"]|"")*"?)/,
    `(?<dollar>\\$(?:${LETTER}${INNER}*)?\\$)`,
    /\$(?<parameter>\w+)/,
    `(?<word>${LETTER}(?:${INNER}|\\$)*)`,
    /(?<number>\d[\d_]*)/,
    /(?<end>;)/,
    /(?<sign>[\s\S])/,
  ]
    .map((part) => (typeof part === 'string' ? part : part.source))
    .join('|'),
  'uy',
);

/** How many words tell what a statement does: `explain analyze create or replace temporary table`. */
const TELLING = 12;

/** Parts a text into its statements. Empty ones are left out. */
export function splitStatements(sql: string): readonly StatementText[] {
  const statements: StatementText[] = [];
  let start = 0;
  let words: { readonly word: string; readonly at: number }[] = [];
  let parameters = new Set<string>();
  const finish = (end: number): void => {
    if (words.length > 0) {
      const blank = blankBefore(sql, start);
      statements.push({
        sql: `${blank}${sql.slice(start, end)}`,
        words: words.map(({ word }) => word),
        starts: words.map(({ at }) => blank.length + at - start),
        parameters,
      });
    }
    words = [];
    parameters = new Set();
  };
  for (let position = 0; position < sql.length; ) {
    TOKENS.lastIndex = position;
    const found = TOKENS.exec(sql);
    const groups = found?.groups ?? {};
    const token = found?.[0] ?? sql.slice(position);
    let next = position + token.length;
    if (groups.comment !== undefined) next = endOfComment(sql, position);
    else if (groups.dollar !== undefined) next = endOfDollarText(sql, { position, tag: token });
    else if (groups.end !== undefined) {
      finish(position);
      start = next;
    }
    if (groups.parameter !== undefined) parameters.add(groups.parameter);
    if (token === '?') parameters.add(String(parameters.size + 1));
    const isWord = groups.space === undefined && groups.comment === undefined && groups.end === undefined;
    if (isWord && words.length < TELLING) words.push({ word: token.toLowerCase(), at: position });
    position = next;
  }
  finish(sql.length);
  return statements;
}

/** Comments nest. */
function endOfComment(sql: string, position: number): number {
  let depth = 0;
  for (let at = position; at < sql.length; at += 1) {
    const pair = sql.slice(at, at + 2);
    if (pair === '/*') depth += 1;
    else if (pair === '*/') depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return at + 1;
  }
  return sql.length;
}

function endOfDollarText(sql: string, { position, tag }: { position: number; tag: string }): number {
  const end = sql.indexOf(tag, position + tag.length);
  return end < 0 ? sql.length : end + tag.length;
}

/** Blanks in place of what stands before: as many lines, and as many columns of the last one. */
function blankBefore(sql: string, start: number): string {
  const lines = sql.slice(0, start).split('\n');
  return `${'\n'.repeat(lines.length - 1)}${' '.repeat(lines.at(-1)?.length ?? 0)}`;
}
