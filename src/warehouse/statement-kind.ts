import { AgenttraceError } from '../model/errors.ts';
import type { StatementText } from './split-statements.ts';

/** What a statement does, of those that may run. */
export type StatementKind = 'rows' | 'explain' | 'variable' | 'temporary';

const ROWS = new Set([
  'select',
  'with',
  'from',
  'values',
  'table',
  'pivot',
  'unpivot',
  'pivot_wider',
  'pivot_longer',
  'describe',
  'desc',
  'summarize',
  'show',
]);

const ALLOWED_STATEMENTS =
  'Allowed: SELECT, WITH, FROM, VALUES, PIVOT, UNPIVOT, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN of these, SET VARIABLE, and CREATE TEMP TABLE, VIEW or MACRO.';

/** What a statement does by its first words; undefined where it is none of those that may run. */
export function kindOf(words: readonly string[]): StatementKind | undefined {
  const rest = words.slice(words.findIndex((word) => word !== '('));
  const [first, second] = rest;
  if (first === undefined) return undefined;
  if (ROWS.has(first)) return 'rows';
  if (first === 'explain') return kindOf(explained(rest)) === undefined ? undefined : 'explain';
  if ((first === 'set' || first === 'reset') && second === 'variable') return 'variable';
  return first === 'create' && isTemporary(rest.slice(1)) ? 'temporary' : undefined;
}

/** The statement without an EXPLAIN of its own. */
export function bodyOf({ sql, words, starts }: StatementText): string {
  if (words[0] !== 'explain') return sql;
  return sql.slice(starts[words.length - explained(words).length]);
}

/** The words of the statement that EXPLAIN explains. */
function explained(words: readonly string[]): readonly string[] {
  const after = words.slice(1);
  if (after[0] === '(') return after.slice(after.indexOf(')') + 1);
  return after.slice(after.findIndex((word) => word !== 'analyze' && word !== 'verbose'));
}

function isTemporary(words: readonly string[]): boolean {
  const [scope, ...rest] = words[0] === 'or' && words[1] === 'replace' ? words.slice(2) : words;
  const object = rest[0] === 'recursive' ? rest[1] : rest[0];
  return (
    (scope === 'temp' || scope === 'temporary') &&
    object !== undefined &&
    ['table', 'view', 'macro', 'function'].includes(object)
  );
}

/** What is said of a statement that may not run. */
export function refuseStatement(words: readonly string[]): AgenttraceError {
  return new AgenttraceError({
    code: 'bad_sql',
    message: `${nameOf(words)} is not allowed here: query reads, and changes nothing.`,
    hint: ALLOWED_STATEMENTS,
  });
}

/** The statement in its own words: `DROP VIEW`, `CREATE SECRET`, `SET threads`. */
function nameOf(words: readonly string[]): string {
  if (words[0] === 'explain') return `EXPLAIN of ${nameOf(explained(words))}`;
  const isWord = (word: string | undefined): word is string => word !== undefined && /^[a-z_]+$/.test(word);
  const [first = 'This', second] = words;
  const isPair = ['create', 'drop', 'alter', 'set', 'reset', 'export', 'import', 'comment', 'pragma'];
  const head = isWord(first) ? first.toUpperCase() : 'This statement';
  if (!isPair.includes(first) || !isWord(second)) return head;
  const isSetting = ['set', 'reset', 'pragma'].includes(first);
  return `${head} ${isSetting ? second : second.toUpperCase()}`;
}
