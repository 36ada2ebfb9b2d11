import { createHash } from 'node:crypto';
import { sqlFile, sqlFilesBelow } from '../catalog/sql-files.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { Connection } from './connection.ts';

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** The program's migrations in order; names are the file names without folder and suffix. */
function migrations(): readonly Migration[] {
  return sqlFilesBelow('migrations').map((path) => {
    const sql = sqlFile(path);
    return {
      name: path.slice('migrations/'.length, -'.sql'.length),
      sql,
      sha256: createHash('sha256').update(sql).digest('hex'),
    };
  });
}

/** Migrations that the open database still lacks. Throws when it was made by a newer or an altered program. */
export async function pendingMigrations(connection: Connection): Promise<readonly Migration[]> {
  const known = migrations();
  const { rows: tables } = await connection.query(
    `select 1 from duckdb_tables() where schema_name = 'main' and table_name = 'migrations' and not temporary`,
  );
  if (tables.length === 0) {
    const { rows: others } = await connection.query(
      `select table_name from duckdb_tables() where not internal and not temporary limit 1`,
    );
    if (others.length > 0) {
      throw new AgenttraceError({
        code: 'bad_input',
        message: `This DuckDB file is no agenttrace warehouse: it holds a table ${String(others[0]?.[0])}. It was left as it is.`,
        hint: 'Name another file with --warehouse FILE.',
      });
    }
    return known;
  }
  const { rows } = await connection.query('select name, sha256 from main.migrations order by name');
  rows.forEach(([name, sha256], index) => {
    const mine = known[index];
    if (mine === undefined || mine.name !== name) {
      throw new AgenttraceError({
        code: 'bad_input',
        message: `This warehouse was written by a newer agenttrace (it has step ${String(name)}). It was left as it is.`,
        hint: 'Update agenttrace, or name another file with --warehouse FILE.',
      });
    }
    if (mine.sha256 !== sha256) {
      throw new AgenttraceError({
        code: 'bad_input',
        message: `Step ${mine.name} of this warehouse differs from this program's. It was left as it is.`,
        hint: 'Use the agenttrace that wrote it, or load the logs into another file with --warehouse FILE.',
      });
    }
  });
  return known.slice(rows.length);
}

/** Whether it is all of them that the open database lacks. */
export const lacksAll = (pending: readonly Migration[]): boolean => pending.length === migrations().length;

/** Applies what is missing, each step in the caller's transaction. */
export async function applyMigrations(connection: Connection, pending: readonly Migration[]): Promise<void> {
  if (pending.length === 0) return;
  await connection.execute(
    'create table if not exists main.migrations (name varchar primary key, sha256 varchar not null, applied_at timestamptz not null)',
  );
  for (const { name, sql, sha256 } of pending) {
    await connection.execute(sql);
    await connection.execute('insert into main.migrations values ($name, $sha256, now())', { name, sha256 });
  }
}
