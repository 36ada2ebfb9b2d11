import { commentSql, contractSha256, contractSql, storedViews } from '../catalog/contract.ts';
import { sqlFile, sqlFilesBelow } from '../catalog/sql-files.ts';
import type { Connection } from '../warehouse/connection.ts';
import { applyMigrations, lacksAll, pendingMigrations } from '../warehouse/migrate.ts';
import { readProperty, writeProperty } from './properties.ts';
import { defineSecretRules } from './secret-rules.ts';

/** What the program would have to write before this warehouse can be used; undefined when nothing. */
export interface SchemaWork {
  readonly migrations: Awaited<ReturnType<typeof pendingMigrations>>;
  /** Whether any of the tables are there. */
  readonly hasTables: boolean;
  readonly isContractOld: boolean;
}

/** Compares the warehouse's tables and views with the program's. Throws for a file that is not ours or is newer. */
export async function planSchema(connection: Connection): Promise<SchemaWork> {
  const migrations = await pendingMigrations(connection);
  const isContractOld =
    migrations.length > 0 || (await readProperty(connection, 'contract_sha256')) !== contractSha256();
  return { migrations, hasTables: !lacksAll(migrations), isContractOld };
}

/** Brings tables, views and comments up to date, inside the caller's transaction. */
export async function installSchema(
  connection: Connection,
  { migrations, isContractOld }: Pick<SchemaWork, 'migrations' | 'isContractOld'>,
): Promise<void> {
  await applyMigrations(connection, migrations);
  if (!isContractOld) return;
  await connection.execute(contractSql().join(';\n'));
  await connection.execute(commentSql().join(';\n'));
  await writeProperty(connection, 'contract_sha256', contractSha256());
}

/** Defines the macros that adapters and marts use; temporary, so once a connection. */
export async function defineMacros(connection: Connection): Promise<void> {
  // A part is read by many statements, and never changes.
  await connection.execute('set parquet_metadata_cache = true');
  for (const path of sqlFilesBelow('sql/macros')) await connection.execute(sqlFile(path));
  // After the macros: to define them over long expressions takes longer than to use them.
  await defineSecretRules(connection);
}

/** Defines the views whose rows marts keep, over the tables of the warehouse; temporary, so once a connection. */
export async function defineStoredViews(connection: Connection): Promise<void> {
  for (const { name, sql } of storedViews())
    await connection.execute(`create or replace temp view current_${name} as ${sql}`);
}
