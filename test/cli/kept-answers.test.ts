/** Answers that are kept until something that they depend on changes. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type AnswerQuestion,
  keepAnswer,
  readKeptAnswer,
  stateNow,
  withoutKeptAnswers,
} from '../../src/ingest/kept-answers.ts';
import { temporaryFolder } from '../adapters/load.ts';
import { withoutClock } from '../faults/program.ts';
import { EXAMPLE, type Ran, runCli } from './run-cli.ts';

const file = (folder: string): string => join(folder, 'w.duckdb');

const environment = (folder: string): Readonly<Record<string, string>> => ({
  HOME: join(folder, 'home'),
  AGENTTRACE_WAREHOUSE: file(folder),
});

const overview = (folder: string, ...words: readonly string[]): Promise<Ran> =>
  runCli(['overview', '--quiet', ...words], { env: environment(folder) });

const UNCHANGED = /-unchanged\.json$/;

const keptNames = (folder: string): readonly string[] => readdirSync(`${file(folder)}.answers`);

const keptTexts = (folder: string): readonly string[] =>
  keptNames(folder)
    .filter((name) => !UNCHANGED.test(name))
    .map((name) => readFileSync(join(`${file(folder)}.answers`, name), 'utf8'));

function copyHome(): string {
  const folder = temporaryFolder();
  cpSync(EXAMPLE, join(folder, 'home'), { recursive: true });
  return folder;
}

test('a page and a document are kept each for itself, and are what they were', async () => {
  const folder = copyHome();
  const page = await overview(folder);
  const document = await overview(folder, '-f', 'json');
  expect(keptTexts(folder)).toHaveLength(2);
  const [again, markdown, json] = [
    await overview(folder),
    await overview(folder, '-f', 'markdown'),
    await overview(folder, '-f', 'json'),
  ];
  expect(again.out).toBe(page.out);
  expect(markdown.out).toContain('# Overview');
  expect(withoutClock(json.out)).toEqual(withoutClock(document.out));
  expect(keptTexts(folder)).toHaveLength(2);
  // A page shows no list of findings; a big home has thousands.
  expect(keptTexts(folder).filter((text) => text.includes('"anomalies"'))).toHaveLength(1);
});

test('a log that grew is in the next answer, and what was kept before is gone', async () => {
  const folder = copyHome();
  const before = withoutClock((await overview(folder, '-f', 'json')).out) as Answer;
  await overview(folder);
  call(folder);
  const after = withoutClock((await overview(folder, '-f', 'json')).out) as Answer;
  expect(after.totals).toMatchObject({
    llm_call_count: before.totals.llm_call_count + 1,
    total_tokens: before.totals.total_tokens + 1234,
  });
  expect(keptTexts(folder)).toHaveLength(1);
});

test('that there is nothing to load is remembered until there is', async () => {
  const folder = copyHome();
  const load = async (): Promise<unknown> => {
    const { out } = await runCli(['load', '-f', 'json'], { env: environment(folder) });
    const { new_count, grown_count, unchanged_count, source_count } = JSON.parse(out).summary;
    return { new_count, grown_count, unchanged_count, source_count };
  };
  const first = (await load()) as { source_count: number };
  const idle = { ...first, new_count: 0, unchanged_count: first.source_count };
  expect(await load()).toEqual(idle);
  expect(keptNames(folder).filter((name) => UNCHANGED.test(name))).toHaveLength(1);
  expect(await load()).toEqual(idle);
  call(folder);
  expect(await load()).toEqual({ ...idle, grown_count: 1, unchanged_count: first.source_count - 1 });
  const { out } = await runCli(['query', `select count(*) as n from llm_calls`, '-f', 'json'], {
    env: environment(folder),
  });
  const before = await runCli(['query', `select count(*) as n from llm_calls`, '-f', 'json', '-d', EXAMPLE]);
  expect(JSON.parse(out)[0].n).toBe(JSON.parse(before.out)[0].n + 1);
});

test('no filter, and one of the same word as none, are two questions', async () => {
  const folder = copyHome();
  const sessions = async (...words: readonly string[]): Promise<number> => {
    const { out } = await runCli(['sessions', '-f', 'jsonl', ...words], { env: environment(folder) });
    return out.split('\n').filter((line) => line !== '').length;
  };
  const all = await sessions();
  expect(all).toBeGreaterThan(5);
  for (const word of ['undefined', 'null', '']) {
    expect(await sessions('--param', `project=${word}`)).toBe(0);
    expect(await sessions()).toBe(all);
  }
  expect(await sessions('--limit', '3')).toBe(3);
  expect(await sessions('--limit', '3', '--agent', 'undefined')).toBe(0);
  const { code, err } = await runCli(['sessions', '--param', 'now=hello'], { env: environment(folder) });
  expect([code, err]).toEqual([64, expect.stringContaining('now')]);
});

test('ages are those of the day of asking', async () => {
  const folder = copyHome();
  const ages = async (days: number): Promise<readonly number[]> => {
    const clock = join(folder, 'clock.cjs');
    writeFileSync(
      clock,
      `const ms = ${Date.UTC(2026, 10, 20 + days)}; const Then = Date;
      globalThis.Date = class extends Then { constructor(...words) { super(...(words.length ? words : [ms])); } static now() { return ms; } };`,
    );
    const env = { ...environment(folder), NODE_OPTIONS: `--require ${clock}` };
    const { out } = await runCli(['overview', '-f', 'json'], { env });
    const { anomalies } = JSON.parse(out) as { anomalies: readonly { Age: string }[] };
    return anomalies.map(({ Age }) => Number.parseInt(Age, 10));
  };
  await ages(0);
  const first = await ages(0);
  expect(first.length).toBeGreaterThan(0);
  expect(await ages(3)).toEqual(first.map((age) => age + 3));
});

test('a period that ends with the moment of asking is asked anew each time', async () => {
  const folder = copyHome();
  await overview(folder);
  for (const since of ['9000d', '9000d', '99999h']) await overview(folder, '--since', since);
  expect(keptTexts(folder)).toHaveLength(1);
});

test('what is no answer is none', async () => {
  const folder = copyHome();
  const page = await overview(folder);
  await runCli(['query', 'select 1'], { env: environment(folder) });
  expect(keptNames(folder)).toHaveLength(2);
  for (const text of ['null', '{}', '[]', '1', '{"columns":1,"rows":2}', '']) {
    for (const name of keptNames(folder)) writeFileSync(join(`${file(folder)}.answers`, name), text);
    const { code, out } = await runCli(['query', 'select 1 as one', '-f', 'csv'], {
      env: environment(folder),
    });
    expect([code, out]).toEqual([0, 'one\r\n1\r\n']);
    expect((await overview(folder)).out).toBe(page.out);
  }
});

test('a place that came, and a file that no adapter knows, are told of at once', async () => {
  const folder = copyHome();
  const doctor = async (...words: readonly string[]): Promise<Doctor> =>
    JSON.parse((await runCli(['doctor', '-f', 'json', ...words], { env: environment(folder) })).out);
  const place = join(folder, 'home', '.gemini', 'tmp');
  const exists = async (): Promise<boolean | undefined> =>
    (await doctor()).directories.find(({ path }) => path === place)?.exists;
  await overview(folder);
  expect([await exists(), await exists()]).toEqual([false, false]);
  mkdirSync(place, { recursive: true });
  expect(await exists()).toBe(true);
  const logs = join(folder, 'home');
  const unknown = async (): Promise<number> => {
    const words = ['load', '-d', logs, '--warehouse', join(folder, 'v.duckdb'), '-f', 'json'];
    return JSON.parse((await runCli(words)).out).unrecognised.length;
  };
  expect([await unknown(), await unknown()]).toEqual([0, 0]);
  writeFileSync(join(logs, 'mystery.jsonl'), '{"what":"ever"}\n');
  expect(await unknown()).toBe(1);
});

test('an answer is kept only of what was there from the question to its end', () => {
  const folder = temporaryFolder();
  const [warehouse, prices] = [join(folder, 'w.duckdb'), join(folder, 'prices.json')];
  writeFileSync(warehouse, 'first');
  const ask = (): AnswerQuestion => {
    const discovery = { files: [], places: [], roots: [], unreadable: [], unrecognised: [] };
    const state = stateNow({ file: warehouse, discovery, priceFolder: folder, program: 'p' });
    if (state === undefined) throw new Error('No state.');
    return { ...state, asked: ['daily'] };
  };
  const answer = { columns: [{ name: 'n', type: 'BIGINT' }], rows: [[1n]] };
  const first = ask();
  keepAnswer(first, answer);
  expect(readKeptAnswer(ask())).toEqual(answer);
  writeFileSync(prices, '{}');
  expect(readKeptAnswer(ask())).toBeUndefined();
  keepAnswer(first, answer);
  expect(readKeptAnswer(ask())).toBeUndefined();
  const second = ask();
  writeFileSync(warehouse, 'second');
  keepAnswer(second, answer);
  expect(readKeptAnswer(second)).toBeUndefined();
});

test('however much is asked, what is kept stays small', async () => {
  const folder = temporaryFolder();
  const warehouse = join(folder, 'w.duckdb');
  writeFileSync(warehouse, '');
  const discovery = { files: [], places: [], roots: [], unreadable: [], unrecognised: [] };
  const state = stateNow({ file: warehouse, discovery, priceFolder: undefined, program: 'p' });
  if (state === undefined) throw new Error('No state.');
  for (let n = 0; n < 200; n += 1) keepAnswer({ ...state, asked: [n] }, { columns: [], rows: [] });
  expect(keptNames(folder).length).toBeLessThan(100);
  expect(readKeptAnswer({ ...state, asked: [199] })).toBeDefined();
});

test('where kept answers cannot be removed, the rest is done and it is said', async () => {
  let isDone = false;
  const work = async (): Promise<void> => {
    isDone = true;
  };
  // No system knows a file of this name.
  await expect(withoutKeptAnswers('no\0file', work)).rejects.toThrow('could not be removed');
  expect(isDone).toBe(true);
});

/** One call more in one of the logs. */
function call(folder: string): void {
  const projects = join(folder, 'home', '.claude', 'projects');
  const logs = readdirSync(projects, { recursive: true, encoding: 'utf8' });
  const log = logs.find((name) => name.endsWith('.jsonl')) ?? '';
  appendFileSync(join(projects, log), `${JSON.stringify(CALL)}\n`);
}

const CALL = {
  type: 'assistant',
  uuid: '00000000-0000-4000-8000-000000000001',
  requestId: 'req_new',
  timestamp: '2026-11-13T10:00:00.000Z',
  message: {
    id: 'msg_new',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [{ type: 'text', text: 'done' }],
    usage: { input_tokens: 1000, output_tokens: 234 },
  },
};

interface Doctor {
  readonly directories: readonly { readonly path: string; readonly exists: boolean }[];
}

interface Answer {
  readonly totals: { readonly llm_call_count: number; readonly total_tokens: number };
}
