import { publicViews } from '../catalog/contract.ts';
import type { View } from '../catalog/view.ts';
import type { ViewDescription } from '../model/view-description.ts';
import { readViewTypes } from '../warehouse/view-types.ts';
import { unitName } from './unit-name.ts';

/** The public views with the types and units of their columns, in name order. */
export async function describeViews(
  views: readonly View[] = publicViews(),
): Promise<readonly ViewDescription[]> {
  const types = await readViewTypes();
  return views.map(({ name, version, since, grain, title, description, columns, examples }) => ({
    name,
    version,
    since,
    grain,
    title,
    description,
    columns: columns.map((column) => {
      const type = types.get(name)?.find((candidate) => candidate.name === column.name)?.type ?? '';
      return {
        name: column.name,
        type,
        unit: unitName({ name: column.name, type }),
        description: column.description,
      };
    }),
    examples,
  }));
}
