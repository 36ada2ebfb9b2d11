/** Full disks: which folder is full, what to do, and that nothing is called a bug. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../adapters/load.ts';
import { EXAMPLE, runCli } from '../cli/run-cli.ts';

const small = temporaryFolder();
const isMounted =
  process.getuid?.() === 0 &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]).status === 0;
const reason = isMounted ? '' : ' (only root makes a disk to fill)';

describe.skipIf(!isMounted)(`a full disk${reason}`, () => {
  const roomy = temporaryFolder();
  const warehouse = join(roomy, 'w.duckdb');
  const tight = { TMPDIR: small };

  beforeAll(async () => {
    expect((await runCli(['load', '-d', EXAMPLE, '--warehouse', warehouse])).code).toBe(0);
  });

  afterAll(() => spawnSync('umount', [small]));

  const saysTemporary = ({ code, err }: { readonly code: number | null; readonly err: string }): void => {
    expect([code, err]).toEqual([1, expect.stringContaining(`where: ${small}\n`)]);
    expect(err).toMatch(/^error: There is no space left for temporary files/);
    expect(err).toContain('TMPDIR=DIR');
    expect(err).not.toContain('--warehouse');
  };

  test('of temporary files, where the warehouse is one', async () => {
    saysTemporary(await runCli(['daily', '-d', EXAMPLE], { env: tight }));
  });

  test('of temporary files, while logs are read for a warehouse that has room', async () => {
    const fresh = join(roomy, 'fresh.duckdb');
    saysTemporary(await runCli(['load', '-d', EXAMPLE, '--warehouse', fresh], { env: tight }));
  });

  test('of temporary files, while SQL is answered', async () => {
    const wide =
      'select range, md5(cast(range as varchar)) as m from range(3000000) order by m limit 1 offset 2900000';
    for (const words of [
      ['query', wide, '--memory', '64'],
      ['query', 'select repeat(md5(cast(range as varchar)), 9) as x from range(9999)', '-f', 'parquet'],
    ])
      saysTemporary(await runCli([...words, '--no-refresh', '--warehouse', warehouse], { env: tight }));
  });

  test('of the warehouse', async () => {
    const file = join(small, 'w.duckdb');
    const { code, err } = await runCli(['load', '-d', EXAMPLE, '--warehouse', file]);
    expect([code, err]).toEqual([1, expect.stringContaining(`where: ${file}\n`)]);
    expect(err).toContain('put the warehouse elsewhere with --warehouse FILE');
  });

  test('of what is written', async () => {
    mkdirSync(join(small, 'lake'));
    for (const words of [
      ['export', join(small, 'star')],
      ['publish', join(small, 'lake')],
      ['query', 'select * from events', '-o', join(small, 'e.parquet')],
      ['sessions', '-o', join(small, 's.parquet')],
    ]) {
      const { code, err } = await runCli([...words, '--no-refresh', '--warehouse', warehouse]);
      expect([code, err]).toEqual([1, expect.stringMatching(/^error: There is no space left on the disk/)]);
      expect(err).toContain(`where: ${small}`);
      expect(err).not.toContain('--warehouse');
    }
  });
});
