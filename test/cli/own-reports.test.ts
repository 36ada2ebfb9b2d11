import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWarehouse, type Ran, runCli, withFolder } from './run-cli.ts';

test("the user's own .sql files are reports, and their errors name the file", async () => {
  const warehouse = await makeWarehouse();
  await withFolder(async (folder) => {
    const reports = join(folder, 'agenttrace', 'reports');
    mkdirSync(reports, { recursive: true });
    const report = (name: string, ...more: readonly string[]): Promise<Ran> =>
      runCli(['report', name, '--warehouse', warehouse.file, '--no-refresh', ...more], {
        env: { XDG_CONFIG_HOME: folder },
      });
    writeFileSync(
      join(reports, 'dear.sql'),
      '-- Sessions above an amount.\n-- @title Dear sessions\n-- @param least decimal(18,9) 1 Least cost.\n-- @column session_id Which\nselect session_id from sessions where cost_usd >= $least order by 1',
    );
    writeFileSync(join(reports, 'wrong.sql'), 'select nothing from sessions');
    writeFileSync(join(reports, 'bad.sql'), '-- Title.\n-- @nonsense x\nselect 1');

    const all = await report('dear', '-f', 'json');
    const fewer = await report('dear', '-f', 'json', '--param', 'least=5');
    expect(JSON.parse(all.out).length).toBeGreaterThan(JSON.parse(fewer.out).length);
    expect((await report('dear')).out).toMatch(/^Dear sessions\nWhich\n/);

    const noNumber = await report('dear', '--param', 'least=much');
    expect([noNumber.code, noNumber.out]).toEqual([64, '']);
    expect(noNumber.err).toContain('least (decimal(18,9))');
    expect((await report('dear', '--agent', 'codex')).err).toContain('cannot be narrowed by --agent');
    expect((await report('dear', '--param', 'leest=1')).code).toBe(64);

    const wrong = await report('wrong');
    expect(wrong.code).toBe(65);
    expect(wrong.err).toContain(`where: ${join(reports, 'wrong.sql')}`);
    const bad = await report('bad');
    expect(bad.code).toBe(65);
    expect(bad.err).toContain('bad.sql:2');
  }).finally(warehouse.remove);
});
