import { badHeader, checkTags, namedText, parseHeader, singleTag } from './header.ts';
import { findDependencies } from './sql-names.ts';

export interface ViewColumn {
  readonly name: string;
  readonly description: string;
}

/**
 * A view as its file defines it: `sql/v1/<topic>/<name>.sql` or `sql/internal/<name>.sql`; or `sql/stored/<name>.sql`, whose rows a
 * warehouse keeps in the table `mart.<name>`.
 */
export interface View {
  readonly path: string;
  readonly schema: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Goes up by one when the meaning of the view changes. */
  readonly version: number;
  /** Columns that together name a row. */
  readonly grain: readonly string[];
  readonly columns: readonly ViewColumn[];
  readonly examples: readonly string[];
  /** The release that brought the view. */
  readonly since: string;
  /** The bare SELECT. */
  readonly sql: string;
  /** Tables and views that it reads, qualified. */
  readonly dependencies: readonly string[];
}

const TAGS = ['version', 'since', 'grain', 'column', 'example'];

/**
 * Reads a view's file. Throws an error with file and line where the header lacks what a view must say: title, version,
 * grain and release, and of a public view every column.
 */
export function parseView(path: string, text: string): View {
  const match = /^sql\/(internal|stored|v1)\/(?:.+\/)?([a-z][a-z0-9_]*)\.sql$/.exec(path);
  if (!match)
    throw badHeader(
      path,
      1,
      'a view lies in sql/v1/<topic>/, sql/internal/ or sql/stored/ and has a lower case name.',
    );
  const document = parseHeader(path, text);
  checkTags(document, TAGS);
  const required = (name: string): { readonly text: string; readonly line: number } => {
    const tag = singleTag(document, name);
    if (tag === undefined || tag.text === '') throw badHeader(path, 1, `@${name} is missing.`);
    return tag;
  };

  if (!/^[A-Z].*\.$/.test(document.title)) {
    throw badHeader(path, 1, 'line 1 must be a comment holding one sentence.');
  }
  const version = required('version');
  if (!/^[1-9]\d*$/.test(version.text))
    throw badHeader(path, version.line, '@version must be a whole number from 1.');
  const grain = required('grain');
  const columns = new Map<string, ViewColumn>();
  for (const tag of document.tags.filter(({ name }) => name === 'column')) {
    const { name, text: description } = namedText(path, tag);
    if (columns.has(name)) throw badHeader(path, tag.line, `@column ${name} stands twice.`);
    columns.set(name, { name, description });
  }
  const isPublic = match[1] === 'v1';
  if (isPublic && columns.size === 0) throw badHeader(path, 1, '@column is missing.');
  const grainColumns = grain.text.split(/[\s,]+/).filter((name) => name !== '');
  for (const name of grainColumns) {
    if (columns.size > 0 && !columns.has(name))
      throw badHeader(path, grain.line, `@grain names ${name}, which is no @column.`);
  }

  return {
    path,
    schema: match[1] === 'stored' ? 'mart' : (match[1] ?? ''),
    name: match[2] ?? '',
    title: document.title,
    description: document.description,
    version: Number(version.text),
    grain: grainColumns,
    columns: [...columns.values()],
    examples: document.tags.filter(({ name }) => name === 'example').map((tag) => tag.text),
    since: required('since').text,
    sql: document.sql,
    dependencies: findDependencies(document.sql),
  };
}
