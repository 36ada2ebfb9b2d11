import { AgenttraceError } from '../model/errors.ts';

/** A word of the header that begins with `@`, with the text up to the next one. */
export interface HeaderTag {
  readonly name: string;
  readonly text: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

/** The comment block that an .sql file of the catalog begins with, and the statement below it. */
export interface SqlDocument {
  readonly path: string;
  /** Line 1, a sentence; empty where there is no header. */
  readonly title: string;
  /** What stands between the title and the first tag; paragraphs are parted by an empty line. */
  readonly description: string;
  readonly tags: readonly HeaderTag[];
  /** The statement, without the header and without a semicolon at its end. */
  readonly sql: string;
  /** Line of the file on which the statement begins, from 1. */
  readonly sqlLine: number;
}

/** An error in a file of the catalog, with the place to look at. */
export function badHeader(path: string, line: number, message: string): AgenttraceError {
  return new AgenttraceError({
    code: 'bad_input',
    message: `${message.charAt(0).toUpperCase()}${message.slice(1)}`,
    hint: 'agenttrace report --eject tools writes a shipped report as a file, whose header is an example.',
    source: `${path}:${line}`,
  });
}

/** Parts a file into its header and its statement. A line of the header that is indented goes on with its tag. */
export function parseHeader(path: string, text: string): SqlDocument {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const header = (end === -1 ? lines : lines.slice(0, end)).map((line) => line.slice(2).replace(/^ /, ''));
  const sql = (end === -1 ? [] : lines.slice(end)).join('\n').trim().replace(/;\s*$/, '').trimEnd();
  if (sql === '') throw badHeader(path, lines.length, 'there is no statement below the header.');

  const prose: string[] = [];
  const tags: { name: string; text: string; line: number }[] = [];
  const isTitled = !header[0]?.startsWith('@');
  header.forEach((content, index) => {
    if (index === 0 && isTitled) return;
    const line = index + 1;
    const match = /^@([a-z_]+)(?:\s+(.*))?$/.exec(content);
    const last = tags.at(-1);
    if (match) tags.push({ name: match[1] ?? '', text: (match[2] ?? '').trim(), line });
    else if (content.startsWith('@')) throw badHeader(path, line, `"${content}" is no tag.`);
    else if (last === undefined) prose.push(content.trimEnd());
    else if (content.trim() === '') return;
    else if (/^\s/.test(content)) last.text = `${last.text} ${content.trim()}`.trim();
    else throw badHeader(path, line, `text after @${last.name} must be indented to belong to it.`);
  });

  const blank = lines.slice(end).findIndex((line) => line.trim() !== '');
  return {
    path,
    title: isTitled ? (header[0] ?? '').trim() : '',
    description: joinParagraphs(prose),
    tags,
    sql,
    sqlLine: end + blank + 1,
  };
}

/** The text of the one tag of a name; undefined where it is absent. */
export function singleTag(document: SqlDocument, name: string): HeaderTag | undefined {
  const [first, second] = document.tags.filter((tag) => tag.name === name);
  if (second !== undefined) throw badHeader(document.path, second.line, `@${name} stands twice.`);
  return first;
}

/** The first word of a tag and what follows it; throws where either is missing. */
export function namedText(path: string, tag: HeaderTag): { readonly name: string; readonly text: string } {
  const match = /^(\S+)\s+(.+)$/.exec(tag.text);
  if (!match) throw badHeader(path, tag.line, `@${tag.name} needs a name and a text.`);
  return { name: match[1] ?? '', text: match[2] ?? '' };
}

/** Throws for a tag that no one reads: most often a slip of the pen. */
export function checkTags(document: SqlDocument, known: readonly string[]): void {
  for (const { name, line } of document.tags) {
    if (!known.includes(name)) {
      throw badHeader(
        document.path,
        line,
        `@${name} is not known. Known: ${known.map((tag) => `@${tag}`).join(', ')}.`,
      );
    }
  }
}

function joinParagraphs(lines: readonly string[]): string {
  return lines
    .join('\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' ').trim())
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}
