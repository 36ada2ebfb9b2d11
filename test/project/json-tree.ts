/**
 * A plain JSON reader over bytes that keeps where everything stood: for the reference only, checked against JSON.parse itself.
 */
export type Tree =
  | { readonly type: 'string'; readonly value: string; readonly start: number; readonly end: number }
  | { readonly type: 'number'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly type: 'boolean'; readonly value: boolean; readonly start: number; readonly end: number }
  | { readonly type: 'null'; readonly start: number; readonly end: number }
  | { readonly type: 'array'; readonly items: readonly Tree[]; readonly start: number; readonly end: number }
  | {
      readonly type: 'object';
      /** The last value of each key, at the place of its last value. */
      readonly entries: ReadonlyMap<string, Tree>;
      readonly start: number;
      readonly end: number;
    };

/** The tree of a text that is known to be valid JSON; `text` has one character per byte (latin1). */
export function parseTree(text: string, from = 0): Tree {
  let p = from;
  const space = (): void => {
    while (text[p] === ' ' || text[p] === '\t' || text[p] === '\r' || text[p] === '\n') p++;
  };
  const string = (): string => {
    const start = p++;
    for (;;) {
      const quote = text.indexOf('"', p);
      let slashes = 0;
      while (text[quote - 1 - slashes] === '\\') slashes++;
      p = quote + 1;
      if (slashes % 2 === 0) break;
    }
    const token = text.slice(start, p);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: one character stands for one byte
    const decoded = /^[\x00-\x7f]*$/.test(token) ? token : decodeBytes(Buffer.from(token, 'latin1'));
    return token.includes('\\') ? (JSON.parse(decoded) as string) : decoded.slice(1, -1);
  };
  const value = (): Tree => {
    space();
    const start = p;
    const c = text[p];
    if (c === '"') {
      const decoded = string();
      return { type: 'string', value: decoded, start, end: p };
    }
    if (c === '{') {
      const entries = new Map<string, Tree>();
      p++;
      space();
      while (text[p] !== '}') {
        if (text[p] === ',') p++;
        space();
        const key = string();
        space();
        p++;
        const child = value();
        entries.delete(key);
        entries.set(key, child);
        space();
      }
      p++;
      return { type: 'object', entries, start, end: p };
    }
    if (c === '[') {
      const items: Tree[] = [];
      p++;
      space();
      while (text[p] !== ']') {
        if (text[p] === ',') p++;
        items.push(value());
        space();
      }
      p++;
      return { type: 'array', items, start, end: p };
    }
    if (c === 't' || c === 'f') {
      p += c === 't' ? 4 : 5;
      return { type: 'boolean', value: c === 't', start, end: p };
    }
    if (c === 'n') {
      p += 4;
      return { type: 'null', start, end: p };
    }
    while (p < text.length && '+-.eE0123456789'.includes(text[p] as string)) p++;
    return { type: 'number', text: text.slice(start, p), start, end: p };
  };
  return value();
}

/** What JSON.parse would have made of it. */
export function toValue(tree: Tree): unknown {
  switch (tree.type) {
    case 'string':
    case 'boolean':
      return tree.value;
    case 'number':
      return Number(tree.text);
    case 'null':
      return null;
    case 'array':
      return tree.items.map(toValue);
    case 'object':
      return Object.fromEntries([...tree.entries].map(([key, child]) => [key, toValue(child)]));
  }
}

/** Bytes to text as Node does it; a byte-order mark is a character like any other. */
export function decodeBytes(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
