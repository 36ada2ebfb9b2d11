import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { shippedGates, shippedReports, storedViews, viewsInOrder } from '../../src/catalog/contract.ts';
import { sqlFilesBelow } from '../../src/catalog/sql-files.ts';
import { stripLiterals } from '../../src/catalog/sql-names.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Schemas that each kind of file may read: raw ← mart ← internal ← v1 ← reports. What is stored is a mart. */
const READS: Readonly<Record<string, readonly string[]>> = {
  mart: ['raw', 'mart'],
  internal: ['raw', 'mart', 'internal'],
  v1: ['raw', 'mart', 'internal', 'v1'],
};

const schemaOf = (name: string): string => name.split('.')[0] ?? '';
const files = [...viewsInOrder(), ...storedViews()].filter(({ name }) => name !== 'contract');

describe('SQL', () => {
  it.each(files.map((view) => [view.path, view] as const))('%s reads only what lies below it', (_, view) => {
    const allowed = READS[view.schema] ?? [];
    expect(view.dependencies.filter((name) => !allowed.includes(schemaOf(name)))).toEqual([]);
  });

  it.each([...shippedReports(), ...shippedGates()].map((report) => [report.path, report] as const))(
    '%s reads only v1',
    (_, report) => {
      expect(report.dependencies.filter((name) => schemaOf(name) !== 'v1')).toEqual([]);
      expect(report.dependencies.length).toBeGreaterThan(0);
    },
  );

  it.each([...files, ...shippedReports(), ...shippedGates()].map(({ path, sql }) => [path, sql] as const))(
    '%s is one bare SELECT in house style',
    (_, sql) => {
      const code = stripLiterals(sql);
      expect(code).not.toContain(';');
      expect(code).toMatch(/^(with|select)\b/);
      expect(outermost(code)).not.toMatch(/\bselect\s+(\w+\.)?\*/);
      expect(code).toBe(
        code.replace(/\b(SELECT|FROM|WHERE|JOIN|GROUP BY|ORDER BY|AS)\b/g, (word) => word.toLowerCase()),
      );
      expect(sql.split('\n').filter((line) => line.includes('\t') || /\s$/.test(line))).toEqual([]);
    },
  );

  it.each(files.map(({ path, sql }) => [path, sql] as const))('%s does not order its rows', (_, sql) => {
    expect(outermost(stripLiterals(sql))).not.toMatch(/\border by\b/);
  });

  it('lies in files that are views, stored or not, reports, gates, a lake’s, an export’s, marts, macros, steps of a load or seeds', () => {
    const known =
      /^sql\/(v1\/[a-z]+\/[a-z_0-9]+|(internal|stored)\/[a-z_0-9]+|(reports|gates|fleet)\/[a-z-]+|lake\/(cells\/)?[a-z_]+|team\/(v1|internal|mart)\/[a-z_]+|export\/((additions|dimensions|internal|mart|raw)\/)?[a-z_]+|marts\/[a-z_0-9]+|macros\/[a-z_]+|load\/[a-z_]+)\.sql$|^sql\/seeds\//;
    expect(sqlFilesBelow('sql').filter((path) => !known.test(path))).toEqual([]);
  });
});

describe('agents', () => {
  it('are named in their adapters alone', () => {
    const agents = readdirSync(join(ROOT, 'adapters'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(agents.length).toBeGreaterThan(0);
    const names = new RegExp(`['"\`](${agents.join('|')})['"\`:]`);
    // Sellers of models, some of which share their name with an agent.
    const sellers = join(ROOT, 'src/prices/name-forms.ts');
    const strays = ['src', 'sql', 'migrations'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(ts|sql)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => path !== sellers)
        .filter((path) => names.test(readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''))),
    );
    expect(strays.map((path) => path.slice(ROOT.length))).toEqual([]);
  });
});

/** A statement without what stands in parentheses: CTEs, subqueries, window clauses. */
function outermost(sql: string): string {
  let depth = 0;
  let text = '';
  for (const character of sql) {
    if (character === '(') depth += 1;
    if (depth === 0) text += character;
    if (character === ')') depth -= 1;
  }
  return text;
}
