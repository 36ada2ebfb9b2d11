import { readdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { publicViews } from '../../catalog/contract.ts';
import { cutText, padEnd } from '../../render/width.ts';
import { listReports } from '../../report/find-report.ts';
import { allReportPlaces } from '../choose-report.ts';
import { FORMATS } from '../common-options.ts';
import { BACKSLASH_COMMANDS, type BackslashCommand } from './backslash-commands.ts';
import type { ShellSession } from './session.ts';

/** A word that fits where the cursor stands. */
export interface Candidate {
  readonly text: string;
  /** What it is, in a word or two. */
  readonly kind: string;
  /** What it means, where that is known. */
  readonly hint: string;
}

export interface Completion {
  /** The part of the line that a candidate replaces. */
  readonly word: string;
  /** In the order in which they are listed. */
  readonly candidates: readonly Candidate[];
}

export interface CursorPlace {
  /** Lines of the statement above this one. */
  readonly begun: string;
  /** This line up to the cursor, and after it. */
  readonly line: string;
  readonly after: string;
}

/** What may stand where the cursor is: of a backslash command its words, of SQL what DuckDB's grammar lets in. */
export async function completeAt(session: ShellSession, place: CursorPlace): Promise<Completion> {
  const { begun, line } = place;
  if (begun === '' && line.trimStart().startsWith('\\')) return completeCommand(session, line.trimStart());
  return completeSql(session, place);
}

function completeCommand(session: ShellSession, line: string): Completion {
  const [, name = '', gap = '', rest = ''] = /^\\(\S*)(\s*)(.*)$/.exec(line) ?? [];
  if (gap === '') {
    return matching(
      `\\${name}`,
      BACKSLASH_COMMANDS.map((command) => ({
        text: `\\${command.name}`,
        kind: command.argument,
        hint: command.says,
      })),
    );
  }
  const command = BACKSLASH_COMMANDS.find((one) => one.name === name || one.otherNames?.includes(name));
  const isFirst = !/\s/.test(rest);
  if (command?.completes === undefined || !isFirst) return { word: '', candidates: [] };
  if (command.completes === 'file') return completePath(session, rest);
  return matching(rest, wordsFor(session, command.completes));
}

function wordsFor(
  session: ShellSession,
  kind: Exclude<BackslashCommand['completes'], 'file' | undefined>,
): readonly Candidate[] {
  switch (kind) {
    case 'view':
      return publicViews().map(({ name, title }) => ({ text: name, kind: 'view', hint: title }));
    case 'report':
      return listReports(allReportPlaces(session.invocation))
        .filter(({ isHidden, error }) => !isHidden && error === null)
        .map(({ name, report }) => ({
          text: name,
          kind: 'report',
          hint: report?.summary || report?.title || '',
        }));
    case 'format':
      return FORMATS.map((text) => ({ text, kind: '', hint: '' }));
    case 'switch':
      return ['on', 'off'].map((text) => ({ text, kind: '', hint: '' }));
  }
}

const matching = (word: string, words: readonly Candidate[]): Completion => ({
  word,
  candidates: words.filter(({ text }) => text.startsWith(word)),
});

function completePath({ invocation }: ShellSession, word: string): Completion {
  const folder = resolve(invocation.runtime.workingFolder, word.endsWith('/') ? word : dirname(word));
  const begin = word.endsWith('/') ? '' : basename(word);
  const prefix = word.slice(0, word.length - begin.length);
  try {
    const candidates = readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(begin) && (begin.startsWith('.') || !name.startsWith('.')))
      .map((entry) => ({
        text: `${prefix}${entry.name}${entry.isDirectory() ? '/' : ''}`,
        kind: entry.isDirectory() ? 'folder' : 'file',
        hint: '',
      }))
      .sort((a, b) => (a.text < b.text ? -1 : 1));
    return { word, candidates };
  } catch {
    return { word, candidates: [] };
  }
}

/** DuckDB's own suggestions; of its tables and columns those of the contract alone, with what its headers say. */
const SUGGESTIONS = `
select suggestion, suggestion_type
from sql_auto_complete($sql)
where suggestion_score = 0
order by all`;

/** Names of what was made in this shell. */
const TEMPORARY = `
select table_name from duckdb_columns() where database_name = 'temp'
union
select column_name from duckdb_columns() where database_name = 'temp'`;

const FUNCTIONS = `
select function_name, any_value(description)
from duckdb_functions()
where function_name in (select unnest(cast($names as json)::varchar[]))
group by function_name`;

async function completeSql({ database }: ShellSession, place: CursorPlace): Promise<Completion> {
  const { begun, line, after } = place;
  const word = /[A-Za-z_][\w.]*$/.exec(line)?.[0] ?? '';
  const text = `${begun}${line}${after}`;
  const dotted = /^(\w+)\.(\w*)$/.exec(word);
  if (dotted !== null) return completeDotted(dotted[1] ?? '', { word, text });
  const { suggestions, temporary, meanings } = await database.use(async (connection) => {
    const { rows } = await connection.query(SUGGESTIONS, { sql: `${begun}${line}` });
    const names = rows.filter(([, type]) => String(type).endsWith('function')).map(([name]) => String(name));
    const known =
      word === '' || names.length === 0
        ? []
        : (await connection.query(FUNCTIONS, { names: JSON.stringify(names) })).rows;
    return {
      suggestions: rows,
      temporary: new Set((await connection.query(TEMPORARY)).rows.map(([name]) => String(name))),
      meanings: new Map(
        known.map(([name, meaning]) => [String(name), meaning === null ? '' : String(meaning)]),
      ),
    };
  });
  const columns = columnsIn(text);
  const candidates = suggestions.flatMap(([suggestion, type]): Candidate[] => {
    const name = String(suggestion).trim();
    if (!name.toLowerCase().startsWith(word.toLowerCase())) return [];
    if (type === 'column' || type === 'table') {
      if (temporary.has(name)) return [{ text: name, kind: 'temporary', hint: '' }];
      if (type === 'column') return columns.filter((column) => column.text === name);
      return publicViews()
        .filter((view) => view.name === name)
        .map(({ title }) => ({ text: name, kind: 'view', hint: title }));
    }
    if (word === '') return [];
    if (type !== 'keyword') return [{ text: name, kind: 'function', hint: meanings.get(name) ?? '' }];
    return [{ text: /^[A-Z]+$/.test(word) ? name.toUpperCase() : name, kind: 'keyword', hint: '' }];
  });
  return { word, candidates: candidates.sort((a, b) => rankOf(a) - rankOf(b)) };
}

const KINDS = ['temporary', 'view', 'column', 'function', 'keyword'];

const rankOf = ({ kind }: Candidate): number => KINDS.findIndex((known) => kind.startsWith(known));

/** Columns of the views that a statement names; of all views while it names none. */
function columnsIn(text: string): readonly Candidate[] {
  const words = new Set(text.toLowerCase().match(/\w+/g));
  const named = publicViews().filter(({ name }) => words.has(name));
  const byName = new Map<string, { readonly views: string[]; readonly description: string }>();
  for (const view of named.length > 0 ? named : publicViews()) {
    for (const { name, description } of view.columns) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, { views: [view.name], description });
      else known.views.push(view.name);
    }
  }
  return [...byName].map(([text, { views, description }]) => ({
    text,
    kind: views.length === 1 ? `column of ${views[0]}` : `column of ${views.length} views`,
    hint: description,
  }));
}

/** `v1.` begins views; a view or its alias, its columns. */
function completeDotted(
  owner: string,
  { word, text }: { readonly word: string; readonly text: string },
): Completion {
  if (owner === 'v1')
    return matching(
      word,
      publicViews().map(({ name, title }) => ({ text: `v1.${name}`, kind: 'view', hint: title })),
    );
  const alias = new RegExp(`(\\w+)\\s+(?:as\\s+)?${owner}\\b`, 'i').exec(text)?.[1];
  const view =
    publicViews().find(({ name }) => name === owner) ?? publicViews().find(({ name }) => name === alias);
  return matching(
    word,
    (view?.columns ?? []).map(({ name, description }) => ({
      text: `${owner}.${name}`,
      kind: `column of ${view?.name}`,
      hint: description,
    })),
  );
}

/** What all texts begin with. */
export function sharedStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}

/** Candidates one a line with what they mean, as many as the screen holds. */
export function listCandidates(
  candidates: readonly Candidate[],
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const most = Math.max(4, Math.min(height - 4, 20));
  const shown = candidates.length > most ? candidates.slice(0, most - 1) : candidates;
  const textWidth = Math.min(32, Math.max(...shown.map(({ text }) => text.length)));
  const kindWidth = Math.max(...shown.map(({ kind }) => kind.length));
  const rows = shown.map(({ text, kind, hint }) =>
    cutText(`${padEnd(text, textWidth)}  ${padEnd(kind, kindWidth)}  ${hint}`.trimEnd(), width - 1),
  );
  const rest = candidates.length - shown.length;
  return [...rows, ...(rest === 0 ? [] : [`… and ${rest} more`])].join('\n');
}
