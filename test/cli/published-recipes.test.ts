/** The commands that people have in scripts and instructions for the older tool, word for word. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyInto, FIXTURE_HOME, filesBelow, temporaryFolder } from '../adapters/load.ts';
import { runCli } from './run-cli.ts';

const home = join(temporaryFolder(), 'home');
copyInto(FIXTURE_HOME, home);
const work = join(temporaryFolder(), 'work');
mkdirSync(join(work, 'path', 'to'), { recursive: true });
const transcripts = filesBelow(join(home, '.claude')).filter((path) => path.endsWith('.jsonl'));
copyInto(transcripts[0] as string, join(work, 'path/to/session-or-export.json'));
for (const [index, path] of transcripts.slice(0, 3).entries())
  copyInto(path, join(work, 'path/to/session-dir', `${index}.jsonl`));

const run = (line: string) => runCli(line.split(' '), { env: { HOME: home }, cwd: work });

test.each([
  ['--doctor', /Claude Code/],
  ['--overview', /^Overview/],
  ['--latest', /^Session {2}/],
  ['path/to/session-or-export.json', /^Session {2}/],
  ['--overview -d path/to/session-dir', /^Overview/],
])('agenttrace %s', async (line, shown) => {
  const { code, out } = await run(line);
  expect([code, out]).toEqual([0, expect.stringMatching(shown)]);
});

test('agenttrace --latest -f json', async () => {
  const { code, out } = await run('--latest -f json');
  expect([code, JSON.parse(out).session.agent]).toEqual([0, 'claude-code']);
});

test.each([
  ['--overview -f markdown -o agenttrace-overview.md', /^# Overview\n/],
  ['--overview -f json -o agenttrace-overview.json', /^\{[\s\S]*"total_sessions"/],
])('agenttrace %s', async (line, written) => {
  const { code, out } = await run(line);
  expect([code, out]).toEqual([0, '']);
  const name = line.split(' ').at(-1) as string;
  expect(readdirSync(work)).toContain(name);
  expect(readFileSync(join(work, name), 'utf8')).toMatch(written);
});

test('agenttrace --overview --fail-under-health 80 --fail-on-critical --max-tool-fail-rate 15', async () => {
  const { code, out, err } = await run(
    '--overview --fail-under-health 80 --fail-on-critical --max-tool-fail-rate 15',
  );
  // The example's mean health holds; a critical session and too many failures do not, and both are told.
  expect([code, out]).toEqual([2, expect.stringMatching(/^Overview/)]);
  expect(err).toContain('claude-code:6a87a9dc');
  expect(err).toMatch(/17[.,]9/);
});
