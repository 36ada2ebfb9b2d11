/** A state database of hundreds of megabytes is streamed: memory stays flat, and what is not asked for is not read. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { ROOT, temporaryFolder } from './load.ts';

const MEGABYTE = 1 << 20;

function writeBigState(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  database.exec('pragma journal_mode = off; pragma synchronous = off');
  database.exec(`create table ItemTable (key text unique on conflict replace, value blob);
    create table cursorDiskKV (key text unique on conflict replace, value blob); begin`);
  const put = database.prepare('insert into cursorDiskKV values (?, ?)');
  const words = 'so it goes on and on, a line like many others before it; '.repeat(500);
  for (let composer = 0; composer < 100; composer += 1) {
    const bubbleIds = Array.from({ length: 100 }, (_, index) => `m-${index}`);
    for (const [index, bubbleId] of bubbleIds.entries())
      put.run(
        `bubbleId:c-${composer}:${bubbleId}`,
        JSON.stringify({
          bubbleId,
          type: index % 2 === 0 ? 1 : 2,
          // One in a hundred is long.
          text: index === 50 ? words.repeat(30) : words,
          createdAt: 1780300800000 + composer * 1_000_000 + index * 1000,
          tokenCount: { inputTokens: index % 2, outputTokens: index % 2 },
        }),
      );
    put.run(
      `composerData:c-${composer}`,
      JSON.stringify({
        composerId: `c-${composer}`,
        createdAt: 1780300800000,
        originalFileStates: { a: words.repeat(10) },
        fullConversationHeadersOnly: bubbleIds.map((bubbleId) => ({ bubbleId })),
      }),
    );
    put.run(`agentKv:blob:${composer}`, words.repeat(5));
  }
  database.exec('commit');
  database.close();
}

test('a big database is read in little memory', { timeout: 240_000 }, () => {
  const home = temporaryFolder();
  const path = join(home, '.config/Cursor/User/globalStorage/state.vscdb');
  writeBigState(path);
  expect(statSync(path).size).toBeGreaterThan(300 * MEGABYTE);
  const told =
    "process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'))";
  const run = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(told)}`,
      join(ROOT, 'dist', 'agenttrace.cjs'),
      'query',
      'select count(*) as sessions, sum(turn_count)::bigint as turns, sum(output_tokens)::bigint as output from sessions',
      '--format',
      'csv',
    ],
    {
      env: { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'data'), XDG_CONFIG_HOME: '' },
      encoding: 'utf8',
    },
  );
  expect(run.stdout.trim().split('\n').at(-1), run.stderr).toBe('100,5000,5000');
  const peakKilobytes = Number(/peak (\d+)/.exec(run.stderr)?.[1]);
  expect(peakKilobytes).toBeGreaterThan(0);
  expect(peakKilobytes / 1024).toBeLessThan(400);
});
