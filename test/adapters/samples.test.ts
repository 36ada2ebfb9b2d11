/** Every trap of the log formats: rows in, rows out, worked out by hand (`note` of each expected.json says how). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import {
  AGENT_FOLDERS,
  copySample,
  type Dump,
  differences,
  dump,
  load,
  logsOf,
  ROOT,
  type Row,
  rowsOf,
  temporaryFolder,
  withHome,
  withLoads,
} from './load.ts';

/** Columns that a sample may name beside those of the view; `s` is the session of the row. */
const DERIVED: Readonly<Record<string, string>> = {
  session: 's.native_session_id',
  session_kind: 's.kind',
  root: '(select r.native_session_id from v1.sessions r where r.session_id = s.root_session_id)',
  parent: '(select r.native_session_id from v1.sessions r where r.session_id = s.parent_session_id)',
  forked_from:
    '(select r.native_session_id from v1.sessions r where r.session_id = s.forked_from_session_id)',
  tokens: `[${[
    'v.uncached_input_tokens',
    'v.cache_read_tokens',
    'v.cache_write_5m_tokens',
    'v.cache_write_1h_tokens',
    'v.output_tokens',
  ]
    .map((column) => `coalesce(${column}, 0)`)
    .join(', ')}]`,
};

interface Expected {
  /** How the values were worked out. */
  readonly note: string;
  readonly views: Readonly<Record<string, readonly Row[]>>;
}

function expectedOf(path: string): Expected {
  const { note, ...views } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, readonly Row[]> & {
    note: string;
  };
  return { note, views };
}

async function actualRows(
  connection: Connection,
  view: string,
  columns: readonly string[],
): Promise<readonly Row[]> {
  const selected = columns.map((column) => `${DERIVED[column] ?? `v."${column}"`} as "${column}"`);
  const session = view === 'rejects' ? '' : 'left join v1.sessions s on s.session_id = v.session_id';
  return rowsOf(connection, `select ${selected.join(', ') || '1 as present'} from v1.${view} v ${session}`);
}

const sorted = (rows: readonly Row[], columns: readonly string[]): readonly string[] =>
  rows.map((row) => JSON.stringify(columns.map((column) => [column, row[column]]))).sort();

async function expectRows(connection: Connection, expected: Expected): Promise<void> {
  for (const [view, rows] of Object.entries(expected.views)) {
    const columns = Object.keys(rows[0] ?? {});
    const actual = await actualRows(connection, view, columns);
    expect(sorted(actual, columns), `${view}: ${expected.note}`).toEqual(sorted(rows, columns));
  }
}

/** Both directions. */
const orders = <T>(items: readonly T[]): readonly (readonly T[])[] => [items, [...items].reverse()];

const folderOf: Readonly<Record<string, string>> = AGENT_FOLDERS;

for (const { id: agent } of adapters) {
  const samples = join(ROOT, 'adapters', agent, 'samples');
  describe(agent, () => {
    for (const name of readdirSync(samples).sort()) {
      test(name, async () => {
        const expected = expectedOf(join(samples, name, 'expected.json'));
        const home = temporaryFolder();
        copySample(join(samples, name, 'input'), join(home, folderOf[agent] ?? ''));
        const files = logsOf(home);
        const whole: Dump = await withHome(home, async (connection) => {
          await expectRows(connection, expected);
          await load(connection, home);
          await expectRows(connection, expected);
          return files.length > 1 ? dump(connection) : {};
        });
        if (files.length < 2) return;
        for (const order of orders(files)) {
          const loads = order.map((file) => [file]);
          const parts = await withLoads(home, loads, async (connection) => {
            await expectRows(connection, expected);
            return dump(connection);
          });
          // Of two files that hold the same transcript a home reads one; by path, both become sources.
          if (whole.sources?.length !== files.length) continue;
          expect(differences(whole, parts), `file by file: ${order.join(', ')}`).toEqual([]);
        }
      });
    }
  });
}
