import { expect, test } from 'vitest';
import { describeViews } from '../../src/cli/describe-views.ts';
import { schemaDdl } from '../../src/render/schema-ddl.ts';
import { connect } from '../../src/warehouse/connection.ts';
import { openSmallHouse } from './small-house.ts';

test('the tables for a copy have the columns and types of the views, and say what they hold', async () => {
  const house = await openSmallHouse();
  const copy = await connect(':memory:');
  try {
    const views = await describeViews();
    await copy.execute(schemaDdl(views));
    const { rows: columns } = await copy.query(
      `select table_name || '.' || column_name, data_type, comment
      from duckdb_columns() where schema_name = 'v1' order by table_name, column_index`,
    );
    expect(columns).toEqual(
      views.flatMap((view) =>
        view.columns.map(({ name, type, unit, description }) => [
          `${view.name}.${name}`,
          type,
          unit === null ? description : `${description} (${unit})`,
        ]),
      ),
    );
    for (const { name } of views) {
      const { columns: given } = await house.query(`select * from v1.${name}`);
      const { columns: taken } = await copy.query(`select * from v1.${name}`);
      expect(taken).toEqual(given);
    }
  } finally {
    house.close();
    copy.close();
  }
});
