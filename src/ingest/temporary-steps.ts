import type { Connection } from '../warehouse/connection.ts';

interface Step {
  readonly name: string;
  readonly kind: 'table' | 'view';
}

async function temporarySteps(connection: Connection): Promise<readonly Step[]> {
  const { rows } = await connection.query(`
    select view_name, 'view' from duckdb_views() where temporary and not internal
    union all
    select table_name, 'table' from duckdb_tables() where temporary`);
  return rows.map(([name, kind]) => ({ name: String(name), kind: kind === 'view' ? 'view' : 'table' }));
}

/** Names of the temporary tables and views that there are. */
export async function temporaryNames(connection: Connection): Promise<ReadonlySet<string>> {
  return new Set((await temporarySteps(connection)).map(({ name }) => name));
}

/**
 * Removes temporary tables and views but those to be kept: what one adapter made, so that the next finds no step of
 * that name; or all of a load, so that whoever goes on with the connection sees only the contract.
 */
export async function dropSteps(
  connection: Connection,
  kept: ReadonlySet<string> = new Set(),
): Promise<void> {
  const steps = (await temporarySteps(connection)).filter(({ name }) => !kept.has(name));
  if (steps.length > 0)
    await connection.execute(steps.map(({ name, kind }) => `drop ${kind} temp.main.${name};`).join('\n'));
}
