/** A log read as it grew says what it says when it is read as a whole, however the lines that tell of all of it are spread. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import {
  differences,
  dump,
  load,
  newWarehouse,
  rowsOf,
  temporaryFolder,
  withHome,
  withoutSources,
} from './load.ts';

type Line = Readonly<Record<string, unknown>>;

const textOf = (lines: readonly Line[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** Loads a log after each of its lines, compares with a load of all of it, and hands the grown warehouse over. */
async function whileItGrows(
  path: string,
  lines: readonly Line[],
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  const home = temporaryFolder();
  const log = join(home, path);
  mkdirSync(dirname(log), { recursive: true });
  const grown = await newWarehouse();
  try {
    for (const index of lines.keys()) {
      writeFileSync(log, textOf(lines.slice(0, index + 1)));
      await load(grown, home);
    }
    await use(grown);
    const whole = await withHome(home, dump);
    expect(differences(withoutSources(await dump(grown)), withoutSources(whole))).toEqual([]);
  } finally {
    grown.close();
  }
}

const at = (second: number): string => new Date(Date.UTC(2026, 4, 2, 10, 0, second)).toISOString();

const THREAD = '019e0000-0000-7000-8000-000000000001';
const ROLLOUT = `.codex/sessions/2026/05/02/rollout-2026-05-02T10-00-00-${THREAD}.jsonl`;

const rollout = (second: number, type: string, payload: Line): Line => ({
  timestamp: at(second),
  type,
  payload,
});

const meta = (second: number, id: string, more: Line = {}): Line =>
  rollout(second, 'session_meta', {
    id,
    cwd: '/home/dev/app',
    cli_version: '0.120.0',
    source: 'cli',
    ...more,
  });

const limits = (second: number, primary: number, secondary: number): Line =>
  rollout(second, 'event_msg', {
    type: 'token_count',
    info: null,
    rate_limits: {
      primary: { used_percent: primary, window_minutes: 300, resets_at: 1_777_720_000 },
      secondary: { used_percent: secondary, window_minutes: 10_080, resets_at: 1_778_000_000 },
    },
  });

test('Codex: a rate limit is kept where its figure changed, not where a load began', async () => {
  const lines = [
    meta(0, THREAD),
    limits(1, 2, 33.3),
    limits(2, 2, 33.3),
    limits(3, 3, 33.3),
    limits(4, 3, 34),
  ];
  await whileItGrows(ROLLOUT, lines, async (grown) => {
    expect(
      await rowsOf(
        grown,
        'select window_name, round(used_ratio, 3) as used_ratio, source_line from v1.rate_limits order by all',
      ),
    ).toEqual([
      { window_name: 'primary', used_ratio: 0.02, source_line: 2 },
      { window_name: 'primary', used_ratio: 0.03, source_line: 4 },
      { window_name: 'secondary', used_ratio: 0.333, source_line: 2 },
      { window_name: 'secondary', used_ratio: 0.34, source_line: 5 },
    ]);
  });
});
