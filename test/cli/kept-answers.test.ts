/** Answers that are kept until something that they depend on changes. */
import { appendFileSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../adapters/load.ts';
import { withoutClock } from '../faults/program.ts';
import { EXAMPLE, type Ran, runCli } from './run-cli.ts';

const file = (folder: string): string => join(folder, 'w.duckdb');

const overview = (folder: string, ...words: readonly string[]): Promise<Ran> =>
  runCli(['overview', '--quiet', ...words], {
    env: { HOME: join(folder, 'home'), AGENTTRACE_WAREHOUSE: file(folder) },
  });

const keptTexts = (folder: string): readonly string[] =>
  readdirSync(`${file(folder)}.answers`).map((name) =>
    readFileSync(join(`${file(folder)}.answers`, name), 'utf8'),
  );

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
  const projects = join(folder, 'home', '.claude', 'projects');
  const log = readdirSync(projects, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('.jsonl'),
  );
  appendFileSync(join(projects, log ?? ''), `${JSON.stringify(CALL)}\n`);
  const after = withoutClock((await overview(folder, '-f', 'json')).out) as Answer;
  expect(after.totals).toMatchObject({
    llm_call_count: before.totals.llm_call_count + 1,
    total_tokens: before.totals.total_tokens + 1234,
  });
  expect(keptTexts(folder)).toHaveLength(1);
});

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
