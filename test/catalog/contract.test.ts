import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  commentSql,
  contractSha256,
  contractSql,
  publicViews,
  sortViews,
  viewsInOrder,
} from '../../src/catalog/contract.ts';
import { parseView, type View } from '../../src/catalog/view.ts';
import { openEmpty, rowsOf, scalarOf } from '../views/warehouse.ts';

const view = (name: string, reads: string): View =>
  parseView(
    `sql/internal/${name}.sql`,
    `-- V.\n-- @version 1\n-- @since 0.1.0\n-- @grain a\nselect a from ${reads}`,
  );

describe('sortViews', () => {
  it('puts each view after those it reads', () => {
    const names = sortViews([view('a', 'internal.b'), view('b', 'internal.c'), view('c', 'raw.t')]).map(
      ({ name }) => name,
    );
    expect(names).toEqual(['c', 'b', 'a']);
  });

  it('names a circle', () => {
    expect(() => sortViews([view('a', 'internal.b'), view('b', 'internal.a')])).toThrow(
      'internal.a → internal.b → internal.a',
    );
  });

  it('names a view that no file defines', () => {
    expect(() => sortViews([view('a', 'internal.gone')])).toThrow(
      'internal.gone is read, but no file defines it',
    );
  });
});

describe('the contract', () => {
  it('holds every view that is promised', () => {
    const names = publicViews().map(({ name }) => name);
    for (const name of PROMISED) expect(names).toContain(name);
  });

  it('lists its views with the sum of their SQL', async () => {
    const connection = await openEmpty();
    expect(await scalarOf(connection, 'select count(*) from v1.contract')).toBe(publicViews().length);
    const sessions = viewsInOrder().find(({ name }) => name === 'sessions');
    expect(
      await rowsOf(
        connection,
        `select version, sha256, grain, since from v1.contract where name = 'sessions'`,
      ),
    ).toEqual([
      {
        version: sessions?.version,
        sha256: createHash('sha256')
          .update(sessions?.sql ?? '')
          .digest('hex'),
        grain: 'session_id',
        since: '0.1.0',
      },
    ]);
    connection.close();
  });

  it('installs over itself, with comments', async () => {
    const connection = await openEmpty();
    await connection.execute([...contractSql(), ...commentSql()].join(';\n'));
    expect(
      await scalarOf(
        connection,
        `select comment from duckdb_columns() where schema_name = 'v1' and table_name = 'sessions' and column_name = 'cwd'`,
      ),
    ).toBe('Working directory at the start.');
    expect(
      await scalarOf(
        connection,
        `select count(*) from duckdb_views() where schema_name = 'v1' and comment is null`,
      ),
    ).toBe(0);
    connection.close();
  });

  it('has one sum', () => {
    expect(contractSha256()).toMatch(/^[0-9a-f]{64}$/);
    expect(contractSha256()).toBe(contractSha256());
  });
});

const PROMISED = [
  'sources',
  'rejects',
  'sessions',
  'turns',
  'llm_calls',
  'tool_calls',
  'events',
  'api_errors',
  'compactions',
  'file_changes',
  'rate_limits',
  'model_prices',
  'call_cost',
  'session_cost',
  'daily_cost',
  'model_cost',
  'project_cost',
  'block_cost',
  'session_latency',
  'tool_latency',
  'session_health',
  'contract',
  'agents',
];
