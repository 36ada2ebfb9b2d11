import { type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api';
import { AgenttraceError } from '../model/errors.ts';
import type { ResultSet } from '../model/result.ts';
import { toResultSet } from './cells.ts';
import type { Connection, SqlValue } from './connection.ts';
import { mayCallControls, refuseControls } from './refuse-controls.ts';
import { splitStatements } from './split-statements.ts';
import { type Limits, limitWork } from './work-limit.ts';

export interface SealedSelect extends Limits {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, SqlValue>>;
  /** Stops it with the signal's reason. */
  readonly signal?: AbortSignal;
  /** A temporary table that takes the rows; without it they are the result. */
  readonly into?: string;
}

/**
 * Runs one SELECT of someone else's on a connection that is in a sandbox, within limits. Nothing but a SELECT: a macro or a
 * view that it could leave behind would speak into whatever is asked afterwards. DuckDB's errors are thrown as they are.
 */
export async function selectSealed(connection: Connection, select: SealedSelect): Promise<ResultSet> {
  const { signal } = select;
  signal?.throwIfAborted();
  const stop = (): void => connection.interrupt();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await limitWork(connection.interrupt, select).within(() => runSelect(connection, select));
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function runSelect(
  connection: Connection,
  { sql, parameters, into }: SealedSelect,
): Promise<ResultSet> {
  const checked = await prepareOne(connection, sql);
  checkValues(checked, parameters);
  if (mayCallControls(sql))
    await refuseControls(connection, { sql, bind: (plan) => plan.bind({ ...parameters }) });
  const statement =
    into === undefined
      ? checked
      : await prepareOne(connection, `create or replace temp table ${into} as ${sql}`, 'CREATE');
  statement.bind({ ...parameters });
  return toResultSet(await statement.runAndReadAll());
}

async function prepareOne(
  { driver }: Connection,
  sql: string,
  wanted: 'SELECT' | 'CREATE' = 'SELECT',
): Promise<DuckDBPreparedStatement> {
  if (splitStatements(sql).length === 0) throw noStatement();
  const statements = await driver.extractStatements(sql);
  if (statements.count !== 1) throw refusal(`These are ${statements.count} statements`);
  const statement = await statements.prepare(0);
  const type = statement.statementType;
  if (type !== StatementType[wanted]) throw refusal(`This is ${StatementType[type] ?? 'no SELECT'}`);
  return statement;
}

/** Before the driver sees them, which names neither a value that is missing nor one too many. */
function checkValues(statement: DuckDBPreparedStatement, parameters: SealedSelect['parameters']): void {
  const names = Array.from({ length: statement.parameterCount }, (_, index) =>
    statement.parameterName(index + 1),
  );
  const missing = names.find((name) => parameters[name] === undefined);
  const stray = Object.keys(parameters).find((name) => !names.includes(name));
  if (missing === undefined && stray === undefined) return;
  throw new AgenttraceError({
    code: 'bad_sql',
    message:
      missing === undefined
        ? `The SQL has no parameter $${stray}.`
        : `The parameter $${missing} has no value.`,
    hint: 'Each $name of the SQL takes one of parameters, and NULL is null.',
  });
}

const noStatement = (): AgenttraceError =>
  new AgenttraceError({
    code: 'bad_sql',
    message: 'There is no SQL statement.',
    hint: 'One SELECT may run here.',
  });

const refusal = (what: string): AgenttraceError =>
  new AgenttraceError({
    code: 'bad_sql',
    message: `${what}; one SELECT may run here.`,
    hint: 'WITH, FROM, VALUES and DESCRIBE are SELECTs too; a PIVOT is where it names its values: pivot … on … in (…).',
  });

/** Whether the connection is in a sandbox already, from which there is no way back. */
export async function isSealed(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query(`select current_setting('lock_configuration')`);
  return rows[0]?.[0] === true;
}
