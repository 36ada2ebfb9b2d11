import { expect, test } from 'vitest';
import { starTables } from '../../src/export/star-tables.ts';
import { readPage } from './pages.ts';

const page = readPage('docs/export.md');

test.each(starTables().map((table) => [table.name, table] as const))(
  'docs/export.md has the table %s',
  (name, { kind, dayColumn }) => {
    const [, ...cells] = new RegExp(`^\\| \`${name}\` +\\|([^|]*)\\|([^|]*)\\|$`, 'm').exec(page) ?? [];
    expect(cells).toHaveLength(2);
    if (kind === 'fact') expect(cells[1]?.trim()).toBe(dayColumn === null ? 'no time' : `\`${dayColumn}\``);
  },
);

test('docs/export.md names no table that is not exported', () => {
  const named = [...page.matchAll(/^\| `([a-z_]+)` +\| (?:a|an) /gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(
    starTables()
      .map(({ name }) => name)
      .sort(),
  );
});
