/** A change of a view must hold over a lake too: what it reads there is `sql/team` and the tables of `sql/lake/tables.sql`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { publicViews } from '../../src/catalog/contract.ts';
import { ensureLake } from '../../src/lake/lake-contract.ts';
import { openTeam } from '../../src/lake/open-team.ts';
import { openEmpty } from '../views/warehouse.ts';

const SHAPES = `
  select table_name, column_name, data_type
  from duckdb_columns()
  where schema_name = 'v1' and not list_contains(string_split($missing, ','), table_name)
  order by all`;

it('every view that hosts publish the rows of has the same columns and types over a lake', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agenttrace-test-'));
  ensureLake(folder);
  const team = await openTeam(folder);
  const warehouse = await openEmpty();
  try {
    const missing = { missing: [...team.missing].join(',') };
    expect((await team.connection.query(SHAPES, missing)).rows).toEqual(
      (await warehouse.query(SHAPES, missing)).rows,
    );
    expect(team.missing.size).toBeLessThan(publicViews().length / 2);
  } finally {
    team.connection.close();
    warehouse.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
