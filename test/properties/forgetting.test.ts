/** What is forgotten leaves the rest as if it had never been loaded, stays away, and can be let back. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  countForgettable,
  type Forgettable,
  forget,
  listForgotten,
  unforget,
} from '../../src/ingest/forget.ts';
import { SOURCE_TABLES } from '../../src/ingest/forget-rows.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import {
  copyInto,
  copySample,
  differences,
  dump,
  FIXTURE_HOME,
  load,
  logsBelow,
  ROOT,
  rowsOf,
  temporaryFolder,
  withHome,
  withLoads,
} from '../adapters/load.ts';
import { randomFrom, shuffled } from './random.ts';

const TIMEOUT = 300_000;
const NOW = new Date('2026-11-30T12:00:00Z');

function homeOf(source: string, folder = ''): string {
  const home = join(temporaryFolder(), 'home');
  copyInto(source, join(home, folder));
  return home;
}

/** Forgets, and holds what is counted before against what goes. */
async function forgetIt(connection: Connection, target: Forgettable): Promise<void> {
  const counted = await countForgettable(connection, target);
  expect(counted).toBeGreaterThan(0);
  expect(await forget(connection, { target, now: NOW })).toBe(counted);
}

test('every raw table with a source is looked through', () =>
  withHome(temporaryFolder(), async (connection) => {
    const tables = await rowsOf(
      connection,
      `select distinct table_name as name from duckdb_columns()
      where schema_name = 'raw' and column_name = 'source_no' and table_name <> 'sources' order by name`,
    );
    expect(tables.map(({ name }) => name)).toEqual([...SOURCE_TABLES].sort());
  }));

describe('in the fixture home', () => {
  let home: string;
  let files: readonly string[];

  beforeAll(() => {
    home = homeOf(FIXTURE_HOME);
    // A few are enough, with a session that has subagents.
    for (const file of logsBelow(home)) if (!/payments-api|\.codex.*2026\/11\/0/.test(file)) rmSync(file);
    files = logsBelow(home);
    expect(files.length).toBeGreaterThan(5);
  });

  test(
    'a log, and a session with its subagents, also when a log grows or moves',
    () =>
      withHome(home, async (connection) => {
        const whole = await dump(connection);
        const [root] = await rowsOf(
          connection,
          `select root_session_id as id from v1.sessions where kind = 'subagent' order by id limit 1`,
        );
        const sessionId = String(root?.id);
        const logs = await rowsOf(
          connection,
          `select path from v1.sources
          where source_id in (select source_id from v1.sessions where root_session_id = '${sessionId}')
          order by path`,
        );
        expect(logs.length).toBeGreaterThan(1);
        const ofSession = logs.map(({ path }) => String(path));
        const [alone = ''] = shuffled(
          files.filter((file) => !ofSession.includes(file)),
          randomFrom(1),
        );
        await forgetIt(connection, { kind: 'source', path: alone });
        await forgetIt(connection, { kind: 'session', sessionId });
        const gone = [alone, ...ofSession];
        const rest = await withLoads(home, [files.filter((file) => !gone.includes(file))], dump);
        expect(differences(rest, await dump(connection))).toEqual([]);

        const [first = ''] = ofSession;
        const bytes = readFileSync(first);
        const { atime, mtime } = statSync(first);
        const moved = first.replace(/\.jsonl$/, '-moved.jsonl');
        appendFileSync(first, bytes.subarray(0, bytes.indexOf(10) + 1));
        copyFileSync(first, moved);
        await load(connection, home);
        expect(differences(rest, await dump(connection))).toEqual([]);
        rmSync(moved);
        writeFileSync(first, bytes);
        utimesSync(first, atime, mtime);

        const marks = await listForgotten(connection);
        expect(marks.map(({ kind }) => kind).sort()).toEqual(['session', 'source']);
        for (const { id } of marks) await unforget(connection, id);
        await load(connection, home);
        expect(differences(whole, await dump(connection))).toEqual([]);
      }),
    TIMEOUT,
  );
});

test('the name of a model goes with the last session that says it', () => {
  const home = homeOf(join(ROOT, 'adapters/claude-code/samples/minimal/input'), '.claude');
  copySample(join(ROOT, 'adapters/codex/samples/compacted/input'), join(home, '.codex'));
  return withHome(home, async (connection) => {
    const names = (): ReturnType<typeof rowsOf> =>
      rowsOf(connection, 'select provider, model_raw from raw.model_names order by all');
    const sessions = await rowsOf(
      connection,
      `select session_id as id from v1.sessions where kind <> 'subagent' order by id`,
    );
    expect((await names()).length).toBeGreaterThan(1);
    for (const { id } of sessions) {
      await forgetIt(connection, { kind: 'session', sessionId: String(id) });
      const said = await rowsOf(
        connection,
        `select model_raw from raw.usage where model_raw is not null
        union select model_raw from raw.turn_contexts where model_raw is not null order by all`,
      );
      expect([...new Set((await names()).map(({ model_raw }) => model_raw))].sort()).toEqual(
        said.map(({ model_raw }) => model_raw),
      );
    }
    expect(await names()).toEqual([]);
  });
});

test('what is left keeps its costs where the agent alone tells who serves it', () => {
  const home = temporaryFolder();
  for (const place of [1, 2]) {
    const id = `019e0000-0000-7000-8000-00000000000${place}`;
    const usage = { input_tokens: 1000, cached_input_tokens: 0, output_tokens: 10, total_tokens: 1010 };
    const line = (second: number, type: string, payload: object): string =>
      `${JSON.stringify({ timestamp: `2026-05-02T10:00:0${second}Z`, type, payload })}\n`;
    const file = join(home, '.codex', 'sessions', `rollout-2026-05-02T10-00-00-${id}.jsonl`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      line(0, 'session_meta', { id, cwd: '/home/dev/app' }) +
        line(1, 'turn_context', { turn_id: 't1', model: 'gpt-5.5' }) +
        line(2, 'event_msg', { type: 'token_count', info: { total_token_usage: usage } }),
    );
  }
  return withHome(home, async (connection) => {
    const costs = (): ReturnType<typeof rowsOf> =>
      rowsOf(connection, 'select session_id, cost_usd from v1.llm_calls order by all');
    const [first, second] = await costs();
    expect(second?.cost_usd).toBeGreaterThan(0);
    await forgetIt(connection, { kind: 'session', sessionId: String(first?.session_id) });
    expect(await costs()).toEqual([second]);
  });
});

describe('where another log repeats what was forgotten', () => {
  const SAMPLE = join(ROOT, 'adapters', 'claude-code', 'samples', 'resumed-copy', 'input');
  const OWNER = 'b2000000-0000-4000-8000-00000000000b';
  const owners = `select llm_call_id, session_id from v1.llm_calls order by all`;

  test('the copies of a forgotten log are nobody’s copies any more', () => {
    const home = homeOf(SAMPLE, '.claude');
    const [copy = '', original = ''] = logsBelow(home);
    return withHome(home, async (connection) => {
      await forgetIt(connection, { kind: 'source', path: original });
      const alone = await withLoads(home, [[copy]], async (other) => ({
        all: await dump(other),
        owners: await rowsOf(other, owners),
      }));
      expect(await rowsOf(connection, owners)).toEqual(alone.owners);
      expect(alone.owners).toHaveLength(3);
      expect(differences(alone.all, await dump(connection))).toEqual([]);
    });
  });

  test('of a forgotten session nothing is left in either, and both come back', () => {
    const home = homeOf(SAMPLE, '.claude');
    const [copy = ''] = logsBelow(home);
    return withHome(home, async (connection) => {
      const whole = await dump(connection);
      await forgetIt(connection, { kind: 'session', sessionId: `claude-code:${OWNER}` });
      const left = async () => ({
        sessions: await rowsOf(connection, 'select native_session_id as id from v1.sessions'),
        sources: await rowsOf(connection, 'select path from v1.sources'),
        calls: await rowsOf(connection, 'select count(*) as n from v1.llm_calls'),
      });
      const expected = {
        sessions: [{ id: 'a1000000-0000-4000-8000-00000000000a' }],
        sources: [{ path: copy }],
        calls: [{ n: 1 }],
      };
      expect(await left()).toEqual(expected);
      // Read anew from its beginning, it still tells nothing of the other.
      const clock = Date.parse('2026-11-20T00:00:00Z') / 1000;
      await connection.execute('update raw.sources set head_hash = 0');
      utimesSync(copy, clock, clock);
      await load(connection, home);
      expect(await left()).toEqual(expected);
      const [mark] = await listForgotten(connection);
      await unforget(connection, mark?.id ?? '');
      await load(connection, home);
      expect(differences({ ...whole, sources: [] }, { ...(await dump(connection)), sources: [] })).toEqual(
        [],
      );
    });
  });
});

test('a session of a database of many stays away when the database is read again', async () => {
  const home = temporaryFolder();
  copySample(join(ROOT, 'adapters', 'opencode', 'samples', 'forked', 'input'), home);
  const connection = await connect(':memory:');
  try {
    await load(connection, home);
    const whole = await dump(connection);
    const sessions = 'select session_id as id, parent_session_id as parent from v1.sessions order by id';
    const before = await rowsOf(connection, sessions);
    const gone = before.find(({ parent }) => parent === null)?.id;
    const kept = before.filter(({ id, parent }) => id !== gone && parent !== gone);
    expect(kept.length).toBeGreaterThan(0);
    await forgetIt(connection, { kind: 'session', sessionId: String(gone) });
    expect(await rowsOf(connection, sessions)).toEqual(kept);
    await connection.execute('update raw.sources set adapter_version = 0');
    await load(connection, home);
    expect(await rowsOf(connection, sessions)).toEqual(kept);
    const [mark] = await listForgotten(connection);
    await unforget(connection, mark?.id ?? '');
    await load(connection, home);
    expect(differences(whole, await dump(connection))).toEqual([]);
  } finally {
    connection.close();
  }
});
