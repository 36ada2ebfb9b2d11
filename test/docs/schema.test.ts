/** docs/schema.md is what `agenttrace schema -f markdown` prints. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { isAccepting, ROOT, readPage } from './pages.ts';

const PATH = 'docs/schema.md';

test('docs/schema.md says what the program says', async () => {
  const { out, err, code } = await runCli(['schema', '-f', 'markdown']);
  expect([err, code]).toEqual(['', 0]);
  if (isAccepting) writeFileSync(join(ROOT, PATH), out);
  expect(readPage(PATH), 'npm run accept writes it anew').toBe(out);
});
