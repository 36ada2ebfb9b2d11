import { badHeader, checkTags, namedText, parseHeader, type SqlDocument, singleTag } from './header.ts';
import { findDependencies, findParameters } from './sql-names.ts';

export interface ReportParameter {
  readonly name: string;
  /** DuckDB's type, lower case. */
  readonly type: string;
  /** The value when none is given, as text; null is NULL. */
  readonly default: string | null;
  readonly description: string;
}

export interface ReportColumn {
  readonly name: string;
  readonly label: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

export interface ReportSection {
  readonly name: string;
  readonly title: string;
  /** Line of the file, from 1. */
  readonly line: number;
  /** A terminal shows it only where there is room below the others. */
  readonly isDetail: boolean;
}

export interface ReportField {
  readonly name: string;
  readonly description: string;
}

/**
 * A report as its file defines it.
 *
 * - `table`: rows; `columns` labels them in order (a user's own report may leave them out).
 * - `document`: one row. `sections` are what people are shown, in order: a STRUCT is a block of keys and values, a
 *   LIST of STRUCT a table; a key's suffix is its unit. `fields` stand in the row for programs alone.
 */
export interface Report {
  readonly path: string;
  readonly name: string;
  readonly shape: 'table' | 'document';
  /** The heading, such as `Cost by day`. */
  readonly title: string;
  /** Line 1 of the file: one sentence. */
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly ReportParameter[];
  readonly columns: readonly ReportColumn[];
  readonly sections: readonly ReportSection[];
  readonly fields: readonly ReportField[];
  /** What to say instead of a table without rows. */
  readonly emptyText: string | null;
  readonly examples: readonly string[];
  readonly sql: string;
  /** Line of the file on which the statement begins, from 1. */
  readonly sqlLine: number;
  readonly dependencies: readonly string[];
}

/** A name of a type, with its precision, as a list or not: it is put into the statement. */
const TYPE = /^[a-z][a-z0-9_ ]*(\(\d+(,\s*\d+)?\))?(\[\])?$/;

const TAGS = ['title', 'param', 'column', 'section', 'detail', 'field', 'empty', 'example'];

/**
 * Reads a report's file, shipped or the user's own. No tag is obligatory, since a bare SELECT is a report too; but
 * what is said must hold: every `$name` of the statement is declared when any is, and no declaration is idle.
 */
export function parseReport(path: string, text: string): Report {
  const name = /([^/\\]+)\.sql$/i.exec(path)?.[1];
  if (name === undefined) throw badHeader(path, 1, "a report's file name ends in .sql.");
  const document = parseHeader(path, text);
  checkTags(document, TAGS);
  const all = <T>(tagName: string, read: (name: string, text: string, line: number) => T): readonly T[] => {
    const seen = new Set<string>();
    return document.tags
      .filter((tag) => tag.name === tagName)
      .map((tag) => {
        const named = namedText(path, tag);
        if (seen.has(named.name)) throw badHeader(path, tag.line, `@${tagName} ${named.name} stands twice.`);
        seen.add(named.name);
        return read(named.name, named.text, tag.line);
      });
  };

  const parameters = all('param', (parameter, rest, line) => {
    const match = /^(\S+)\s+(\S+)\s+(.+)$/.exec(rest);
    if (!match) throw badHeader(path, line, '@param needs a name, a type, a default and a description.');
    const [, type = '', value = '', description = ''] = match;
    if (!TYPE.test(type.toLowerCase()))
      throw badHeader(path, line, `the type “${type}” of @param ${parameter} is not known.`);
    return {
      name: parameter,
      type: type.toLowerCase(),
      default: value === 'null' ? null : value,
      description,
    };
  });
  checkParameters(document, parameters);
  const columns = all('column', (column, label, line) => ({ name: column, label, line }));
  const sections = [
    ...all('section', (section, title, line) => ({ name: section, title, line, isDetail: false })),
    ...all('detail', (section, title, line) => ({ name: section, title, line, isDetail: true })),
  ];
  const fields = all('field', (field, description) => ({ name: field, description }));
  const shape = sections.length + fields.length > 0 ? 'document' : 'table';
  if (shape === 'document' && columns.length > 0) {
    throw badHeader(
      path,
      1,
      'a report has either @column (rows) or @section, @detail and @field (one row), not both.',
    );
  }

  return {
    path,
    name,
    shape,
    title: singleTag(document, 'title')?.text || name,
    summary: document.title,
    description: document.description,
    parameters,
    columns,
    sections,
    fields,
    emptyText: singleTag(document, 'empty')?.text || null,
    examples: document.tags.filter((tag) => tag.name === 'example').map((tag) => tag.text),
    sql: document.sql,
    sqlLine: document.sqlLine,
    dependencies: findDependencies(document.sql),
  };
}

function checkParameters(document: SqlDocument, parameters: readonly ReportParameter[]): void {
  const { path, sql, sqlLine, tags } = document;
  const used = findParameters(sql);
  const declared = parameters.map(({ name }) => name);
  const missing = used.find((name) => !declared.includes(name));
  if (missing !== undefined) {
    const line = sql.split('\n').findIndex((text) => findParameters(text).includes(missing));
    throw badHeader(
      path,
      sqlLine + Math.max(line, 0),
      `the statement uses $${missing}, but there is no @param ${missing}.`,
    );
  }
  const idle = declared.find((name) => !used.includes(name));
  if (idle !== undefined) {
    const line = tags.find(({ name, text }) => name === 'param' && text.startsWith(`${idle} `))?.line ?? 1;
    throw badHeader(path, line, `@param ${idle} is declared, but the statement does not use $${idle}.`);
  }
}
