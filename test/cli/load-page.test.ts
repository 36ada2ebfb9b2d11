/** What `load` says of files that are nobody's logs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'agenttrace-test-'));
const files = ['one', 'two', 'three'].map((name) => join(folder, `${name}.jsonl`));

beforeAll(() => {
  for (const file of files) writeFileSync(file, '{"nobody":"knows"}\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('agents that were tried are named once for all files', async () => {
  const { out } = await runCli(['load', ...files, '--warehouse', join(folder, 'w.duckdb')]);
  for (const file of files) expect(out).toContain(`- ${file}\n`);
  expect(out.match(/Codex CLI, /g)).toHaveLength(1);
  for (const line of out.split('\n').filter((text) => !text.includes(folder)))
    expect(line.length).toBeLessThanOrEqual(100);
}, 60_000);
