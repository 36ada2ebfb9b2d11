import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPart } from '../../src/project/part-writer.ts';
import type { PhysicalColumn } from '../../src/project/physical-columns.ts';
import { physicalColumns } from '../../src/project/project.ts';
import { asSourceError } from '../../src/project/read-source.ts';
import { query, scanBytes, withFolder } from './harness.ts';
import { everyKind, VALUE_PLAN } from './plans.ts';
import { readReference } from './reference.ts';

const int32 = (...values: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
/** Definition levels of three rows, the first and third there; then two values. */
const levels = Uint8Array.from([2, 0, 0, 0, 3, 0b101]);
const page = (...values: readonly Uint8Array[]): Uint8Array => Buffer.concat([levels, ...values]);
const long = (...values: readonly bigint[]): Uint8Array => new Uint8Array(BigInt64Array.from(values).buffer);

describe('createPart', () => {
  it('fails as a part, not as the log that is read meanwhile', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'gone', 'x.parquet');
      let failure: unknown;
      try {
        createPart(path, []);
      } catch (error) {
        failure = error;
      }
      expect(failure).toMatchObject({ path });
      expect(asSourceError(failure)).toBeUndefined();
    });
  });
  it('writes every type as DuckDB knows it', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "it's.parquet");
      const columns: readonly PhysicalColumn[] = physicalColumns({
        name: 't',
        columns: everyKind('v')
          .filter(({ kind }) => !['lines', 'diff', 'kind', 'size'].includes(kind))
          .map((column) => ({ ...column, name: column.kind })),
      });
      const text = (value: string): Uint8Array =>
        Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]);
      const bodies = [
        int32(1, 1, 1),
        int32(1, 2, 3),
        int32(0, 0, 0),
        page(text(''), text('é')),
        page(long(-1n, 5n)),
        page(long(-1_500_000_000n, 1n)),
        page(Uint8Array.of(0b01)),
        page(long(0n, -1n)),
        page(new Uint8Array(16).fill(1), new Uint8Array(16).fill(255)),
        page(long(1n, 2n)),
        page(long(-1n, 0n)),
        page(text('a'), text('b')),
        page(text('c'), text('d')),
      ];
      const part = createPart(path, columns);
      for (let group = 0; group < 20; group++) part.rowGroup(3, bodies);
      part.close();
      expect(part.rows()).toBe(60);
      const from = `from read_parquet('${path.replaceAll("'", "''")}')`;
      const types = await query(`select column_name, column_type from (describe select * ${from})`);
      expect(types).toEqual(columns.map(({ name, type }) => [name, type]));
      const rows = await query(
        `select distinct columns(* exclude (source_no, item_no))::varchar ${from} order by line_no::varchar`,
      );
      expect(rows.map((row) => row.slice(1).map((cell) => cell))).toEqual([
        [
          '',
          '-1',
          '-1.500000000',
          'true',
          '1970-01-01 00:00:00+00',
          '01010101-0101-0101-0101-010101010101',
          '1',
          '18446744073709551615',
          'a',
          'c',
        ],
        [null, null, null, null, null, null, null, null, null, null],
        [
          'é',
          '5',
          '0.000000001',
          'false',
          '1969-12-31 23:59:59.999999+00',
          'ffffffff-ffff-ffff-ffff-ffffffffffff',
          '2',
          '0',
          'b',
          'd',
        ],
      ]);
      expect(await query(`select count(*) ${from}`)).toEqual([[60n]]);
    });
  });
  it('never writes over a file', async () => {
    await withFolder(async (folder) => {
      createPart(join(folder, 'a'), []).close();
      expect(() => createPart(join(folder, 'a'), [])).toThrow('EEXIST');
      expect(readFileSync(join(folder, 'a')).subarray(0, 4).toString()).toBe('PAR1');
    });
  });
});

it('pages hold any number of rows, of any mix of cells and nothing', async () => {
  for (const rows of [1, 7, 8, 9, 63, 64, 65, 8191, 8192, 8193, 20_000]) {
    const values = ['1', 'null', '"x"', 'true', '{}', 'false', '2.5'];
    const bytes = Buffer.from(
      Array.from({ length: rows }, (_, i) => `{"v":${values[(i * i) % (1 + (rows % 7))]}}\n`).join(''),
    );
    expect((await scanBytes(bytes, { plan: VALUE_PLAN })).rows).toEqual(
      readReference(VALUE_PLAN, bytes).rows,
    );
  }
});
