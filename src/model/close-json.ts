type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma';

/**
 * The first object or array of a text that may be cut off anywhere, with what is open closed: the last key or value goes when it is
 * not complete, a number always, since more digits may follow.
 *
 * Brackets, commas and colons are checked; whether words, numbers and escapes are right is for `JSON.parse` to say. Undefined when
 * the text begins with something else or breaks the rules before it ends.
 */
export function closeJson(text: string): string | undefined {
  const open: ('}' | ']')[] = [];
  let expected: Expected = 'value';
  let complete = 0; // up to here there are whole values in open containers
  for (let at = 0; at < text.length; ) {
    const char = text[at];
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') {
      at++;
      continue;
    }
    const wantsValue: boolean = expected === 'value' || expected === 'first value';
    if (char === '{' || char === '[') {
      if (!wantsValue) return undefined;
      open.push(char === '{' ? '}' : ']');
      expected = char === '{' ? 'first key' : 'first value';
      complete = ++at;
    } else if (char === '}' || char === ']') {
      const isEmpty = expected === (char === '}' ? 'first key' : 'first value');
      if ((expected !== 'comma' && !isEmpty) || open.pop() !== char) return undefined;
      expected = 'comma';
      complete = ++at;
      if (open.length === 0) return text.slice(0, at);
    } else if (open.length === 0) return undefined;
    else if (char === ',' || char === ':') {
      if (expected !== (char === ',' ? 'comma' : 'colon')) return undefined;
      expected = char === ',' && open.at(-1) === '}' ? 'key' : 'value';
      at++;
    } else if (char === '"') {
      if (expected === 'comma' || expected === 'colon') return undefined;
      const end = endOfString(text, at);
      if (end === undefined) return undefined;
      if (end > text.length) return closed();
      if (wantsValue) complete = end;
      expected = wantsValue ? 'comma' : 'colon';
      at = end;
    } else {
      if (!wantsValue || !isBare(char)) return undefined;
      while (at < text.length && isBare(text[at])) at++;
      if (at === text.length) return closed();
      expected = 'comma';
      complete = at;
    }
  }
  return open.length === 0 ? undefined : closed();

  function closed(): string {
    return text.slice(0, complete) + open.toReversed().join('');
  }
}

const isBare = (char: string | undefined): boolean => char !== undefined && /[\w+.-]/.test(char);

/** The place after the closing quotation mark; beyond the text when it has none, undefined when a line break comes first. */
function endOfString(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char === '\\' && text[at + 1] !== '\n' && text[at + 1] !== '\r') at++;
    else if (char === '\n' || char === '\r') return undefined;
  }
  return text.length + 1;
}
