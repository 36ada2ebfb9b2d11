/** What a text is in the middle of where it ends. */
export type OpenState = 'nothing' | 'statement' | 'string' | 'identifier' | 'comment' | 'dollar';

export interface ScannedSql {
  /** The statements that a semicolon ended, without it. */
  readonly statements: readonly string[];
  /** What follows the last semicolon. */
  readonly rest: string;
  readonly open: OpenState;
}

/** A stretch of SQL that is of one kind. */
interface Piece {
  readonly kind: 'space' | 'comment' | 'string' | 'identifier' | 'dollar' | 'semicolon' | 'other';
  readonly text: string;
  readonly isClosed: boolean;
}

/**
 * Cuts SQL at the semicolons that end statements: those outside of strings, quoted names and comments. Whatever it is
 * told, the pieces add up to the text; what the statements mean is for DuckDB to say.
 */
export function scanSql(text: string): ScannedSql {
  const statements: string[] = [];
  let rest = '';
  let hasWords = false;
  let open: OpenState = 'nothing';
  for (const { kind, text: part, isClosed } of piecesOf(text)) {
    if (kind === 'semicolon') {
      if (hasWords) statements.push(rest);
      rest = '';
      hasWords = false;
      continue;
    }
    rest += part;
    if (kind !== 'space' && kind !== 'comment') hasWords = true;
    if (!isClosed) open = kind as OpenState;
  }
  if (open === 'nothing' && hasWords) open = 'statement';
  return { statements, rest: open === 'nothing' ? '' : rest, open };
}

/**
 * The same SQL on one line, to be recalled as one: line ends become spaces, line comments block comments. Undefined
 * where that would change it: a string, name or comment spans lines.
 */
export function onOneLine(sql: string): string | undefined {
  const parts: string[] = [];
  for (const { kind, text } of piecesOf(sql)) {
    if (kind === 'space') parts.push(/\n/.test(text) ? ' ' : text);
    else if (kind === 'comment' && text.startsWith('--')) {
      const words = text.slice(2).trim();
      if (words.includes('*/') || words.includes('/*')) return undefined;
      if (words !== '') parts.push(`/* ${words} */`);
    } else if (text.includes('\n')) return undefined;
    else parts.push(text);
  }
  return parts.join('').trim();
}

function* piecesOf(text: string): Generator<Piece> {
  let position = 0;
  while (position < text.length) {
    const piece = pieceAt(text, position);
    yield piece;
    position += piece.text.length;
  }
}

function pieceAt(text: string, start: number): Piece {
  const rest = text.slice(start);
  const piece = (kind: Piece['kind'], length: number, isClosed = true): Piece => ({
    kind,
    text: rest.slice(0, length),
    isClosed,
  });
  const until = (kind: Piece['kind'], end: RegExp): Piece => {
    const found = end.exec(rest);
    return found === null ? piece(kind, rest.length, false) : piece(kind, found.index + found[0].length);
  };
  const space = /^\s+/.exec(rest);
  if (space !== null) return piece('space', space[0].length);
  if (rest[0] === ';') return piece('semicolon', 1);
  if (rest.startsWith('--')) return piece('comment', /^[^\n]*/.exec(rest)?.[0].length ?? rest.length);
  if (rest.startsWith('/*')) return blockComment(rest);
  if (/^e'/i.test(rest)) return until('string', /^e'(?:[^'\\]|\\[\s\S]|'')*'(?!')/i);
  if (rest[0] === "'") return until('string', /^'(?:[^']|'')*'(?!')/);
  if (rest[0] === '"') return until('identifier', /^"(?:[^"]|"")*"(?!")/);
  const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(rest)?.[0];
  if (tag !== undefined) {
    const end = rest.indexOf(tag, tag.length);
    return end < 0 ? piece('dollar', rest.length, false) : piece('dollar', end + tag.length);
  }
  // A word as a whole, so that neither an e nor a $ in its middle begins something.
  return piece('other', /^(?:[\w\u0080-\uffff][\w$\u0080-\uffff]*|[\s\S])/.exec(rest)?.[0].length ?? 1);
}

/** Block comments nest. */
function blockComment(rest: string): Piece {
  let depth = 0;
  for (const { 0: mark, index } of rest.matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1;
    if (depth === 0) return { kind: 'comment', text: rest.slice(0, index + 2), isClosed: true };
  }
  return { kind: 'comment', text: rest, isClosed: false };
}
