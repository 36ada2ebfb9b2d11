import { describe, expect, it } from 'vitest';
import type { PlanTable } from '../../src/model/plan.ts';
import { compilePlan } from '../../src/project/compile-plan.ts';
import { physicalColumns } from '../../src/project/project.ts';
import { everyKind } from './plans.ts';

const compile = (...tables: readonly PlanTable[]) => compilePlan({ name: 'p', tables });
const record: PlanTable = { name: 'record', columns: [] };

describe('compilePlan', () => {
  it('shares the steps of paths', () => {
    const { root } = compile(
      {
        name: 'record',
        columns: [
          { name: 'a', kind: 'text', path: 'm.a' },
          { name: 'b', kind: 'size', path: 'm.a' },
        ],
      },
      { name: 'element', at: 'm.c[].d[]', columns: [] },
    );
    expect([...root.children.keys()]).toEqual(['m']);
    const m = root.children.get('m');
    expect(m?.children.get('a')?.sinks.map(({ kind, column }) => [kind, column])).toEqual([
      ['text', 0],
      ['size', 1],
    ]);
    expect(m?.children.get('c')?.element?.table).toBeUndefined();
    expect(m?.children.get('c')?.element?.children.get('d')?.element?.table).toBe(1);
  });
  it('refuses what contradicts itself', () => {
    const twice = [
      { name: 'a', kind: 'text', path: 'a' },
      { name: 'a', kind: 'integer', path: 'b' },
    ] as const;
    expect(() => compile({ name: 'record', columns: twice })).toThrow('column a stands twice');
    expect(() =>
      compile({ name: 'record', columns: [{ name: 'line_no', kind: 'text', path: 'a' }] }),
    ).toThrow('line_no');
    expect(() => compile({ name: 'record', at: 'a[]', columns: [] })).toThrow('whole records');
    expect(() => compile(record, { name: 'e', at: 'a', columns: [] })).toThrow('must end with');
    expect(() =>
      compile(record, { name: 'e', at: 'a[]', columns: [] }, { name: 'f', at: 'a[]', columns: [] }),
    ).toThrow('another table');
    expect(() =>
      compile({ name: 'record', columns: [{ name: 'a', kind: 'text', path: 'a', limit: -1 }] }),
    ).toThrow('characters');
    expect(() =>
      compile(record, { name: 'e', at: 'a[]', columns: [{ name: 'k', kind: 'text', path: '$key' }] }),
    ).toThrow('$key');
  });
});

describe('physicalColumns', () => {
  it('names every staged column with its type', () => {
    const columns = physicalColumns({
      name: 't',
      columns: everyKind('v').map((column) => ({ ...column, name: column.kind })),
    });
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'source_no INTEGER',
      'line_no INTEGER',
      'item_no INTEGER',
      'text VARCHAR',
      'integer BIGINT',
      'decimal DECIMAL(18,9)',
      'boolean BOOLEAN',
      'timestamp TIMESTAMP WITH TIME ZONE',
      'uuid UUID',
      'kind BIGINT',
      'digest_bytes BIGINT',
      'digest_hash UBIGINT',
      'digest_preview VARCHAR',
      'digest_tail VARCHAR',
      'size_bytes BIGINT',
      'lines_count BIGINT',
      'diff_added_count BIGINT',
      'diff_removed_count BIGINT',
    ]);
  });
});
