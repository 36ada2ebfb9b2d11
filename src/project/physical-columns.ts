import type { PlanColumn, PlanTable } from '../model/plan.ts';

/** The types that staged columns have in DuckDB. */
export type StagedType =
  | 'INTEGER'
  | 'BIGINT'
  | 'UBIGINT'
  | 'VARCHAR'
  | 'BOOLEAN'
  | 'TIMESTAMP WITH TIME ZONE'
  | 'DECIMAL(18,9)'
  | 'UUID';

export interface PhysicalColumn {
  readonly name: string;
  readonly type: StagedType;
}

/** What every staged row begins with; never NULL. */
export const ROW_COLUMNS: readonly PhysicalColumn[] = [
  { name: 'source_no', type: 'INTEGER' },
  { name: 'line_no', type: 'INTEGER' },
  { name: 'item_no', type: 'INTEGER' },
];

/** The staged columns that one declared column yields, in order. */
export function columnsOf(column: PlanColumn): readonly PhysicalColumn[] {
  const { name } = column;
  switch (column.kind) {
    case 'text':
      return [{ name, type: 'VARCHAR' }];
    case 'integer':
    case 'kind':
      return [{ name, type: 'BIGINT' }];
    case 'decimal':
      return [{ name, type: 'DECIMAL(18,9)' }];
    case 'boolean':
      return [{ name, type: 'BOOLEAN' }];
    case 'timestamp':
      return [{ name, type: 'TIMESTAMP WITH TIME ZONE' }];
    case 'uuid':
      return [{ name, type: 'UUID' }];
    case 'size':
      return [{ name: `${name}_bytes`, type: 'BIGINT' }];
    case 'lines':
      return [{ name: `${name}_count`, type: 'BIGINT' }];
    case 'diff':
      return [
        { name: `${name}_added_count`, type: 'BIGINT' },
        { name: `${name}_removed_count`, type: 'BIGINT' },
      ];
    case 'digest':
      return [
        { name: `${name}_bytes`, type: 'BIGINT' },
        { name: `${name}_hash`, type: 'UBIGINT' },
        { name: `${name}_preview`, type: 'VARCHAR' },
        ...(column.tail ? [{ name: `${name}_tail`, type: 'VARCHAR' } as const] : []),
      ];
  }
}

/** All staged columns of a table, `source_no`, `line_no` and `item_no` first. */
export function physicalColumns(table: PlanTable): readonly PhysicalColumn[] {
  return [...ROW_COLUMNS, ...table.columns.flatMap(columnsOf)];
}
