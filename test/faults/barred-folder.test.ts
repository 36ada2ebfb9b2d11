/** A warehouse that may be written in a folder where no file may be made: as a file that is mounted into a container. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../adapters/load.ts';
import { EXAMPLE, runCli } from '../cli/run-cli.ts';

const isRoot = process.getuid?.() === 0;
const roomy = temporaryFolder();
const folder = temporaryFolder();
const file = join(folder, 'w.duckdb');
const mount = (...words: readonly string[]): boolean => spawnSync('mount', words).status === 0;
const hasMounts = isRoot && mount('-t', 'tmpfs', 'tmpfs', folder);
const reason = isRoot && !hasMounts ? ' (mount does not work here)' : '';

/** Root may make files anywhere but on a file system that is read-only. */
function bar(): void {
  if (hasMounts) {
    cpSync(file, join(roomy, 'w.duckdb'));
    mount('-o', 'remount,ro', folder);
    mount('--bind', join(roomy, 'w.duckdb'), file);
  } else chmodSync(folder, 0o500);
}

describe.skipIf(isRoot && !hasMounts)(`a warehouse in a folder that is barred${reason}`, () => {
  const logs = join(roomy, 'home');

  beforeAll(async () => {
    cpSync(EXAMPLE, logs, { recursive: true });
    expect((await runCli(['load', '-d', logs, '--warehouse', file])).code).toBe(0);
    bar();
  });

  afterAll(() => {
    if (hasMounts) for (const place of [file, folder]) spawnSync('umount', [place]);
    else chmodSync(folder, 0o700);
  });

  test('is told as it is, with a next step that works', async () => {
    const project = join(logs, '.claude', 'projects');
    const log = readdirSync(project, { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith('.jsonl'),
    );
    appendFileSync(join(project, log ?? ''), '{"type":"user"}\n');
    for (const words of [['load'], ['daily']]) {
      const { code, err } = await runCli([...words, '-d', logs, '--warehouse', file]);
      expect([code, err]).toEqual([1, expect.stringContaining(`where: ${folder}\n`)]);
      expect(err).toMatch(
        /^error: The warehouse was not written: no file may be made beside it, and writing it takes one\./,
      );
      expect(err).toContain('--no-refresh');
    }
    const { code, out } = await runCli(['daily', '--no-refresh', '--warehouse', file]);
    expect([code, out]).toEqual([0, expect.stringContaining('2026-11-13')]);
  });
});
