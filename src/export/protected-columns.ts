import { quoteName } from '../catalog/sql-names.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { Connection } from '../warehouse/connection.ts';
import { describeRelation } from '../warehouse/describe-relation.ts';
import { type ColumnPolicy, columnPolicy } from './column-policy.ts';

/** What may leave the warehouse. */
export interface Disclosure {
  /** `--content`: masked commands and failures, paths of files. */
  readonly hasContent: boolean;
  /** Names of people, machines, projects, paths and branches leave as pseudonyms; `definePseudonyms` was called. */
  readonly hasPseudonyms: boolean;
}

/** A column as it may leave. */
export interface ProtectedColumn {
  readonly name: string;
  /** DuckDB's name of its type. */
  readonly type: string;
  /** SQL over the view's columns; null: it is left out. */
  readonly sql: string | null;
}

export interface ProtectedView {
  /** The view, without its schema: `tool_calls`. */
  readonly view: string;
  /** What to read in its place: a table with the view's columns, and maybe more. */
  readonly relation?: string;
  readonly disclosure: Disclosure;
}

/**
 * The columns of a `v1` view in order, each with the SQL by which it may leave the warehouse.
 *
 * A text column of which nothing was decided is a bug that stops the export, rather than a leak.
 */
export async function protectColumns(
  connection: Connection,
  { view, relation = `v1.${view}`, disclosure }: ProtectedView,
): Promise<readonly ProtectedColumn[]> {
  const columns = await describeRelation(connection, relation);
  return columns.map(({ name, type }) => ({
    name,
    type,
    sql: protectColumn({ view, name, type, disclosure }),
  }));
}

/** The select list of a view: its columns, protected; what is left out is missing. */
export function selectList(columns: readonly ProtectedColumn[]): string {
  return columns
    .filter(({ sql }) => sql !== null)
    .map(({ name, sql }) => (sql === quoteName(name) ? sql : `${sql} as ${quoteName(name)}`))
    .join(', ');
}

/** Hashes of what tools were given and answered: without a key, short texts could be tried out. */
const GUESSABLE_NUMBERS = ['input_hash', 'result_hash'];

export const isText = (type: string): boolean => /VARCHAR|JSON|BLOB/.test(type);

function protectColumn({
  view,
  name,
  type,
  disclosure,
}: Omit<ProtectedView, 'relation'> & { readonly name: string; readonly type: string }): string | null {
  if (disclosure.hasPseudonyms && GUESSABLE_NUMBERS.includes(name))
    return `pseudonym_number(${quoteName(name)})`;
  if (!isText(type)) return quoteName(name);
  const policy = columnPolicy(view, name);
  if (policy === undefined) {
    throw new AgenttraceError({
      code: 'bug',
      message: `Nothing says whether v1.${view}.${name} may leave the warehouse.`,
      hint: 'Decide it in src/export/column-policy.ts.',
    });
  }
  if (disclosure.hasPseudonyms && policy.pseudonym !== undefined && isDisclosed(name, policy, disclosure)) {
    return `pseudonym('${policy.pseudonym}', ${quoteName(name)})`;
  }
  if (policy.treatment === 'quoting')
    return hasQuotations(disclosure) ? quoteName(name) : withoutQuotations(name, type);
  if (policy.treatment === 'content' && !disclosure.hasContent) return isId(name) ? withoutPath(name) : null;
  return quoteName(name);
}

/** A key that rows are joined by leaves in any case. */
const isId = (name: string): boolean => name.endsWith('_id');

const isDisclosed = (name: string, { treatment }: ColumnPolicy, { hasContent }: Disclosure): boolean =>
  treatment !== 'content' || hasContent || isId(name);

/** Quotations name files and commands: under pseudonyms they stay out even with `--content`. */
const hasQuotations = ({ hasContent, hasPseudonyms }: Disclosure): boolean => hasContent && !hasPseudonyms;

/** From the first back-tick to the last: a quotation may hold one itself. */
function withoutQuotations(name: string, type: string): string {
  const cut = (text: string): string => `regexp_replace(${text}, '\`.*\`', '\`…\`', 's')`;
  if (type === 'VARCHAR') return cut(quoteName(name));
  return `list_transform(${quoteName(name)}, lambda item: struct_update(item, evidence := ${cut('item.evidence')}))`;
}

/** An id `source:line:item:path` with a number in the place of the path. */
function withoutPath(name: string): string {
  const place = `array_to_string(string_split(${quoteName(name)}, ':')[1:3], ':')`;
  return `${place} || ':' || row_number() over (partition by ${place} order by ${quoteName(name)})`;
}
