/** Invented logs of every kind, whose totals are known to who wrote them. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { differences, dump, load, ROOT, type Row, rowsOf, temporaryFolder } from './load.ts';

const TIMEOUT = 240_000;

/** By agent: figures, or null where its logs do not tell one. */
type Totals = Readonly<Record<string, Readonly<Record<string, number | null>>>>;

function generate(home: string): Totals {
  const script = join(ROOT, 'scripts/generate-logs.mjs');
  const output = execFileSync(process.execPath, [script, '--home', home, '--mb', '0.3']);
  return JSON.parse(output.toString()) as Totals;
}

const LOADED = `
  select s.agent, s.sessions, s.turns, c.* exclude (agent), t.* exclude (agent)
  from (
    select agent, count(*) as sessions, sum(turn_count)::bigint as turns from v1.sessions group by agent
  ) as s
  left join (
    select agent, count(*) as calls, sum(uncached_input_tokens) as uncached_input_tokens,
      sum(cache_read_tokens) as cache_read_tokens,
      sum(cache_write_5m_tokens) + sum(coalesce(cache_write_1h_tokens, 0)) as cache_write_tokens,
      sum(output_tokens) as output_tokens, sum(reasoning_tokens) as reasoning_tokens
    from v1.llm_calls group by agent
  ) as c using (agent)
  left join (
    select agent, count(*) as tool_calls, count(*) filter (where status = 'failed') as failed_tool_calls
    from v1.tool_calls group by agent
  ) as t using (agent)`;

describe('generated logs', () => {
  let home: string;
  let written: Totals;
  let connection: Connection;
  let loaded: readonly Row[];

  beforeAll(async () => {
    home = join(temporaryFolder(), 'home');
    written = generate(home);
    connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
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
