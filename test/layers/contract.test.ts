import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicViews } from '../../src/catalog/contract.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { openAuditHouse } from '../audit/audit-house.ts';
import { openSmallHouse } from '../views/small-house.ts';
import { rowsOf, scalarOf } from '../views/warehouse.ts';

let connection: Connection;
let audited: Connection;
beforeAll(async () => {
  connection = await openSmallHouse();
  audited = await openAuditHouse();
});
afterAll(() => {
  connection.close();
  audited.close();
});

/** A column's suffix is its unit, and a unit has one type. */
const TYPES: readonly (readonly [pattern: RegExp, type: RegExp])[] = [
  [/_id$/, /^VARCHAR$/],
  [/_at$/, /^TIMESTAMP WITH TIME ZONE$/],
  [/_on$/, /^DATE$/],
  [/_ms$/, /^BIGINT$/],
  [/_tokens$/, /^BIGINT$/],
  [/_count$/, /^BIGINT$/],
  [/_bytes$/, /^BIGINT$/],
  [/_usd$/, /^DECIMAL\(18,9\)$/],
  [/_ratio$/, /^DOUBLE$/],
  [/^(is|has)_/, /^BOOLEAN$/],
  [/_json$/, /^JSON$/],
  [/_(number|line)$/, /^BIGINT$/],
];

const views = publicViews().map((view) => [view.name, view] as const);

describe.each(views)('v1.%s', (_, view) => {
  const describeView = (): Promise<readonly unknown[]> =>
    rowsOf(connection, `select column_name, column_type from (describe v1.${view.name})`);

  it('has the columns of its header, in order', async () => {
    const columns = (await describeView()) as readonly { column_name: string }[];
    expect(columns.map(({ column_name }) => column_name)).toEqual(view.columns.map(({ name }) => name));
  });

  it('has columns whose suffix is their type', async () => {
    const columns = (await describeView()) as readonly { column_name: string; column_type: string }[];
    const wrong = columns.filter(({ column_name, column_type }) =>
      TYPES.some(([name, type]) => name.test(column_name) && !type.test(column_type)),
    );
    expect(wrong).toEqual([]);
    const hidden = columns.filter(
      ({ column_name }) => !/^[a-z][a-z0-9_]*$/.test(column_name) || /_no$/.test(column_name),
    );
    expect(hidden).toEqual([]);
    // A sum that was not cast would turn into a floating point number on export.
    expect(columns.filter(({ column_type }) => /^(HUGEINT|FLOAT)/.test(column_type))).toEqual([]);
  });

  it('has one row per its grain', async () => {
    for (const house of [connection, audited])
      expect(
        await scalarOf(
          house,
          `select count(*) from (select 1 from v1.${view.name} group by ${view.grain.join(', ')} having count(*) > 1)`,
        ),
      ).toBe(0);
  });

  it('has rows in a house that tests it', async () => {
    const hasRows = (house: Connection) => scalarOf(house, `select count(*) > 0 from v1.${view.name}`);
    expect([await hasRows(connection), await hasRows(audited)]).toContain(true);
  });

  it.each(view.examples.length === 0 ? ['(none)'] : view.examples)('answers %s', async (example) => {
    expect(example).not.toBe('(none)');
    await connection.execute(`set search_path = 'v1,main'`);
    await connection.query(example);
  });

  it('describes every column in a sentence', () => {
    expect(view.columns.filter(({ description }) => !/^[A-Z0-9`].*\.$/.test(description))).toEqual([]);
  });
});
