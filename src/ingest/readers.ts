import { adapters } from '../../adapters/index.ts';
import type { Adapter } from '../model/adapter.ts';
import type { Readers } from '../project/project.ts';

/** The name of the reader of a form, if it has one. */
export function readerName(adapter: Adapter, form: string): string | undefined {
  return adapter.forms[form]?.read === undefined ? undefined : `${adapter.id}/${form}`;
}

/** Every adapter's readers. */
export const readers: Readers = new Map(
  adapters.flatMap((adapter) =>
    Object.entries(adapter.forms).flatMap(([form, { read }]) =>
      read === undefined ? [] : [[`${adapter.id}/${form}`, read] as const],
    ),
  ),
);
