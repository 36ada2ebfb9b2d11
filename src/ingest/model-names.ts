import { sqlFile } from '../catalog/sql-files.ts';
import { canonicalModelName } from '../prices/name-forms.ts';
import type { Resolver } from '../prices/resolve.ts';
import type { Connection, SqlValue } from '../warehouse/connection.ts';

/** Finds, for every new name of a model, the name to show and the price to use. */
export async function resolveModelNames(
  connection: Connection,
  resolver: () => Promise<Resolver>,
): Promise<void> {
  await connection.execute(sqlFile('sql/load/said_models.sql'));
  const { rows } = await connection.query(sqlFile('sql/load/unresolved_names.sql'));
  if (rows.length === 0) return;
  const resolve = await resolver();
  const names = rows.map(([provider, model]): readonly SqlValue[] => {
    const logged = { provider: provider === null ? null : String(provider), model: String(model) };
    const { priceModel, rule } = resolve(logged);
    const shown = canonicalModelName(logged.model) ?? logged.model;
    return [logged.provider, logged.model, shown, priceModel, rule];
  });
  await connection.append({ schema: 'raw', table: 'model_names' }, names);
}

/** Forgets the names of models that no session says any more. */
export async function dropIdleNames(connection: Connection): Promise<void> {
  await connection.execute(sqlFile('sql/load/said_models.sql'));
  await connection.execute(sqlFile('sql/load/drop_idle_names.sql'));
}
