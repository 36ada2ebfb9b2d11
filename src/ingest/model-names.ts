import { sqlFile } from '../catalog/sql-files.ts';
import { canonicalModelName } from '../prices/name-forms.ts';
import type { Resolver } from '../prices/resolve.ts';
import type { Connection, SqlValue } from '../warehouse/connection.ts';

/** Finds, for every new name of a model, the name to show and the price to use. */
export async function resolveModelNames(
  connection: Connection,
  resolver: () => Promise<Resolver>,
): Promise<void> {
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
