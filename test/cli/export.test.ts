/** The command `export`, run as a user would. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { starTables } from '../../src/export/star-tables.ts';
import { EXAMPLE, runCli, withFolder } from './run-cli.ts';

describe('export', () => {
  it('says what it wrote, for a program, and hashes names with the key', async () => {
    await withFolder(async (folder) => {
      writeFileSync(join(folder, 'team.key'), `${'0123456789abcdef'.repeat(4)}\n`);
      const words = [
        'export',
        'out',
        '--demo',
        '--pseudonyms',
        'team.key',
        '--project',
        'infra',
        '-f',
        'json',
      ];
      const { code, out, err } = await runCli(words, { cwd: folder });
      expect([code, err]).toEqual([0, '']);
      const said = JSON.parse(out) as {
        folder: string;
        summary: Record<string, number>;
        tables: readonly { name: string; row_count: number; file_count: number }[];
      };
      expect(said.folder).toBe(join(folder, 'out'));
      expect(said.tables.map(({ name }) => name)).toEqual(
        starTables()
          .filter(({ isOptional }) => !isOptional)
          .map(({ name }) => name),
      );
      const fileCount = said.tables.reduce((sum, table) => sum + table.file_count, 0);
      expect(said.summary).toMatchObject({
        written_count: fileCount + 2,
        unchanged_count: 0,
        removed_count: 0,
      });
      const manifest = readFileSync(join(folder, 'out', 'manifest.json'), 'utf8');
      expect(manifest).toMatch(/"project": "project-[0-9a-f]{16}"/);
      expect(manifest).not.toContain('infra');
    });
  });

  it('writes nothing where an agent keeps its logs', async () => {
    const folder = join(EXAMPLE, '.codex', 'out');
    const { code, err } = await runCli(['export', folder, '-d', EXAMPLE]);
    expect(err).toContain('an agent keeps its logs');
    expect([code, existsSync(folder)]).toEqual([64, false]);
  });

  it('wants a key that is there before it reads a log', async () => {
    await withFolder(async (folder) => {
      const { code, err } = await runCli(['export', 'out', '--demo', '--pseudonyms', 'none.key'], {
        cwd: folder,
      });
      expect(err).toContain('openssl rand -hex 32');
      expect([code, existsSync(join(folder, 'out'))]).toEqual([66, false]);
    });
  });
});
