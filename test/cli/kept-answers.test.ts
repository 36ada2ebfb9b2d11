/** Answers that are kept until something that they depend on changes. */
import { appendFileSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

interface Answer {
  readonly totals: { readonly llm_call_count: number; readonly total_tokens: number };
}
