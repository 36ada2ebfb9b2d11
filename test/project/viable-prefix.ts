/** Where a text stops being the beginning of a JSON value; its length where it never does, since it is one that was cut. */
export function viablePrefix(text: string): number {
  let p = 0;
  const stop = (): never => {
    throw new Stop(p);
  };
  const space = (): void => {
    while (' \t\r\n'.includes(text[p] ?? 'x')) p++;
  };
  const expect = (characters: string): void => {
    for (const c of characters) {
      if (text[p] !== c) stop();
      p++;
    }
  };
  const oneOf = (characters: RegExp): string => {
    if (!characters.test(text[p] ?? '')) stop();
    return text[p++] as string;
  };
  const digits = (): void => {
    oneOf(/^\d$/);
    while (/^\d$/.test(text[p] ?? '')) p++;
  };
  const string = (): void => {
    expect('"');
    for (;;) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that JSON forbids
      const c = oneOf(/^[^\0-\x1f]$/);
      if (c === '"') return;
      if (c === '\\' && oneOf(/^["\\/bfnrtu]$/) === 'u') for (let i = 0; i < 4; i++) oneOf(/^[\da-f]$/i);
    }
  };
  const number = (): void => {
    if (text[p] === '-') p++;
    if (text[p] === '0') p++;
    else digits();
    if (text[p] === '.') {
      p++;
      digits();
    }
    if (/^e$/i.test(text[p] ?? '')) {
      p++;
      if (/^[+-]$/.test(text[p] ?? '')) p++;
      digits();
    }
  };
  const list = (end: string, member: () => void): void => {
    p++;
    space();
    if (text[p] === end) {
      p++;
      return;
    }
    for (;;) {
      member();
      space();
      if (oneOf(end === '}' ? /^[,}]$/ : /^[,\]]$/) === end) return;
      space();
    }
  };
  const member = (): void => {
    string();
    space();
    expect(':');
    space();
    value();
  };
  const value = (): void => {
    const c = text[p];
    if (c === '{') list('}', member);
    else if (c === '[') list(']', value);
    else if (c === '"') string();
    else if (c === 't') expect('true');
    else if (c === 'f') expect('false');
    else if (c === 'n') expect('null');
    else if (/^[-\d]$/.test(c ?? '')) number();
    else stop();
  };
  try {
    value();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return error.at;
  }
  return p;
}

class Stop extends Error {
  readonly at: number;
  constructor(at: number) {
    super();
    this.at = at;
  }
}
