/** docs/recipes.md shows what its SQL answers over the example. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callCli } from '../cli/call-cli.ts';
import { makeWarehouse } from '../cli/run-cli.ts';
import { isAccepting, ROOT, readPage } from './pages.ts';

const PATH = 'docs/recipes.md';

interface Recipe {
  readonly title: string;
  readonly sql: string;
  readonly answer: string;
}

const recipes: readonly Recipe[] = readPage(PATH)
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const parts = /^(.+)\n[\s\S]*?^```sql\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```\n\n\S/m.exec(section);
    if (parts === null) throw new Error(`no SQL, answer and reading in ${section.slice(0, 40)}`);
    const [, title = '', sql = '', answer = ''] = parts;
    return { title, sql, answer };
  });

let warehouse: Awaited<ReturnType<typeof makeWarehouse>>;
beforeAll(async () => {
  warehouse = await makeWarehouse();
}, 60_000);
afterAll(() => warehouse.remove());

test.each(recipes.map((recipe) => [recipe.title, recipe] as const))('%s', async (_, { sql, answer }) => {
  const { out, err } = await callCli(['query', sql, '--warehouse', warehouse.file, '--no-refresh']);
  expect(err).toBe('');
  expect(out.split('\n').length, 'an answer with rows').toBeGreaterThan(3);
  const said = out.replace(/[ \t]+$/gm, '');
  if (isAccepting && said !== answer) {
    const block = (text: string): string => `${sql}\`\`\`\n\n\`\`\`text\n${text}\`\`\``;
    writeFileSync(
      join(ROOT, PATH),
      readPage(PATH).replace(block(answer), () => block(said)),
    );
  } else expect(answer, 'npm run accept writes it anew').toBe(said);
});

test('none is missing that is promised', () => {
  const titles = recipes.map(({ title }) => title).join('\n');
  for (const topic of [
    /branch/,
    /pull request/,
    /cache/i,
    /fail/,
    /context/,
    /before and after/,
    /subagents/,
    /worst/,
  ])
    expect(titles).toMatch(topic);
});
