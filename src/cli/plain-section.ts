import type { Cell, ResultColumn } from '../model/result.ts';
import type { SectionView } from '../render/document.ts';

type Entries = Readonly<Record<string, Cell>>;

export interface PlainSection {
  readonly name: string;
  readonly title: string;
  /** An object, or a list of objects with the same keys. */
  readonly cell: Entries | readonly Entries[];
  /** Columns of a list that may be empty. */
  readonly columns?: readonly ResultColumn[];
}

/** A section that no SQL made, with the type that SQL would give it. */
export function section({ name, title, cell, columns }: PlainSection): SectionView {
  const isList = Array.isArray(cell);
  const first: Entries = isList ? (cell[0] ?? {}) : (cell as Entries);
  const fields = Object.entries(first).map(([key, value]) => `"${key}" ${typeName(key, value)}`);
  const declared = columns?.map((column) => `"${column.name}" ${column.type}`) ?? [];
  const struct = `STRUCT(${(fields.length > 0 ? fields : declared).join(', ')})`;
  return { column: { name, type: isList ? `${struct}[]` : struct }, title, cell: cell as Cell };
}

/** Columns by their names, parted by spaces. */
export const columnsOf = (names: string): readonly ResultColumn[] =>
  names.split(' ').map((name) => ({ name, type: typeName(name, null) }));

function typeName(name: string, value: Cell): string {
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'number' || typeof value === 'bigint') return 'BIGINT';
  if (/_(at)$/.test(name)) return 'TIMESTAMP WITH TIME ZONE';
  return value === null && /_(count|bytes|ms|tokens)$/.test(name) ? 'BIGINT' : 'VARCHAR';
}
