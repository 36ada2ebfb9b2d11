/** Folders above an agent's own that are called as one of its own: whose a log is, its own folders tell. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { copySample, ROOT, rowsOf, temporaryFolder, withHome } from './load.ts';

const sessionsOf = (home: string) =>
  withHome(home, (connection) =>
    rowsOf(
      connection,
      `select session_id, kind, parent_session_id, entrypoint from v1.sessions order by session_id`,
    ),
  );

const CASES = [
  ['kimi-cli', 'subagents', 'dev/subagents/clones'],
  ['kimi-code', 'subagent', 'dev/agents/clones'],
  ['opencode', 'tree', 'kilo/project'],
  ['cursor', 'transcripts', 'agent-transcripts/dev/subagents/clones'],
] as const;

test.each(CASES)('%s: %s is the same below %s', async (agent, name, above) => {
  const [plain, below] = [temporaryFolder(), join(temporaryFolder(), above)];
  for (const home of [plain, below])
    copySample(join(ROOT, 'adapters', agent, 'samples', name, 'input'), home);
  expect(await sessionsOf(below)).toEqual(await sessionsOf(plain));
});

test('claude-code: a transcript that names no session is called after its file, a subagent’s after its parent', async () => {
  const home = join(temporaryFolder(), 'subagents', 'dev');
  const session = '11111111-0000-4000-8000-000000000001';
  const line = (uuid: string) =>
    `${JSON.stringify({
      type: 'user',
      uuid: `11111111-0000-4000-8000-0000000000${uuid}`,
      timestamp: '2026-06-01T08:00:00.000Z',
      message: { role: 'user', content: 'go' },
    })}\n`;
  const project = join(home, '.claude', 'projects', '-home-dev');
  for (const [name, uuid] of [
    ['22222222-0000-4000-8000-000000000002.jsonl', '02'],
    [`${session}/subagents/workflows/agent-a1.jsonl`, '03'],
  ] as const) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), line(uuid));
  }
  expect((await sessionsOf(home)).map(({ session_id }) => session_id)).toEqual([
    `claude-code:${session}:a1`,
    'claude-code:22222222-0000-4000-8000-000000000002',
  ]);
});
