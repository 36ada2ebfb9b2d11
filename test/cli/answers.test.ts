import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import { EXAMPLE, makeWarehouse, runCli, withFolder } from './run-cli.ts';

let warehouse: Awaited<ReturnType<typeof makeWarehouse>>;

beforeAll(async () => {
  warehouse = await makeWarehouse();
});

afterAll(() => warehouse.remove());

/** Asks the warehouse of the example home. */
const example = (...words: readonly string[]): ReturnType<typeof runCli> =>
  runCli(['--warehouse', warehouse.file, '--no-refresh', ...words]);

test('overview has the keys of the contract', async () => {
  const { code, out, err } = await example('overview', '-f', 'json');
  expect([code, err]).toEqual([0, '']);
  const answer = JSON.parse(out);
  for (const key of [
    'version',
    'schema_version',
    'generated_at',
    'timezone',
    'period',
    'summary',
    'coverage',
    'risks',
    'time',
    'waste',
    'sources',
  ]) {
    expect(answer).toHaveProperty(key);
  }
  for (const key of [
    'total_sessions',
    'healthy',
    'warning',
    'critical',
    'unscored',
    'avg_health',
    'total_cost',
    'total_tokens',
    'tool_calls',
    'tool_failures',
    'tool_fail_rate',
    'health_trend',
  ]) {
    expect(answer.summary).toHaveProperty(key);
  }
  for (const key of ['by_agent', 'by_model', 'recent_sessions', 'anomalies'])
    expect(Array.isArray(answer[key])).toBe(true);
});

test('session and latest have the keys of the contract; a prefix and a path name one', async () => {
  const latest = JSON.parse((await example('latest', '-f', 'json')).out);
  for (const key of [
    'session',
    'health',
    'cost',
    'time',
    'turns',
    'tools',
    'retries',
    'loops',
    'gaps',
    'files',
    'missing',
  ]) {
    expect(latest).toHaveProperty(key);
  }
  const id: string = latest.session.session_id;
  const byPrefix = JSON.parse((await example('session', id.slice(0, 24), '-f', 'json')).out);
  expect(byPrefix.session.session_id).toBe(id);
  const native: string = latest.session.native_session_id;
  expect(JSON.parse((await example(native, '-f', 'json')).out).session.session_id).toBe(id);
  const [row] = JSON.parse(
    (
      await example(
        'query',
        '-f',
        'json',
        `select path from sources join sessions using (source_id) where session_id = '${id}'`,
      )
    ).out,
  );
  const byPath = JSON.parse((await runCli([row.path, '-f', 'json'])).out);
  expect(byPath.session.session_id).toBe(id);
});

test('an ambiguous prefix lists what it may be', async () => {
  const { code, err } = await example('session', 'codex:');
  expect(code).toBe(64);
  expect(err).toMatch(/begins the ids of \d+ sessions/);
});

test('explain adds up to the cost of the session', async () => {
  const { session } = JSON.parse((await example('latest', '-f', 'json')).out);
  const lines = JSON.parse((await example('explain', session.session_id, '-f', 'json')).out);
  const sum = lines.reduce(
    (total: number, line: { cost_usd: number | null }) => total + (line.cost_usd ?? 0),
    0,
  );
  expect(lines.length).toBeGreaterThan(0);
  expect(sum).toBeGreaterThanOrEqual(session.cost_usd - 1e-9);
});

test.each(['daily', 'models', 'sessions', 'tools'])('%s answers in every text format', async (name) => {
  const [table, markdown, json, jsonl, csv] = await Promise.all(
    ['table', 'markdown', 'json', 'jsonl', 'csv'].map(
      async (format) => (await example(name, '-f', format)).out,
    ),
  );
  const rows = JSON.parse(json ?? '');
  expect(rows.length).toBeGreaterThan(0);
  expect(
    (jsonl ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(rows);
  expect(csv?.split('\r\n')[0]).toBe(Object.keys(rows[0]).join(','));
  expect(table?.split('\n').length).toBe(rows.length + 4);
  expect(markdown).toMatch(/^# /);
});

test('query takes SQL as argument, from a file and from stdin', async () => {
  const sql = 'select count(*) as session_count from sessions';
  const given = await example('query', sql, '-f', 'json');
  const piped = await runCli(['query', '-', '--warehouse', warehouse.file, '--no-refresh', '-f', 'json'], {
    input: sql,
  });
  expect(piped.out).toBe(given.out);
  expect(JSON.parse(given.out)[0].session_count).toBeGreaterThan(5);
});

test('numbers keep every digit', async () => {
  const { out } = await example(
    'query',
    '-f',
    'json',
    "select 170141183460469231731687303715884105727::hugeint h, 0.1::decimal(18,9) d, timestamptz '2026-01-31 01:00:00+01' t, interval '1 month 2 days' i, null n",
  );
  expect(out).toBe(
    '[\n  {"h": 170141183460469231731687303715884105727, "d": 0.100000000, "t": "2026-01-31T00:00:00.000Z", "i": "P1M2D", "n": null}\n]\n',
  );
});

test('Parquet and Arrow hold the same rows, through a pipe too', async () => {
  await withFolder(async (folder) => {
    const sql =
      'select session_id, total_tokens, cost_usd, started_at, sum(total_tokens) over () as all_tokens from sessions order by 1';
    const file = join(folder, 'out.parquet');
    expect((await example('query', sql, '-o', file)).code).toBe(0);
    const piped = await example('query', sql, '-f', 'parquet');
    expect(piped.stdout.subarray(0, 4).toString()).toBe('PAR1');
    const memory = await connect(':memory:');
    const { rows, columns } = await memory.query(`from '${file}'`);
    memory.close();
    expect(columns.map(({ type }) => type)).toEqual([
      'VARCHAR',
      'BIGINT',
      'DECIMAL(18,9)',
      'TIMESTAMP WITH TIME ZONE',
      'DECIMAL(38,0)',
    ]);
    const arrow = tableFromIPC((await example('query', sql, '-f', 'arrow')).stdout);
    expect(arrow.numRows).toBe(rows.length);
    expect(arrow.getChild('session_id')?.toArray().length ?? 0).toBe(rows.length);
    expect([...(arrow.getChild('total_tokens') ?? [])]).toEqual(rows.map((row) => row[1]));
    expect((await example('models', '-f', 'arrow')).stdout.length).toBeGreaterThan(200);
  });
});

test('Parquet keeps every digit inside lists, structs and maps, too', async () => {
  await withFolder(async (folder) => {
    const big = '12345678901234567890123456789';
    const sql = `select
      [${big}::hugeint, null] as list,
      {'a b': [${big}::uhugeint], 'HUGEINT': 1} as struct,
      map {'k': ${big}::hugeint} as map,
      'HUGEINT'::enum('HUGEINT', 'x') as word`;
    const file = join(folder, 'out.parquet');
    expect((await example('query', sql, '-o', file)).err).toContain('wrote');
    const memory = await connect(':memory:');
    const { rows } = await memory.query(
      `select list[1]::varchar, struct['a b'][1]::varchar, struct.HUGEINT, map['k']::varchar, word from '${file}'`,
    );
    memory.close();
    expect(rows).toEqual([[big, big, 1, big, 'HUGEINT']]);
  });
});

test('--demo and -d write nothing', async () => {
  await withFolder(async (folder) => {
    const env = {
      HOME: folder,
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_CONFIG_HOME: join(folder, 'config'),
      TMPDIR: join(folder),
    };
    const { code, out } = await runCli(['--demo'], { env, cwd: folder });
    expect(code).toBe(0);
    expect(out).toContain('Dearest sessions');
    await runCli(['sessions', '-d', EXAMPLE], { env, cwd: folder });
    await runCli(['query', 'select 1', '-f', 'parquet', '-d', EXAMPLE], { env, cwd: folder });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('the first line of a page names its days, in the time zone of the answer', async () => {
  const heading = async (...words: readonly string[]): Promise<string | undefined> =>
    (await example('overview', ...words)).out.split('\n')[0];
  const { period } = JSON.parse((await example('overview', '-f', 'json')).out);
  const [first, last] = [period.first_call_at, period.last_call_at].map((at) => at.slice(0, 10));
  expect(await heading()).toBe(`Overview  ${first} to ${last} · UTC`);
  expect(await heading('--until', '2026-11-05')).toBe(`Overview  ${first} to 2026-11-05 · UTC`);
  expect(await heading('--since', '2026-11-03', '--until', '2026-11-03')).toBe('Overview  2026-11-03 · UTC');
  // Eleven hours behind, the first call is of the day before.
  expect(await heading('--until', '2026-11-05', '--timezone', 'Pacific/Pago_Pago')).toBe(
    'Overview  2026-11-01 to 2026-11-05 · Pacific/Pago_Pago',
  );
});

test('the warehouse is kept, and answers without the logs', async () => {
  await withFolder(async (folder) => {
    const env = { HOME: EXAMPLE, AGENTTRACE_WAREHOUSE: join(folder, 'w.duckdb') };
    const first = JSON.parse((await runCli(['load', '-f', 'json'], { env })).out);
    expect(first.summary.new_count).toBeGreaterThan(5);
    const again = JSON.parse((await runCli(['load', '-f', 'json'], { env })).out);
    expect(again.summary).toMatchObject({ new_count: 0, read_bytes: 0 });
    const asItIs = await runCli(['models', '-f', 'json', '--no-refresh'], { env: { ...env, HOME: folder } });
    const fresh = await runCli(['models', '-f', 'json', '-d', EXAMPLE], { env });
    expect(asItIs.out).toBe(fresh.out);
    expect(existsSync(join(folder, '.local'))).toBe(false);
  });
});

test('doctor keeps the older keys and says what to do', async () => {
  const { out } = await runCli(['doctor', '-d', EXAMPLE, '-f', 'json']);
  const answer = JSON.parse(out);
  expect(answer).toMatchObject({ mode: 'custom directory', version: expect.any(String) });
  expect(answer.session_files).toBeGreaterThan(5);
  expect(answer.directories[0]).toMatchObject({ name: expect.any(String), path: EXAMPLE, exists: true });
  expect(answer.recommendations.length).toBeGreaterThan(0);
});

test('doctor counts in each folder the logs that no folder before it holds', async () => {
  const [claude, codex] = ['.claude', '.codex'].map((name) => join(EXAMPLE, name)) as [string, string];
  const counts = async (...folders: readonly string[]): Promise<readonly unknown[]> => {
    const words = folders.flatMap((folder) => ['-d', folder]);
    const { out } = await runCli(['doctor', ...words, '-f', 'json']);
    const { session_files, directories } = JSON.parse(out);
    return [session_files, directories.map(({ path, files }: Record<string, unknown>) => [path, files])];
  };
  const [[inClaude], [inCodex]] = [await counts(claude), await counts(codex)] as [[number], [number]];
  expect(inClaude * inCodex).toBeGreaterThan(0);
  const each = [
    [claude, inClaude],
    [codex, inCodex],
  ];
  expect(await counts(claude, codex)).toEqual([inClaude + inCodex, each]);
  expect(await counts(claude, join(claude, 'projects'), codex)).toEqual([inClaude + inCodex, each]);
});

test('schema describes each view with units, for people and programs', async () => {
  const all = JSON.parse((await runCli(['schema', '-f', 'json'])).out);
  const calls = all.find(({ name }: { name: string }) => name === 'llm_calls');
  expect(calls.grain).toEqual(['llm_call_id']);
  expect(calls.columns).toContainEqual(
    expect.objectContaining({ name: 'cost_usd', type: 'DECIMAL(18,9)', unit: 'USD' }),
  );
  expect((await runCli(['schema', 'llm_calls'])).out).toContain('cost_usd');
  expect((await runCli(['schema', 'llm_calls', '--ddl'])).out).toContain('cost_usd DECIMAL(18,9)');
  expect((await runCli(['schema', '--ddl', '-f', 'json'])).code).toBe(64);
});
