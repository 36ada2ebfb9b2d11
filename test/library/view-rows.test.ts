/** src/library/view-rows.ts says what the views say, and their rows fit it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publicViews } from '../../src/catalog/contract.ts';
import { checkRows, toRows } from '../../src/library/rows.ts';
import { type ViewName, viewRows } from '../../src/library/view-rows.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { ROOT } from '../adapters/load.ts';
import { openAuditHouse } from '../audit/audit-house.ts';
import { isAccepting } from '../docs/pages.ts';
import { openSmallHouse } from '../views/small-house.ts';
import { viewRowsSource } from './view-rows-source.ts';

const PATH = join(ROOT, 'src', 'library', 'view-rows.ts');

let houses: readonly Connection[] = [];
beforeAll(async () => {
  houses = await Promise.all([openSmallHouse(), openAuditHouse()]);
}, 60_000);
afterAll(() => {
  for (const house of houses) house.close();
});

test('the module says what the views say', async () => {
  const source = await viewRowsSource();
  if (isAccepting) writeFileSync(PATH, source);
  expect(readFileSync(PATH, 'utf8'), 'npm run accept writes it anew').toBe(source);
});

test.each(publicViews().map(({ name }) => name))('rows of %s fit their schema', async (name) => {
  const answers = await Promise.all(houses.map((house) => house.query(`select * from v1.${name}`)));
  const rows = answers.flatMap(toRows);
  expect(rows.length).toBeGreaterThan(0);
  expect(checkRows<unknown>(rows, viewRows[name as ViewName].strict())).toEqual(rows);
});
