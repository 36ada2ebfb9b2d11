/** OpenClaw's database: read while it is written, from where the last load ended. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import { fingerprint, load, rowsOf, temporaryFolder } from './load.ts';

type Writer = InstanceType<typeof Database>;

function newDatabase(home: string): Writer {
  const folder = join(home, '.openclaw', 'agents', 'main', 'agent');
  mkdirSync(folder, { recursive: true });
  const database = new Database(join(folder, 'openclaw-agent.sqlite'));
  database.exec(`pragma journal_mode = wal;
    create table transcript_events (
      session_id text not null, seq integer not null, event_json text not null, created_at integer not null,
      primary key (session_id, seq)
    ) strict`);
  return database;
}

const at = (second: number): string => new Date(Date.UTC(2026, 4, 9, 5, 0, second)).toISOString();

function write(
  database: Writer,
  { session, seq, tokens }: { session: string; seq: number; tokens: number },
): void {
  const event = {
    type: 'message',
    id: `${session}-${seq}`,
    timestamp: at(seq),
    message: {
      role: 'assistant',
      content: [{ type: 'text', text: 'x' }],
      provider: 'anthropic',
      model: 'claude-opus-4-5',
      usage: { input: tokens, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: tokens + 1 },
      stopReason: 'stop',
      timestamp: Date.parse(at(seq)),
    },
  };
  database
    .prepare('insert into transcript_events values (?, ?, ?, ?)')
    .run(session, seq, JSON.stringify(event), seq);
}

const CALLS = `select s.native_session_id as session, c.uncached_input_tokens as tokens, c.source_line as line
  from v1.llm_calls c join v1.sessions s using (session_id) order by all`;

test('grows, is written anew and loses rows without a call counted twice or lost', async () => {
  const home = temporaryFolder();
  const writer = newDatabase(home);
  const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
  try {
    write(writer, { session: 'a', seq: 0, tokens: 10 });
    write(writer, { session: 'b', seq: 0, tokens: 20 });
    const before = fingerprint(home).filter((line) => !line.includes('-shm'));
    await load(connection, home);
    expect(fingerprint(home).filter((line) => !line.includes('-shm'))).toEqual(before);
    const first = [
      { session: 'a', tokens: 10, line: 1 },
      { session: 'b', tokens: 20, line: 2 },
    ];
    expect(await rowsOf(connection, CALLS)).toEqual(first);

    write(writer, { session: 'a', seq: 1, tokens: 30 });
    await load(connection, home);
    await load(connection, home);
    const grown = [first[0], { session: 'a', tokens: 30, line: 3 }, first[1]];
    expect(await rowsOf(connection, CALLS)).toEqual(grown);

    // A transcript is replaced row by row, and rows are numbered anew.
    writer.exec("delete from transcript_events where session_id = 'b'");
    writer.exec('vacuum');
    write(writer, { session: 'b', seq: 0, tokens: 20 });
    write(writer, { session: 'b', seq: 1, tokens: 40 });
    await load(connection, home);
    const tokens = (await rowsOf(connection, CALLS)).map(({ session, tokens }) => `${session} ${tokens}`);
    expect(tokens).toEqual(['a 10', 'a 30', 'b 20', 'b 40']);
  } finally {
    connection.close();
    writer.close();
  }
});
