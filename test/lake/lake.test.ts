/** Whoever publishes when and how often, everyone's answers are those of one warehouse that read every log. */
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fleetReports, publicViews, shippedGates, shippedReport } from '../../src/catalog/contract.ts';
import type { Report } from '../../src/catalog/report.ts';
import { pseudonymOf } from '../../src/export/pseudonyms.ts';
import { listCells } from '../../src/lake/cell-files.ts';
import { cellColumns } from '../../src/lake/cell-rows.ts';
import { identifyHost, keepHostId } from '../../src/lake/host-id.ts';
import { readHostRecord } from '../../src/lake/host-record.ts';
import { LAKE_TABLES, type LakeTable } from '../../src/lake/layout.ts';
import { openTeam, type Team } from '../../src/lake/open-team.ts';
import { rowsJson } from '../../src/render/json.ts';
import { applySettings, runReport } from '../../src/report/run-report.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { FIXTURE_HOME, filesBelow, logsBelow, plain, rowsOf, temporaryFolder } from '../adapters/load.ts';
import {
  bytesBelow,
  loadAs,
  NOW,
  openHosts,
  openWarehouse,
  publishHost,
  type TestHost,
} from './three-hosts.ts';

const UTC = { timeZone: 'UTC', costMode: 'auto' } as const;
const KEY = Buffer.from('a key of the team, thirty-two by.');

let hosts: readonly TestHost[];
let whole: TestHost;
/** All three, published one after the other. */
let lake: string;
/** That lake, open. */
let team: Team;

beforeAll(async () => {
  ({ hosts, whole } = await openHosts());
  lake = await publishAll(hosts);
  team = await openTeam(lake);
  await applySettings(team.connection, UTC);
  await applySettings(whole.connection, UTC);
}, 120_000);
afterAll(() => {
  for (const { connection } of [...hosts, whole, team]) connection.close();
});

async function publishAll(inOrder: readonly TestHost[]): Promise<string> {
  const folder = temporaryFolder();
  for (const host of inOrder) await publishHost(host, { lake: folder });
  return folder;
}

async function withTeam<T>(folder: string, use: (team: Team) => Promise<T>): Promise<T> {
  const team = await openTeam(folder);
  try {
    await applySettings(team.connection, UTC);
    return await use(team);
  } finally {
    team.connection.close();
  }
}

/** A lake of its own that a test may break. */
function copyOfLake(): string {
  const copy = join(temporaryFolder(), 'lake');
  cpSync(lake, copy, { recursive: true });
  return copy;
}

function fleetReport(name: string): Report {
  const report = fleetReports().find((candidate) => candidate.name === name);
  if (report === undefined) throw new Error(`no report ${name}`);
  return report;
}

const hostAt = (index: number): TestHost => hosts[index] as TestHost;

/** What people see of a lake, as JSON. */
async function answersOf({ connection }: Team): Promise<Readonly<Record<string, string>>> {
  const answers: Record<string, string> = {};
  const overview = shippedReport('overview');
  for (const report of [...fleetReports(), ...(overview === undefined ? [] : [overview])]) {
    const values = report.name === 'overview' ? { now: NOW.toISOString() } : {};
    answers[report.name] = rowsJson((await runReport({ connection, report, values })).result);
  }
  return answers;
}

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

describe('three hosts with overlapping logs', () => {
  test('do overlap: the same session, whole and as an old copy', async () => {
    const copies = await rowsOf(
      team.connection,
      `select count(*) as copies, count(distinct ended_at) as ends from cells.sessions group by session_id having count(*) > 1`,
    );
    expect(copies.filter(({ ends }) => ends === 1).length).toBeGreaterThan(1);
    expect(copies.filter(({ ends }) => ends === 2).length).toBeGreaterThan(1);
  });

  test('answer alike in all six orders of publishing, byte for byte', async () => {
    const answers = await answersOf(team);
    expect(Object.keys(answers)).toContain('overview');
    for (const order of ORDERS.slice(1)) {
      const folder = await publishAll(order.map(hostAt));
      expect(bytesBelow(folder)).toEqual(bytesBelow(lake));
      expect(await withTeam(folder, answersOf)).toEqual(answers);
      rmSync(folder, { recursive: true });
    }
  }, 120_000);

  /** Where a log was read is another thing in one warehouse that read two copies of it. */
  const PLACES = ['host', 'user_name', 'source_id', 'person_count', 'host_count'];
  /** What only tells where a log was read; and costs with the price that led to them. */
  const APART = ['contract', 'agents', 'source_totals', 'call_cost'];

  test('say in every view what one warehouse says that loaded everything', async () => {
    const views = publicViews().filter(({ name }) => !APART.includes(name) && !team.missing.has(name));
    expect(views.length).toBeGreaterThan(20);
    for (const { name } of views) {
      const names = (await whole.connection.query(`describe v1.${name}`)).rows.map(([column]) =>
        String(column),
      );
      const columns = names.filter((column) => !PLACES.includes(column)).join(', ');
      const sql = `select ${columns} from v1.${name} order by all`;
      const expected = await whole.connection.query(sql);
      expect([name, rowsJson(await team.connection.query(sql))]).toEqual([name, rowsJson(expected)]);
    }
  }, 60_000);

  test('have views of the contract with its columns and types', async () => {
    const shape = (from: Connection): Promise<readonly unknown[]> =>
      rowsOf(
        from,
        `select table_name, column_name, data_type from duckdb_columns() where schema_name = 'v1' order by all`,
      );
    const theirs = (await shape(team.connection)) as readonly { table_name: string }[];
    const ours = (await shape(whole.connection)) as readonly { table_name: string }[];
    expect(theirs.length).toBeGreaterThan(300);
    expect(theirs).toEqual(ours.filter(({ table_name }) => !team.missing.has(table_name)));
  });

  test('lack only what hosts do not publish, and nothing that a gate needs', () => {
    expect([...team.missing].sort()).toEqual([
      'api_errors',
      'api_reliability',
      'cache_use',
      'compactions',
      'context_growth',
      'events',
      'file_changes',
      'model_latency',
      'model_prices',
      'rate_limits',
      'rejects',
      'sources',
    ]);
    const needed = shippedGates().flatMap(({ dependencies }) => dependencies);
    expect(needed.filter((name) => team.missing.has(name.replace('v1.', '')))).toEqual([]);
  });

  test('report what a lake of one warehouse reports', async () => {
    const one = temporaryFolder();
    await publishHost(whole, { lake: one });
    const reported = ({ connection }: Team): Promise<readonly unknown[]> =>
      Promise.all(
        ['projects', 'models', 'weeks', 'outliers'].map(async (name) => {
          const { result } = await runReport({ connection, report: fleetReport(name), values: {} });
          const isKept = result.columns.map(({ name: column }) => !PLACES.includes(column));
          return [name, result.rows.map((row) => row.filter((_, index) => isKept[index]))];
        }),
      );
    expect(await reported(team)).toEqual(await withTeam(one, reported));
  });

  test('keep every total: calls and costs of people, projects, models and weeks are those of the calls', async () => {
    const [all] = await rowsOf(
      team.connection,
      'select count(*) as llm_call_count, sum(cost_usd) as cost_usd from v1.llm_calls',
    );
    for (const name of ['people', 'projects', 'models', 'weeks']) {
      const { result } = await runReport({
        connection: team.connection,
        report: fleetReport(name),
        values: {},
      });
      const sumOf = (column: string): number =>
        result.rows.reduce((sum, row) => {
          const cell = plain(row[result.columns.findIndex((other) => other.name === column)] ?? null);
          return sum + Number(cell ?? 0);
        }, 0);
      expect(sumOf('llm_call_count')).toBe(all?.llm_call_count);
      expect(sumOf('cost_usd')).toBeCloseTo(Number(all?.cost_usd), 8);
    }
  });

  test('count the sessions of a model as its report does, subagents with the session that started them', async () => {
    const counts = async (report: Report): Promise<readonly unknown[]> => {
      const { result } = await runReport({ connection: team.connection, report, values: {} });
      const places = ['model', 'session_count'].map((name) =>
        result.columns.findIndex((column) => column.name === name),
      );
      return result.rows.map((row) => places.map((place) => row[place])).sort();
    };
    expect(await counts(fleetReport('models'))).toEqual(await counts(shippedReport('models') as Report));
    expect(
      await rowsOf(team.connection, `select 1 from v1.llm_calls where session_id <> root_session_id limit 1`),
    ).toHaveLength(1);
  });

  test('name hosts and people to group by', async () => {
    const rows = await rowsOf(
      team.connection,
      'select distinct host, user_name from v1.sessions order by all',
    );
    expect(rows).toEqual([
      { host: 'backup', user_name: 'cy' },
      { host: 'desk', user_name: 'ann' },
      { host: 'laptop', user_name: 'bo' },
    ]);
  });
});

describe('a fork on another host than what it repeats', () => {
  test('has each call once, and every total is that of one warehouse', async () => {
    const folder = temporaryFolder();
    const logs = logsBelow(FIXTURE_HOME);
    const isFork = (path: string): boolean => path.includes('560c0416');
    const one = await openWarehouse();
    await loadAs(one, { ...hostAt(0), home: FIXTURE_HOME }, logs);
    for (const [index, paths] of [logs.filter((path) => !isFork(path)), logs.filter(isFork)].entries()) {
      const host = { ...hostAt(index), connection: await openWarehouse() };
      await loadAs(host.connection, { ...host, home: FIXTURE_HOME }, paths);
      await publishHost(host, { lake: folder });
      host.connection.close();
    }
    await applySettings(one, UTC);
    await withTeam(folder, async ({ connection }) => {
      const [repeats] = await rowsOf(connection, 'select count(*) as n from lake.repeats');
      expect(repeats?.n).toBeGreaterThan(3);
      for (const sql of [
        'select llm_call_id, session_id, total_tokens, cost_usd from v1.llm_calls order by all',
        'select tool_call_id, session_id, status from v1.tool_calls order by all',
        'select * from v1.daily_cost order by all',
        'select * from v1.session_cost order by all',
        'select * from v1.waste_calls order by all',
        'select session_id, total_tokens, cost_usd, llm_call_count, tool_call_count, model, retry_count from v1.sessions order by all',
        // Its turns have the numbers that its own host gave them.
        'select session_id, prompt_bytes, llm_call_count, tool_call_count, total_tokens, cost_usd from v1.turns order by all',
      ])
        expect(await rowsOf(connection, sql)).toEqual(await rowsOf(one, sql));
      const [sums] = await rowsOf(
        connection,
        `select
            (select sum(cost_usd) from v1.sessions) as of_sessions,
            (select sum(cost_usd) from v1.llm_calls) as of_calls,
            (select sum(cost_usd) from v1.turns) as of_turns`,
      );
      expect(sums?.of_sessions).toBe(sums?.of_calls);
    });
    one.close();
  }, 60_000);
});

describe('publishing', () => {
  test('twice is publishing once: nothing is written', async () => {
    const folder = copyOfLake();
    const before = bytesBelow(folder);
    const again = await publishHost(hostAt(0), { lake: folder, now: new Date('2026-12-01T00:00:00Z') });
    expect(again).toMatchObject({ isUnchanged: true, writtenCount: 0, generation: 1 });
    expect(bytesBelow(folder)).toEqual(before);
  });

  test('after a small load touches the days that it changed', async () => {
    const folder = temporaryFolder();
    const host = { ...hostAt(0), connection: await openWarehouse() };
    const logs = filesBelow(host.home);
    await loadAs(host.connection, host, logs.slice(0, -1));
    await publishHost(host, { lake: folder });
    const before = bytesBelow(folder);
    await loadAs(host.connection, host, logs);
    const summary = await publishHost(host, { lake: folder });
    const after = bytesBelow(folder);
    const changed = [...after].filter(([path, bytes]) => before.get(path) !== bytes).map(([path]) => path);
    const days = new Set(
      changed.map((path) => /day=([\d-]+)/.exec(path)?.[1]).filter((day) => day !== undefined),
    );
    expect(summary).toMatchObject({ isUnchanged: false, generation: 2, writtenCount: changed.length - 1 });
    expect(summary.keptCount).toBeGreaterThan(20);
    expect(days.size).toBeLessThanOrEqual(2);
    expect(after).toEqual(
      new Map(
        [...bytesBelow(lake)]
          .filter(([path]) => path.includes(host.hostId) || path === 'lake.json')
          .map(([path, bytes]) => [path, path.startsWith('hosts/') ? after.get(path) : bytes]),
      ),
    );
    host.connection.close();
  });

  test('leaves a file without rows where all rows of a cell are gone', async () => {
    const folder = temporaryFolder();
    const { hostId } = hostAt(1);
    await publishHost(hostAt(1), { lake: folder });
    const emptied = await publishHost({ ...hostAt(2), hostId }, { lake: folder });
    expect(emptied.emptiedCount).toBeGreaterThan(5);
    await withTeam(folder, async ({ connection, notes }) => {
      expect(notes).toEqual([]);
      const [counts] = await rowsOf(connection, 'select count(*) as n from v1.sessions');
      const [theirs] = await rowsOf(hostAt(2).connection, 'select count(*) as n from v1.sessions');
      expect(counts).toEqual(theirs);
    });
    const back = await publishHost(hostAt(1), { lake: folder });
    expect(back.writtenCount).toBeGreaterThan(5);
    await withTeam(folder, async ({ connection }) => {
      const sql = 'select session_id, cost_usd from v1.sessions order by all';
      expect(await rowsOf(connection, sql)).toEqual(await rowsOf(hostAt(1).connection, sql));
    });
  });

  test('that is broken off leaves old and new cells, which a reader names, and is completed by the next', async () => {
    const victim = hostAt(2);
    const complete = [...bytesBelow(join(lake, 'facts'))].filter(([path]) => path.includes(victim.hostId));
    for (const stopAt of [4, complete.length]) {
      const folder = temporaryFolder();
      // Cells of an earlier generation, which this one replaces.
      await publishHost({ ...hostAt(1), hostId: victim.hostId }, { lake: folder });
      const stop = ({ cellsWritten }: { readonly cellsWritten: number }): void => {
        if (cellsWritten === stopAt) throw new Error('killed');
      };
      await expect(publishHost(victim, { lake: folder, onProgress: stop })).rejects.toThrow('killed');
      await withTeam(folder, async ({ connection, notes, hosts: found }) => {
        expect(notes).toHaveLength(1);
        expect(notes[0]).toMatch(
          /^laptop \(aaaa000000000003\): \d+ cells? (is|are) other than its record says/,
        );
        expect(notes[0]).toContain('publish it again from there');
        expect(found[0]?.other.length).toBe(stopAt);
        const [sums] = await rowsOf(
          connection,
          'select count(*) as n, count(distinct llm_call_id) as ids from v1.llm_calls',
        );
        expect(sums?.n).toBe(sums?.ids);
      });
      expect((await publishHost(victim, { lake: folder })).isUnchanged).toBe(false);
      // Days that only the earlier generation had stay as files without rows.
      const facts = bytesBelow(join(folder, 'facts'));
      for (const [path, bytes] of complete) expect(facts.get(path)).toBe(bytes);
      await withTeam(folder, async ({ notes, connection }) => {
        expect(notes).toEqual([]);
        const sql = 'select llm_call_id, cost_usd from v1.llm_calls order by all';
        expect(await rowsOf(connection, sql)).toEqual(await rowsOf(victim.connection, sql));
      });
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  test('for the first time, broken off before the record, is named too', async () => {
    const folder = temporaryFolder();
    const stop = ({ cellsWritten }: { readonly cellsWritten: number }): void => {
      if (cellsWritten === 3) throw new Error('killed');
    };
    await expect(publishHost(hostAt(1), { lake: folder, onProgress: stop })).rejects.toThrow('killed');
    await withTeam(folder, async ({ notes }) => {
      expect(notes).toHaveLength(1);
      expect(notes[0]).toMatch(/^cccc000000000002 has 3 cells and no record that can be read/);
    });
    await publishHost(hostAt(1), { lake: folder });
    await withTeam(folder, async ({ notes }) => expect(notes).toEqual([]));
  });

  test('removes the drafts that a killed publisher left', async () => {
    const folder = copyOfLake();
    const [cell] = listCells(folder, hostAt(0).hostId);
    const draft = `${cell?.path.replace('part.parquet', '.part.parquet.1-1.tmp')}`;
    writeFileSync(draft, 'PAR1');
    await publishHost(hostAt(0), { lake: folder });
    expect(filesBelow(folder)).not.toContain(draft);
  });
});

describe('a cell that was tampered with', () => {
  const spoiled = (spoil: (path: string) => void): string => {
    const folder = copyOfLake();
    const cell = listCells(folder, hostAt(0).hostId).find(({ table }) => table === 'llm_calls');
    if (cell === undefined) throw new Error('no cell');
    spoil(cell.path);
    return folder;
  };

  test('is named, even where it keeps its size, and mended by publishing again', async () => {
    const folder = spoiled((path) => {
      const other = listCells(lake, hostAt(1).hostId).find(({ table }) => table === 'llm_calls');
      const bytes = readFileSync(path);
      // A number in the file's footer that no reader minds: the name of the writer.
      const place = bytes.lastIndexOf('DuckDB version');
      expect(place).toBeGreaterThan(0);
      bytes.write('DuckXX', place, 'latin1');
      expect(other).toBeDefined();
      writeFileSync(path, bytes);
    });
    await withTeam(folder, async ({ notes }) => {
      expect(notes).toHaveLength(1);
      expect(notes[0]).toMatch(
        /^desk \(bbbb000000000001\): 1 cell is other than its record says \(llm_calls 2026-/,
      );
    });
    expect(await publishHost(hostAt(0), { lake: folder })).toMatchObject({ writtenCount: 1 });
    expect(bytesBelow(join(folder, 'facts'))).toEqual(bytesBelow(join(lake, 'facts')));
  });

  test('is left out where it was cut off, and the others answer', async () => {
    const folder = spoiled((path) => truncateSync(path, 100));
    await withTeam(folder, async ({ connection, notes }) => {
      expect(notes[0]).toMatch(/1 of them cannot be read and is left out/);
      const [counts] = await rowsOf(connection, 'select count(*) as n from v1.llm_calls');
      const [all] = await rowsOf(whole.connection, 'select count(*) as n from v1.llm_calls');
      expect(Number(counts?.n)).toBeGreaterThan(0);
      expect(Number(counts?.n)).toBeLessThan(Number(all?.n));
    });
  });

  test.each([
    ['all but its ends', (size: number) => [200, size - 8]],
    ['its first pages', () => [4, 400]],
  ])('is left out where %s cannot be read', async (_, placeIn) => {
    const folder = spoiled((path) => {
      const bytes = readFileSync(path);
      const [from = 0, to = 0] = placeIn(bytes.length);
      writeFileSync(path, bytes.fill(0x5a, from, to));
    });
    await withTeam(folder, async (open) => {
      expect(open.notes).toEqual([expect.stringMatching(/1 of them cannot be read and is left out/)]);
      const [counts] = await rowsOf(open.connection, 'select count(*) as n from v1.llm_calls');
      const [all] = await rowsOf(whole.connection, 'select count(*) as n from v1.llm_calls');
      expect(Number(counts?.n)).toBeGreaterThan(0);
      expect(Number(counts?.n)).toBeLessThan(Number(all?.n));
      await answersOf(open);
    });
  });

  test('to a file of other columns is named, and no question fails', async () => {
    const folder = copyOfLake();
    for (const { path } of listCells(folder, hostAt(0).hostId).slice(0, 1))
      await hostAt(0).connection.execute(`copy (select 1 as a) to '${path}' (format parquet)`);
    await withTeam(folder, async (open) => {
      expect(open.notes).toHaveLength(1);
      await answersOf(open);
      for (const table of LAKE_TABLES) await rowsOf(open.connection, `select * from lake.${table}`);
    });
  });

  test('that is gone is named', async () => {
    const folder = spoiled((path) => rmSync(path));
    await withTeam(folder, async ({ notes }) => {
      expect(notes[0]).toMatch(/1 cell is missing \(llm_calls 2026-/);
    });
  });
});

test.each([
  ['a day', (cell: string) => dirname(dirname(cell))],
  ['a host', (cell: string) => dirname(cell)],
])('the copy of %s that a sync leaves beside it counts nothing', async (_, folderOf) => {
  const folder = copyOfLake();
  for (const { path } of listCells(folder))
    cpSync(folderOf(path), `${folderOf(path)} (1)`, { recursive: true, force: true });
  await withTeam(folder, async (open) => {
    expect(open.notes).toEqual([]);
    expect(await answersOf(open)).toEqual(await answersOf(team));
  });
});

describe('a lake of another kind', () => {
  test.each([
    ['another major version', '{"name": "agenttrace-lake", "version": "2.0"}', /contract version 2\.0/],
    ['another name', '{"name": "pond", "version": "1.0"}', /“pond”/],
    ['no JSON', '{', /cannot be read/],
  ])('is refused and left as it is: %s', async (_, text, message) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'lake.json'), text);
    await expect(publishHost(hostAt(0), { lake: folder })).rejects.toThrow(message);
    await expect(openTeam(folder)).rejects.toThrow(message);
    expect([...bytesBelow(folder)]).toEqual([['lake.json', text]]);
  });

  test('of a newer minor version is read and written', async () => {
    const folder = copyOfLake();
    writeFileSync(join(folder, 'lake.json'), '{"name": "agenttrace-lake", "version": "1.7"}');
    await publishHost(hostAt(0), { lake: folder });
    await withTeam(folder, async ({ notes }) => expect(notes).toEqual([]));
  });

  test('that is no folder of a lake is said to be none', async () => {
    await expect(openTeam(temporaryFolder())).rejects.toThrow(/no lake\.json/);
  });
});

describe('the id of a host', () => {
  test('is made once, kept, and new in a copied warehouse', async () => {
    const connection = await openWarehouse();
    await loadAs(connection, { ...hostAt(0), home: temporaryFolder() });
    const first = await identifyHost(connection, 'machine one');
    expect(first).toMatchObject({ isNew: true, copiedFrom: null });
    expect(first.hostId).toMatch(/^[0-9a-f]{16}$/);
    await keepHostId(connection, { hostId: first.hostId, machine: 'machine one' });
    expect(await identifyHost(connection, 'machine one')).toEqual({
      hostId: first.hostId,
      isNew: false,
      copiedFrom: null,
    });
    const copy = await identifyHost(connection, 'machine two');
    expect(copy).toMatchObject({ isNew: true, copiedFrom: first.hostId });
    expect(copy.hostId).not.toBe(first.hostId);
    await keepHostId(connection, { hostId: copy.hostId, machine: 'machine two' });
    expect(await identifyHost(connection, 'machine two')).toMatchObject({
      hostId: copy.hostId,
      isNew: false,
    });
    connection.close();
  });
});

/** Everything that the cells of a lake say, decoded, and its other files. */
async function wordsOf(folder: string): Promise<string> {
  const connection = await openWarehouse();
  try {
    const texts = [...bytesBelow(folder)].filter(([path]) => path.endsWith('.json')).map(([, text]) => text);
    for (const { path } of listCells(folder))
      texts.push(
        rowsJson(await connection.query(`from read_parquet('${path}')`)),
        readFileSync(path, 'latin1'),
      );
    return texts.join('\n');
  } finally {
    connection.close();
  }
}

/** Distinct texts of a column of the warehouse that are long enough to be found by. */
async function textsOf(connection: Connection, view: string, column: string): Promise<readonly string[]> {
  const { rows } = await connection.query(
    `select distinct ${column} from v1.${view} where length(${column}) >= 5 order by all`,
  );
  return rows.map(([text]) => String(text));
}

describe('what leaves the warehouse', () => {
  const CONTENT = [
    ['tool_calls', 'command'],
    ['tool_calls', 'error_text'],
    ['tool_calls', 'file_path'],
    ['loops', 'target'],
    ['retries', 'target'],
  ] as const;

  test('is no content without --content', async () => {
    const folder = temporaryFolder();
    await publishHost(hostAt(0), { lake: folder, hasContent: false });
    const words = await wordsOf(folder);
    for (const [view, column] of CONTENT) {
      const texts = await textsOf(hostAt(0).connection, view, column);
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.filter((text) => words.includes(JSON.stringify(text).slice(1, -1)))).toEqual([]);
    }
  });

  test('is masked content with it, and the days are written anew', async () => {
    const folder = temporaryFolder();
    await publishHost(hostAt(2), { lake: folder, hasContent: false });
    const summary = await publishHost(hostAt(2), { lake: folder, hasContent: true });
    expect(summary.keptCount).toBe(0);
    const words = await wordsOf(folder);
    const texts = await textsOf(hostAt(2).connection, 'tool_calls', 'command');
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.filter((text) => !words.includes(JSON.stringify(text).slice(1, -1)))).toEqual([]);
  });

  test('has pseudonyms that join over hosts, and no name, with a key', async () => {
    const folder = temporaryFolder();
    for (const host of [hostAt(0), hostAt(1)])
      await publishHost(host, { lake: folder, pseudonymKey: KEY, hasContent: false });
    const words = await wordsOf(folder);
    for (const column of ['project', 'cwd', 'git_branch', 'git_remote']) {
      const names = await textsOf(whole.connection, 'sessions', column);
      expect(names.filter((name) => words.includes(`"${name}"`))).toEqual([]);
    }
    for (const name of ['"desk"', '"laptop"', '"ann"', '"bo"']) expect(words).not.toContain(name);
    expect(words).not.toContain(KEY.toString('latin1'));
    await withTeam(folder, async ({ connection, notes }) => {
      expect(notes).toEqual([]);
      const shared = await rowsOf(
        connection,
        'select project from cells.sessions group by project having count(distinct host) = 2 order by 1',
      );
      const storefront = pseudonymOf(KEY, { kind: 'project', value: 'storefront' });
      expect(shared.map(({ project }) => project)).toContain(storefront);
      const people = await rowsOf(connection, 'select distinct user_name from v1.sessions order by 1');
      expect(people.map(({ user_name }) => user_name).sort()).toEqual(
        ['ann', 'bo'].map((value) => pseudonymOf(KEY, { kind: 'user', value })).sort(),
      );
      const sql = 'select count(*) as n, sum(cost_usd) as cost from v1.llm_calls';
      const plain = await withTeam(await publishAll([hostAt(0), hostAt(1)]), (team) =>
        rowsOf(team.connection, sql),
      );
      expect(await rowsOf(connection, sql)).toEqual(plain);
    });
  });

  test('is not plain by mistake after it was pseudonymous', async () => {
    const folder = temporaryFolder();
    await publishHost(hostAt(2), { lake: folder, pseudonymKey: KEY });
    const before = bytesBelow(folder);
    await expect(publishHost(hostAt(2), { lake: folder })).rejects.toThrow(/published under pseudonyms/);
    await expect(
      publishHost(hostAt(2), { lake: folder, pseudonymKey: Buffer.from('another key of sixteen bytes') }),
    ).rejects.toThrow(/another key/);
    expect(bytesBelow(folder)).toEqual(before);
  });

  test('under two keys is said to have several names', async () => {
    const folder = temporaryFolder();
    await publishHost(hostAt(2), { lake: folder, pseudonymKey: KEY });
    await publishHost(hostAt(1), { lake: folder });
    await withTeam(folder, async ({ notes }) => {
      expect(notes).toHaveLength(1);
      expect(notes[0]).toMatch(/do not use one key of pseudonyms.*plain names by laptop/);
    });
  });
});

describe('the tables of a lake', () => {
  test.each([...LAKE_TABLES])(
    '%s has no column of its view left out, and its types',
    async (table: LakeTable) => {
      if (table === 'findings') return;
      const theirs = new Map(cellColumns(table).map(({ name, type }) => [name, type]));
      const { rows } = await whole.connection.query(
        `select column_name, column_type from (describe v1.${table})`,
      );
      for (const [name, type] of rows) {
        const stored = theirs.get(name === 'host' ? 'host_name' : String(name));
        const expected = String(type).replace('TIMESTAMP WITH TIME ZONE', 'timestamptz').toLowerCase();
        expect([name, stored?.replace(', ', ',')]).toEqual([
          name,
          expected === 'ubigint' ? 'decimal(20,0)' : expected,
        ]);
      }
    },
  );

  test('are in the files as they are defined', async () => {
    for (const table of LAKE_TABLES) {
      const [cell] = listCells(lake).filter((candidate) => candidate.table === table);
      const columns = await team.connection.query(
        `describe from read_parquet('${cell?.path}', hive_partitioning = false)`,
      );
      expect(columns.rows.map(([name]) => name)).toEqual(cellColumns(table).map(({ name }) => name));
    }
  });

  test('have all facts of a session under the day it began', async () => {
    for (const table of LAKE_TABLES) {
      const [strays] = await rowsOf(
        team.connection,
        `select count(*) as n from lake.${table} as facts
          where not exists (
              select 1 from lake.sessions as sessions
              where sessions.session_id = facts.session_id and sessions.day = facts.day
                  and facts.day = cast(timezone('UTC', sessions.started_at) as date)
          )`,
      );
      expect([table, strays?.n]).toEqual([table, 0]);
    }
  });

  test('are told by the record: rows, bytes and sums', () => {
    const record = readHostRecord(lake, hostAt(1).hostId);
    expect(record).toMatchObject({ name: 'laptop', user_name: 'bo', generation: 1, has_content: true });
    expect(record?.cells.length).toBe(listCells(lake, hostAt(1).hostId).length);
    expect(record?.cells.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(100);
  });
});
