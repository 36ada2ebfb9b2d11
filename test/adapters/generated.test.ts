/** Invented logs of every kind, whose totals are known to who wrote them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { openOnce } from '../../src/warehouse/open.ts';
import { differences, dump, load, ROOT, type Row, rowsOf, temporaryFolder } from './load.ts';

const TIMEOUT = 240_000;

/** By agent: figures, or null where its logs do not tell one. */
type Totals = Readonly<Record<string, Readonly<Record<string, number | null>>>>;

function generate(home: string): Totals {
  const script = join(ROOT, 'scripts/generate-logs.mjs');
  const output = execFileSync(process.execPath, [script, '--home', home, '--mb', '0.3']);
  return JSON.parse(output.toString()) as Totals;
}

const LOADED = readFileSync(join(ROOT, 'scripts/generate-logs/loaded.sql'), 'utf8');

describe('generated logs', () => {
  let home: string;
  let written: Totals;
  let connection: Connection;
  let loaded: readonly Row[];

  beforeAll(async () => {
    home = join(temporaryFolder(), 'home');
    written = generate(home);
    // As the program opens it: all agents at once fit into the little memory that it allows.
    connection = await openOnce({ file: join(temporaryFolder(), 'warehouse.duckdb'), mode: 'write' });
    await load(connection, home);
    loaded = await rowsOf(connection, LOADED);
  }, TIMEOUT);

  afterAll(() => connection.close());

  for (const { id } of adapters) {
    test(`${id}: what is loaded is what was written`, () => {
      const { agent, ...totals } = loaded.find((row) => row.agent === id) ?? {};
      expect(agent).toBe(id);
      expect(totals).toEqual(written[id]);
    });
  }

  test('nothing is rejected', async () => {
    expect(await rowsOf(connection, 'select * from v1.rejects limit 5')).toEqual([]);
  });

  test('a second load reads nothing and changes nothing', { timeout: TIMEOUT }, async () => {
    const times = 'select path, last_loaded_at from v1.sources order by path';
    const [first, readAt] = [await dump(connection), await rowsOf(connection, times)];
    await load(connection, home);
    expect(differences(first, await dump(connection))).toEqual([]);
    expect(await rowsOf(connection, times)).toEqual(readAt);
  });
});
