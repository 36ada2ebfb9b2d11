/** What a page is made of, read from its HTML as strictly as XML: a tag that is not closed is an error. */

const VOID = new Set(['meta', 'link', 'wbr', 'br', 'hr', 'img']);

export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

export function parseHtml(html: string): Element {
  const root: Element = { tag: '', attributes: {}, children: [] };
  const open = [root];
  for (const [, style, close, tag, attributes, text] of html
    .replace(/^<!doctype html>\n/, '')
    .matchAll(
      /<style>([\s\S]*?)<\/style>|<\/([a-z0-9]+)>|<([a-z0-9]+)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*\/?>|([^<]+)/gi,
    )) {
    const inner = open.at(-1);
    if (inner === undefined) throw new Error('closed too often');
    if (style !== undefined) inner.children.push({ tag: 'style', attributes: {}, children: [style] });
    else if (close !== undefined) {
      if (inner.tag !== close) throw new Error(`</${close}> closes <${inner.tag}>`);
      open.pop();
    } else if (tag !== undefined) {
      const element = { tag, attributes: readAttributes(attributes ?? ''), children: [] };
      inner.children.push(element);
      if (!VOID.has(tag)) open.push(element);
    } else if (text !== undefined && text.trim() !== '') inner.children.push(text);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.tag}> is not closed`);
  return root;
}

const readAttributes = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));

/** Every element below, in the order of the page. */
export const elementsOf = (element: Element): readonly Element[] =>
  element.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...elementsOf(child)]));

export const textOf = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');

/** A page in a few lines: headings, tables by their headings, charts by their titles. */
export function outlineOf(html: string): readonly string[] {
  return elementsOf(parseHtml(html)).flatMap((element) => {
    if (/^h[1-3]$/.test(element.tag)) return [`${'#'.repeat(Number(element.tag[1]))} ${textOf(element)}`];
    const within = (tag: string): readonly string[] =>
      elementsOf(element)
        .filter((inner) => inner.tag === tag)
        .map(textOf);
    if (element.tag === 'table')
      return [`table ${within('th').join(' | ')}: ${within('tr').length - 1} rows`];
    if (element.tag === 'figure')
      return [`chart ${within('b')[0]}: ${within('li').join(', ') || 'one series'}`];
    if (element.tag === 'dl') return [`list ${within('dt').join(' | ')}`];
    return element.tag === 'code' && textOf(element).startsWith('agenttrace ')
      ? [`code ${textOf(element)}`]
      : [];
  });
}
