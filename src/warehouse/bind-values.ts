import { type DuckDBPreparedStatement, DuckDBTypeId } from '@duckdb/node-api';
import { AgenttraceError } from '../model/errors.ts';
import type { Connection } from './connection.ts';

/** Values for the parameters of a statement by name, as text. */
export type TextValues = Readonly<Record<string, string>>;

/**
 * Binds values to a statement's parameters, each cast by DuckDB to the type that the statement needs there. Where the
 * statement does not tell (`select $x`), the value is text. Throws for a value that is missing or does not fit.
 */
export async function bindValues(
  statement: DuckDBPreparedStatement,
  { connection, values }: { readonly connection: Connection; readonly values: TextValues },
): Promise<void> {
  for (let index = 1; index <= statement.parameterCount; index += 1) {
    const name = statement.parameterName(index);
    const value = values[name];
    if (value === undefined) throw missingValue(name);
    if (statement.parameterTypeId(index) === DuckDBTypeId.INVALID) statement.bindVarchar(index, value);
    else await bindTyped(statement, { connection, index, name, value });
  }
}

interface TypedValue {
  readonly connection: Connection;
  readonly index: number;
  readonly name: string;
  readonly value: string;
}

async function bindTyped(
  statement: DuckDBPreparedStatement,
  { connection: { driver }, index, name, value }: TypedValue,
): Promise<void> {
  const type = statement.parameterType(index);
  const cast = await driver.runAndReadAll(`select try_cast($value as ${type})`, { value });
  const typed = cast.getRows()[0]?.[0] ?? null;
  if (typed === null && !/^null$/i.test(value.trim())) throw unfitValue({ name, value, type: String(type) });
  statement.bindValue(index, typed, type);
}

function missingValue(name: string): AgenttraceError {
  return new AgenttraceError({
    code: 'bad_sql',
    message: `The parameter $${name} has no value.`,
    hint: `Give it one with --param ${name}=VALUE.`,
  });
}

function unfitValue({ name, value, type }: { name: string; value: string; type: string }): AgenttraceError {
  return new AgenttraceError({
    code: 'usage',
    message: `--param ${name} wants a value of type ${type}, not “${value}”.`,
    hint: 'The type is the one that the SQL needs where the parameter stands; NULL is no value.',
  });
}

/** Refuses values that no statement asks for: a name that is misspelled. */
export function refuseUnknownValues(values: TextValues, names: ReadonlySet<string>): void {
  const stray = Object.keys(values).find((name) => !names.has(name));
  if (stray === undefined) return;
  throw new AgenttraceError({
    code: 'usage',
    message: `The SQL has no parameter $${stray}.`,
    hint:
      names.size === 0
        ? 'It has none. Write $name in the SQL where a value is to stand.'
        : `It has ${[...names].map((name) => `$${name}`).join(', ')}.`,
  });
}
