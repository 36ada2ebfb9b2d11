/** An export holds what the warehouse answers: in every view, for the chosen sessions, and no more than was asked for. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { publicViews } from '../../src/catalog/contract.ts';
import { sqlFilesBelow } from '../../src/catalog/sql-files.ts';
import { chooseSessions } from '../../src/export/choose-sessions.ts';
import { pseudonymOf } from '../../src/export/pseudonyms.ts';
import { starTables } from '../../src/export/star-tables.ts';
import { derivedViews } from '../../src/export/views-script.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { FIXTURE_HOME, load, ROOT, temporaryFolder } from '../adapters/load.ts';
import { openAuditHouse } from '../audit/audit-house.ts';
import { PYTHON, PYTHON_REASON, runPython } from '../python/python.ts';
import { openSmallHouse } from '../views/small-house.ts';
import { addRow, scalarOf, settle } from '../views/warehouse.ts';
import {
  compareViews,
  exportHouse,
  manifestOf,
  NO_FILTER,
  openExport,
  textsOf,
  writeAnswers,
} from './star-house.ts';

/** A zone whose days begin at no full hour of UTC, and the views that cut days. */
const ZONE = 'Asia/Kathmandu';
const CUT_BY_DAY = ['daily_cost', 'block_cost', 'health_trend', 'cost_alerts'];
const KEY = Buffer.from('a key of a team, not a secret here');

let house: Connection;
let answers: string;
/** With content and events: everything there is. */
let whole: string;
/** As without a flag. */
let plain: string;
beforeAll(async () => {
  house = await connect(':memory:');
  await load(house, FIXTURE_HOME);
  answers = temporaryFolder();
  await writeAnswers(house, answers, { zone: 'UTC' });
  await writeAnswers(house, answers, { zone: ZONE, views: CUT_BY_DAY });
  whole = temporaryFolder();
  await exportHouse(house, whole, { hasContent: true, hasEvents: true, hasAnswers: true });
  plain = temporaryFolder();
  await exportHouse(house, plain);
}, 120_000);
afterAll(() => house.close());

const valuesOf = async (connection: Connection, sql: string): Promise<readonly string[]> =>
  (await connection.query(sql)).rows.map((row) => String(row[0]));

describe('views.sql', () => {
  it(`answers as the warehouse does, in the DuckDB of Python${PYTHON_REASON}`, ({ skip }) => {
    if (PYTHON === undefined) return skip();
    const script = join(ROOT, 'test/python/compare_views.py');
    expect(JSON.parse(runPython(script, [whole, answers, 'UTC']))).toEqual({
      count: publicViews().length,
      differing: {},
    });
  }, 120_000);

  it('answers as the warehouse does, in another time zone', async () => {
    expect(await compareViews(whole, answers, ZONE)).toEqual({ count: CUT_BY_DAY.length, differing: [] });
  });

  it('answers as a warehouse where every rule of the audit finds something', async () => {
    const audited = await openAuditHouse();
    const [folder, wanted] = [temporaryFolder(), temporaryFolder()];
    await writeAnswers(audited, wanted, { zone: 'UTC' });
    await exportHouse(audited, folder, { hasContent: true, hasEvents: true });
    audited.close();
    expect((await compareViews(folder, wanted, 'UTC')).differing).toEqual([]);
  });

  it('answers in another cost mode, whatever is set where it is read, and loses no row without a time', async () => {
    const other = await openSmallHouse();
    const before = await scalarOf(other, 'select count(*) from v1.llm_calls');
    await addRow(other, 'mart.llm_calls', {
      llm_call_id: 'agent-a:timeless',
      session_no: 0,
      model_raw: 'secret',
      output_tokens: 5,
    });
    await settle(other);
    await other.execute(`set variable cost_mode = 'calculate'`);
    const [folder, wanted] = [temporaryFolder(), temporaryFolder()];
    await writeAnswers(other, wanted, { zone: 'UTC' });
    await exportHouse(other, folder, { hasContent: true, hasEvents: true, costMode: 'calculate' });
    other.close();
    expect((await compareViews(folder, wanted, 'UTC')).differing).toEqual([]);
    expect(readFileSync(join(folder, 'views.sql'), 'utf8')).not.toContain("getvariable('cost_mode')");
    const told = await openExport(folder);
    expect(await scalarOf(told, 'select count(*) from llm_calls')).toBe(Number(before) + 1);
    const timeless = await valuesOf(
      told,
      `select llm_call_id from star.llm_calls where day = date '1970-01-01'`,
    );
    expect(timeless).toContain('agent-a:timeless');
    told.close();
  });

  it('gives every view that is no table of the export by the SQL of the warehouse', () => {
    const script = readFileSync(join(whole, 'views.sql'), 'utf8');
    const stored = starTables().map(({ name }) => name);
    const derived = publicViews().filter(({ name }) => !stored.includes(name));
    expect(derived.length).toBeGreaterThan(15);
    for (const { name, sql } of derived) {
      const fixed = sql.replaceAll(`coalesce(getvariable('cost_mode'), 'auto')`, `'auto'`);
      expect(script, name).toContain(`create or replace view v1.${name} as\n${fixed};`);
    }
  });

  it('needs all that stands in for private tables', () => {
    const script = readFileSync(join(whole, 'views.sql'), 'utf8');
    const standIns = sqlFilesBelow('sql/export').filter((path) => /\/(raw|mart|internal)\//.test(path));
    expect(standIns.length).toBeGreaterThan(8);
    for (const path of standIns)
      expect(script).toContain(`view ${path.replace(/^sql\/export\/|\.sql$/g, '').replace('/', '.')} as`);
  });

  it('can be read again, from a folder of any name, and from within it', async () => {
    const told = await openExport(plain);
    await told.execute(readFileSync(join(plain, 'views.sql'), 'utf8'));
    expect(await scalarOf(told, 'select count(*) from sessions')).toBe(
      await scalarOf(house, 'select count(*) from v1.sessions'),
    );
    told.close();
    const elsewhere = join(temporaryFolder(), 'a [b] *c');
    cpSync(plain, elsewhere, { recursive: true });
    const moved = await openExport(elsewhere);
    expect(await scalarOf(moved, 'select count(*) from sessions')).toBeGreaterThan(0);
    moved.close();
    if (PYTHON === undefined) return;
    const script = `import duckdb; d = duckdb.connect(); d.execute(open('views.sql').read()); print(d.execute('select count(*) from llm_calls').fetchone()[0])`;
    const out = execFileSync(PYTHON, ['-c', script], { cwd: plain, encoding: 'utf8' });
    expect(Number(out)).toBe(await scalarOf(house, 'select count(*) from v1.llm_calls'));
  });

  it('has the columns of the contract where content was left out, as NULL, and no events that were not asked for', async () => {
    const told = await openExport(plain);
    for (const view of publicViews().filter(({ name }) => name !== 'events'))
      expect(await valuesOf(told, `select column_name from (describe v1.${view.name})`), view.name).toEqual(
        view.columns.map(({ name }) => name),
      );
    expect(
      await scalarOf(told, 'select count(command) + count(error_text) + count(file_path) from tool_calls'),
    ).toBe(0);
    await expect(told.query('from v1.events')).rejects.toThrow(/events/);
    told.close();
  });
});

it(`the notebook runs from beginning to end, with its plots and tables${PYTHON_REASON}`, ({ skip }) => {
  if (PYTHON === undefined) return skip();
  const out = runPython(join(ROOT, 'test/python/run_notebook.py'), [join(plain, 'start.ipynb')]);
  expect(JSON.parse(out)).toEqual([
    ['table'],
    ['picture'],
    ['picture'],
    ['picture'],
    ['picture'],
    ['table'],
    ['table'],
    ['table'],
  ]);
}, 120_000);

describe('the files', () => {
  it('are listed in the manifest with rows, bytes and what they hold', async () => {
    const manifest = manifestOf(whole);
    const told = await openExport(whole);
    for (const { path, table, day, rows } of manifest.files) {
      if (table === null) continue;
      const { rows: found } = await told.query(
        `select count(*) from read_parquet('${join(whole, path)}', hive_partitioning = false)`,
      );
      expect(Number(found[0]?.[0]), path).toBe(rows);
      expect(path.includes('day=')).toBe(path.startsWith('facts/'));
      if (day !== null) expect(path).toContain(`/day=${day}/`);
    }
    for (const { name, kind, columns, rows, grain } of manifest.tables) {
      if (kind === 'answer') continue;
      const described = await told.query(
        `select column_name, column_type from (describe star.${name}) where column_name <> 'day'`,
      );
      expect(described.rows).toEqual(columns.map((column) => [column.name, column.type]));
      expect(Number((await told.query(`select count(*) from star.${name}`)).rows[0]?.[0])).toBe(rows);
      expect(
        columns.filter(({ description }) => description === '').map((column) => `${name}.${column.name}`),
      ).toEqual([]);
      expect(
        await scalarOf(
          told,
          `select count(*) from (select 1 from star.${name} group by ${grain.join(', ')} having count(*) > 1)`,
        ),
        name,
      ).toBe(0);
    }
    told.close();
    expect(manifest.contract.views).toEqual(
      Object.fromEntries(publicViews().map(({ name, version }) => [name, version])),
    );
  });

  it('hold, where they are asked for, the answers of all other views', async () => {
    const other = await connect(':memory:');
    const views = derivedViews().map(({ name }) => name);
    expect(
      manifestOf(whole)
        .tables.flatMap(({ name, kind }) => (kind === 'answer' ? [name] : []))
        .sort(),
    ).toEqual([...views].sort());
    for (const view of views) {
      const wanted = `from read_parquet('${join(answers, 'UTC', view)}.parquet')`;
      const given = `from read_parquet('${join(whole, 'answers', view)}.parquet')`;
      expect(
        await scalarOf(
          other,
          `select count(*) from ((${wanted} except all ${given}) union all (${given} except all ${wanted}))`,
        ),
        view,
      ).toBe(0);
    }
    other.close();
  });

  it('file rows under their UTC day', async () => {
    const told = await openExport(whole);
    for (const { name, dayColumn } of starTables()) {
      if (dayColumn === null) continue;
      const strays = await scalarOf(
        told,
        `select count(*) from star.${name} where day is distinct from coalesce(cast(${dayColumn} at time zone 'UTC' as date), date '1970-01-01')`,
      );
      expect(strays, name).toBe(0);
    }
    told.close();
  });

  it('join: every id of a session, turn, call, tool call and source has its row', async () => {
    const told = await openExport(whole);
    for (const { name, kind, columns } of manifestOf(whole).tables)
      for (const [key, target] of Object.entries({
        session_id: 'sessions',
        source_id: 'sources',
        turn_id: 'turns',
        llm_call_id: 'llm_calls',
        tool_call_id: 'tool_calls',
        price_id: 'model_prices',
      })) {
        if (kind === 'answer' || !columns.some((column) => column.name === key)) continue;
        expect(
          await scalarOf(
            told,
            `select count(*) from star.${name} as t anti join star.${target} using (${key}) where t.${key} is not null`,
          ),
          `${name}.${key}`,
        ).toBe(0);
      }
    told.close();
  });
});

describe('what is not asked for', () => {
  it('does not leave: no command, failure, program or path of a file, anywhere', async () => {
    const spoken = new Set([
      ...(await valuesOf(house, 'select command from v1.tool_calls where command is not null')),
      ...(await valuesOf(house, 'select error_text from v1.tool_calls where error_text is not null')),
      ...(await valuesOf(house, 'select program from v1.tool_calls where length(program) > 3')),
      ...(await valuesOf(house, 'select file_path from v1.tool_calls where file_path is not null')),
      ...(await valuesOf(house, `select distinct parse_filename(file_path) from v1.file_changes`)),
    ]);
    expect(spoken.size).toBeGreaterThan(30);
    const leaks = (texts: readonly string[]) =>
      [...spoken].filter((words) =>
        texts.some((text) => text === words || text.includes(`\`${words}\``) || text.endsWith(`:${words}`)),
      );
    expect(leaks(await textsOf(plain))).toEqual([]);
    expect(leaks(await textsOf(whole)).length).toBeGreaterThan(30);
  });

  it('does not leave under pseudonyms: no user, host, project, folder, branch or remote, anywhere', async () => {
    const folder = temporaryFolder();
    await exportHouse(house, folder, { key: KEY, hasEvents: true });
    const names = new Set([
      ...(await valuesOf(
        house,
        'select distinct n from (select unnest([host, user_name, project, cwd, git_branch, git_remote]) as n from v1.sessions) where n is not null',
      )),
      ...(await valuesOf(house, 'select path from v1.sources')),
      ...(await valuesOf(house, 'select source_id from v1.sources')),
    ]);
    names.delete('main');
    const texts = await textsOf(folder);
    const search = [
      ...texts,
      readFileSync(join(folder, 'manifest.json'), 'utf8'),
      readFileSync(join(folder, 'views.sql'), 'utf8'),
    ].join('\n');
    expect([...names].filter((name) => search.includes(name))).toEqual([]);
    const told = await openExport(folder);
    expect(
      await scalarOf(told, `select count(*) from star.sessions where not starts_with(git_branch, 'branch-')`),
    ).toBe(0);
    const [project = ''] = await valuesOf(
      house,
      'select project from v1.sessions where project is not null limit 1',
    );
    const hidden = pseudonymOf(KEY, { kind: 'project', value: project });
    expect(
      await scalarOf(
        told,
        `select sum(llm_calls.cost_usd) from llm_calls inner join sessions using (session_id) where sessions.project = '${hidden}'`,
      ),
    ).toEqual(await scalarOf(house, `select sum(cost_usd) from v1.llm_calls where project = '${project}'`));
    told.close();
  });
});

describe('a filter', () => {
  it('chooses sessions with all that they started, and nothing of the others', async () => {
    const folder = temporaryFolder();
    const project = 'payments-api';
    await exportHouse(house, folder, {
      filter: { ...NO_FILTER, project },
      hasContent: true,
      hasEvents: true,
    });
    const told = await openExport(folder);
    const chosen = `select session_id from v1.sessions where root_session_id in (select session_id from v1.sessions where project = '${project}')`;
    expect(await valuesOf(told, 'select session_id from sessions order by 1')).toEqual(
      await valuesOf(house, `${chosen} order by 1`),
    );
    for (const view of [
      'llm_calls',
      'tool_calls',
      'gaps',
      'events',
      'session_health',
      'session_latency',
      'waste',
      'session_cost',
      'cache_use',
      'anomalies',
    ]) {
      const [given, wanted] = await Promise.all([
        valuesOf(told, `select to_json(t) from v1.${view} as t order by 1`),
        valuesOf(house, `select to_json(t) from v1.${view} as t where session_id in (${chosen}) order by 1`),
      ]);
      expect(given, view).toEqual(wanted);
    }
    const texts = (await textsOf(folder)).join('\n');
    expect(texts).toContain(project);
    expect(texts).not.toContain('storefront');
    told.close();
  });

  it.each([
    ['since', { since: '2026-11-10T00:00:00Z' }, `coalesce(ended_at, started_at) >= '2026-11-10T00:00:00Z'`],
    ['until', { until: '2026-11-10T00:00:00Z' }, `started_at < '2026-11-10T00:00:00Z'`],
    ['agent', { agent: 'codex' }, `agent = 'codex'`],
  ])('%s takes the sessions that it means', async (_, filter, condition) => {
    const count = await chooseSessions(house, { ...NO_FILTER, ...filter });
    const roots = `select root_session_id from v1.sessions where ${condition}`;
    const chosen = await valuesOf(house, 'select session_id from chosen_sessions order by 1');
    expect(chosen.length).toBe(count);
    expect(chosen).toEqual(
      await valuesOf(
        house,
        `select session_id from v1.sessions where root_session_id in (${roots}) order by 1`,
      ),
    );
  });

  test('that leaves no session is no export', async () => {
    const folder = join(temporaryFolder(), 'new');
    await expect(
      exportHouse(house, folder, { filter: { ...NO_FILTER, agent: 'none' } }),
    ).rejects.toMatchObject({ code: 'no_input' });
  });
});
