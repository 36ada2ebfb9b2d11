import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import { differences, dump, type Row, rowsOf, temporaryFolder, withLoads } from '../adapters/load.ts';
import type { Logs } from './invented-logs.ts';

/** Rows of a query after the files were loaded one by one, from the first to the last or back: they are the same. */
export async function inBothOrders(logs: Logs, sql: string): Promise<readonly Row[]> {
  const home = temporaryFolder();
  for (const [path, lines] of Object.entries(logs)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), lines.join(''));
  }
  const loads = Object.keys(logs).map((path) => [join(home, path)]);
  const ask = async (connection: Connection) => ({
    rows: await rowsOf(connection, sql),
    all: await dump(connection),
  });
  const forth = await withLoads(home, loads, ask);
  const back = await withLoads(home, loads.toReversed(), ask);
  expect(back.rows).toEqual(forth.rows);
  expect(differences(forth.all, back.all)).toEqual([]);
  return forth.rows;
}
