/** Readers that go on from a mark leave of a source what one reading of it leaves: also what is no record, and how much was read. */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import { load, newWarehouse, ROOT, type Row, rowsOf, temporaryFolder, withLoads } from './load.ts';

const LINES = 'select line_count from v1.sources';
const REJECTS = 'select line_number, reason, size_bytes from v1.rejects order by all';

/** After each step the source is loaded; at last it has to say what it says when it is read at once. */
async function grownAndWhole(
  path: string,
  steps: readonly (() => void)[],
  ask: (connection: Connection) => Promise<readonly Row[]>,
): Promise<{ readonly grown: readonly Row[]; readonly whole: readonly Row[] }> {
  const connection = await newWarehouse();
  try {
    for (const step of steps) {
      step();
      await load(connection, temporaryFolder(), [path]);
    }
    const whole = await withLoads(temporaryFolder(), [[path]], ask);
    return { grown: await ask(connection), whole };
  } finally {
    connection.close();
  }
}

const running = (path: string, sql: string) => (): void => {
  const database = new Database(path);
  database.exec(sql);
  database.close();
};

const AT = 1778000000000;
const OPENCODE = `
  create table session (id text primary key, project_id text not null, parent_id text, slug text not null,
    directory text not null, title text not null, version text not null, time_created integer, time_updated integer);
  create table message (id text primary key, session_id text, time_created integer, time_updated integer, data text);
  create table part (id text primary key, message_id text, session_id text, time_created integer, time_updated integer, data text);
  insert into session values ('ses_1', 'p1', null, 's', '/home/dev/shop', 'Fix', '1.18.0', ${AT}, ${AT});`;

const message = (id: string, at: number, data: string): string =>
  `insert into message values ('msg_${id}', 'ses_1', ${at}, ${at}, '${data}');`;
const answer = (at: number): string =>
  JSON.stringify({
    role: 'assistant',
    modelID: 'claude-sonnet-4-5',
    providerID: 'anthropic',
    time: { created: at, completed: at + 900 },
    tokens: { input: 10, output: 2, reasoning: 0, cache: { read: 0, write: 0 } },
  });
const part = (id: string, messageId: string, data: string): string =>
  `insert into part values ('prt_${id}', 'msg_${messageId}', 'ses_1', ${AT}, ${AT}, '${data}');`;

test('OpenCode: what is no record stays once, whether its line holds a record or not', async () => {
  const path = join(temporaryFolder(), 'opencode.db');
  const { grown, whole } = await grownAndWhole(
    path,
    [
      running(
        path,
        OPENCODE +
          message('a', AT, 'not json') +
          message('b', AT + 1000, answer(AT + 1000)) +
          part('b', 'b', 'oops'),
      ),
      running(path, message('c', AT + 2000, answer(AT + 2000))),
      running(path, message('d', AT + 3000, answer(AT + 3000))),
    ],
    (connection) => rowsOf(connection, REJECTS),
  );
  expect(whole).toEqual([
    { line_number: 1, reason: 'data is no JSON object', size_bytes: 8 },
    { line_number: 2, reason: 'a part is no JSON object', size_bytes: 4 },
  ]);
  expect(grown).toEqual(whole);
});

test('OpenCode: a message that is damaged or mended later is told as it is last', async () => {
  const path = join(temporaryFolder(), 'opencode.db');
  const calls = (connection: Connection) =>
    rowsOf(
      connection,
      `select line_number as line, 'reject' as what from v1.rejects
        union all select source_line, 'call' from v1.llm_calls order by all`,
    );
  const { grown, whole } = await grownAndWhole(
    path,
    [
      running(path, OPENCODE + message('a', AT, 'not json') + message('b', AT, answer(AT))),
      running(
        path,
        `update message set time_updated = ${AT + 1}, data = iif(id = 'msg_a', '${answer(AT)}', 'not json')`,
      ),
    ],
    calls,
  );
  expect(whole).toEqual([
    { line: 1, what: 'call' },
    { line: 2, what: 'reject' },
  ]);
  expect(grown).toEqual(whole);
});

test('Crush: parts that are no JSON stay told when their message comes again', async () => {
  const path = join(temporaryFolder(), 'crush.db');
  const sample = readFileSync(join(ROOT, 'adapters/crush/samples/minimal/input/.crush/crush.db.sql'), 'utf8');
  const { grown, whole } = await grownAndWhole(
    path,
    [
      running(path, sample),
      running(
        path,
        `insert into messages (id, session_id, role, parts, created_at, updated_at) values ('bad', 's1', 'user', 'oops', 1778009999, 1778009999)`,
      ),
      running(
        path,
        `insert into messages (id, session_id, role, parts, created_at, updated_at) values ('good', 's1', 'user', '[]', 1778009999, 1778009999)`,
      ),
    ],
    (connection) => rowsOf(connection, REJECTS),
  );
  expect(whole).toHaveLength(2);
  expect(grown).toEqual(whole);
});

describe('a source that is read on counts as many lines as one that is read at once', () => {
  const lineCounts = (connection: Connection) => rowsOf(connection, LINES);
  test.each([
    ['aider/samples/minimal/input/.aider.chat.history.md'],
    ['generic/samples/message-lines/input/.local/share/agenttrace/imports/messages.jsonl'],
  ])('%s', async (file) => {
    const path = join(temporaryFolder(), basename(file));
    const whole = readFileSync(join(ROOT, 'adapters', file), 'utf8');
    const written = (length: number) => () => writeFileSync(path, whole.slice(0, length));
    const counts = await grownAndWhole(path, [written(300), written(whole.length)], lineCounts);
    expect(counts.grown).toEqual(counts.whole);
    expect(Number(counts.whole[0]?.line_count)).toBeGreaterThan(0);
  });

  test('OpenCode', async () => {
    const path = join(temporaryFolder(), 'opencode.db');
    const counts = await grownAndWhole(
      path,
      [
        running(path, OPENCODE + message('a', AT, answer(AT))),
        running(path, message('b', AT + 1000, answer(AT + 1000)) + message('c', AT + 2000, 'not json')),
        running(path, message('d', AT + 3000, answer(AT + 3000))),
      ],
      lineCounts,
    );
    expect(counts).toEqual({ grown: [{ line_count: 4 }], whole: [{ line_count: 4 }] });
  });
});

test('a database that is damaged where a folder is given keeps its agent and its rows, and is told of', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'opencode.db');
  running(path, OPENCODE + message('a', AT, answer(AT)))();
  const connection = await newWarehouse();
  try {
    await load(connection, temporaryFolder(), [folder]);
    truncateSync(path, 5000);
    for (let times = 0; times < 2; times += 1) {
      await load(connection, temporaryFolder(), [folder]);
      expect(
        await rowsOf(
          connection,
          `select agent, is_vanished, last_error is not null as has_error, (select count(*) from v1.llm_calls) as calls from v1.sources`,
        ),
      ).toEqual([{ agent: 'opencode', is_vanished: false, has_error: true, calls: 1 }]);
    }
    rmSync(path);
    await load(connection, temporaryFolder(), [folder]);
    expect(await rowsOf(connection, 'select is_vanished from v1.sources')).toEqual([{ is_vanished: true }]);
  } finally {
    connection.close();
  }
});
