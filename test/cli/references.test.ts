/** What a REF and the filters of `latest` may name, and which logs answer. */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../adapters/load.ts';
import { EXAMPLE, makeWarehouse, type Ran, runCli } from './run-cli.ts';

let warehouse: Awaited<ReturnType<typeof makeWarehouse>>;

beforeAll(async () => {
  warehouse = await makeWarehouse();
});

afterAll(() => warehouse.remove());

const example = (...words: readonly string[]): Promise<Ran> =>
  runCli(['--warehouse', warehouse.file, '--no-refresh', ...words]);

async function rows(sql: string): Promise<readonly Record<string, unknown>[]> {
  return JSON.parse((await example('query', sql, '-f', 'json')).out);
}

const shownSession = async (...words: readonly string[]): Promise<unknown> =>
  JSON.parse((await example('latest', '-f', 'json', ...words)).out).session.session_id;

test('a log in the warehouse names its session, wherever an id may stand', async () => {
  const [log] = await rows(
    `select path, session_id from sources join sessions using (source_id) where kind = 'main' and cost_usd > 0 order by path`,
  );
  const { path, session_id } = log as { path: string; session_id: string };
  for (const words of [['explain'], ['daily', '--session']]) {
    const [byPath, byId] = [await example(...words, path), await example(...words, session_id)];
    expect([byPath.code, byPath.out]).toEqual([0, byId.out]);
  }
  const folder = await example('explain', EXAMPLE);
  expect([folder.code, folder.err]).toEqual([66, expect.stringContaining('is a folder')]);
});

test('a beginning that is too short lists some, and says how many more there are', async () => {
  const sessions = await example('session', 'claude-code:');
  const [{ n } = {}] = await rows(
    `select count(*) as n from sessions where agent = 'claude-code' and kind = 'main'`,
  );
  expect([sessions.code, sessions.err]).toEqual([64, expect.stringContaining(`ids of ${n} sessions`)]);
  expect(sessions.err).toContain(`and ${Number(n) - 8} more`);
  const calls = await rows('select llm_call_id, agent from llm_calls order by llm_call_id');
  const [first] = calls.map(({ llm_call_id }) => String(llm_call_id)) as [string];
  const tooShort = await example('explain', first.slice(0, first.indexOf('_') + 1));
  expect([tooShort.code, tooShort.err]).toEqual([64, expect.stringMatching(/ids of \d+( or more)? calls/)]);
  // An agent's own id, without the agent before it.
  const native = first.slice(`${calls[0]?.agent}:`.length);
  expect((await example('explain', native)).out).toBe((await example('explain', first)).out);
});

test('latest takes every filter', async () => {
  const ordered = await rows(
    `select session_id, agent from sessions where kind <> 'subagent' order by coalesce(ended_at, started_at) desc`,
  );
  const oldest = ordered.at(-1)?.session_id;
  expect(await shownSession()).toBe(ordered[0]?.session_id);
  expect(await shownSession('--session', String(oldest))).toBe(oldest);
  const [child] = await rows(
    `select session_id, root_session_id, model from sessions where kind = 'subagent' and model is not null order by all`,
  );
  expect(await shownSession('--session', String(child?.session_id))).toBe(child?.session_id);
  const gate = await example('latest', '--session', String(oldest), '--max-cost', '0');
  expect(gate.err).toContain(String(oldest));
  // Of a model that only a subagent used, or that is not the one used most.
  const used = await rows(
    `select model, model_raw, any_value(root_session_id) as root from llm_calls
     where model is not null group by all having count(distinct root_session_id) = 1`,
  );
  expect(used.length).toBeGreaterThan(0);
  for (const { model, model_raw, root } of used) {
    const seen = [
      await shownSession('--model', String(model_raw)),
      await shownSession('--model', String(model)),
    ];
    expect(seen).toContain(root);
  }
});

test('a folder and a warehouse that is kept: all that it holds answers, and that is said', async () => {
  const folder = temporaryFolder();
  const [first, second] = ['.claude', '.codex'].map((name) => join(EXAMPLE, name)) as [string, string];
  const kept = ['--warehouse', join(folder, 'w.duckdb')];
  expect((await runCli(['load', '-d', first, ...kept])).err).not.toContain('elsewhere');
  const both = await runCli(['models', '-d', second, ...kept]);
  const count = readdirSync(first, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.jsonl'),
  ).length;
  expect(both.err).toContain(
    `holds ${count} logs from elsewhere, which count as well. Without --warehouse only what is below DIR or PATH does.`,
  );
  const doctor = await runCli(['doctor', '-d', second, ...kept, '-f', 'json']);
  expect(JSON.parse(doctor.out).mode).toBe('custom directory');
  const copy = join(folder, 'logs');
  cpSync(first, copy, { recursive: true });
  const refused = await runCli(['models', '-d', copy, '--no-refresh', ...kept]);
  expect([refused.code, refused.err]).toEqual([64, expect.stringContaining('reads no log')]);
});
