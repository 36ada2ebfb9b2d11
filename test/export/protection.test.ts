/** What may leave the warehouse, column by column. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicViews } from '../../src/catalog/contract.ts';
import { chooseSessions } from '../../src/export/choose-sessions.ts';
import { COLUMN_POLICIES, columnPolicy } from '../../src/export/column-policy.ts';
import { type Disclosure, isText, protectColumns, selectList } from '../../src/export/protected-columns.ts';
import { definePseudonyms, keyName, pseudonymOf, readPseudonymKey } from '../../src/export/pseudonyms.ts';
import { starTables } from '../../src/export/star-tables.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { openAuditHouse } from '../audit/audit-house.ts';
import { rowsOf as anyRowsOf, scalarOf } from '../views/warehouse.ts';
import { NO_FILTER } from './star-house.ts';

const KEY = Buffer.from('a key of a team, not a secret here');
const PLAIN: Disclosure = { hasContent: false, hasPseudonyms: false };
const CONTENT: Disclosure = { hasContent: true, hasPseudonyms: false };
const HASHED: Disclosure = { hasContent: false, hasPseudonyms: true };
const HASHED_CONTENT: Disclosure = { hasContent: true, hasPseudonyms: true };

const rowsOf = async (house: Connection, sql: string): Promise<readonly Record<string, unknown>[]> =>
  (await anyRowsOf(house, sql)) as readonly Record<string, unknown>[];

let connection: Connection;
let textColumns: readonly (readonly [view: string, column: string])[];
beforeAll(async () => {
  connection = await openAuditHouse();
  await definePseudonyms(connection, KEY);
  await chooseSessions(connection, NO_FILTER);
  const exported = starTables().map(({ name, sql }) => [name, `(${sql})`] as const);
  const views = publicViews().map(({ name }) => [name, `v1.${name}`] as const);
  textColumns = (
    await Promise.all(
      [...views, ...exported].map(async ([name, relation]) =>
        (
          await rowsOf(connection, `select column_name as c, column_type as t from (describe ${relation})`)
        )
          .filter(({ t }) => isText(String(t)))
          .map(({ c }) => [name, String(c)] as const),
      ),
    )
  ).flat();
});
afterAll(() => connection.close());

const shownBy = async (view: string, disclosure: Disclosure): Promise<Record<string, string | null>> =>
  Object.fromEntries(
    (await protectColumns(connection, { view, disclosure })).map(({ name, sql }) => [name, sql]),
  );

describe('the policy', () => {
  it('decides every text column of every public view and exported table, and no other', () => {
    const undecided = textColumns.filter(([view, column]) => columnPolicy(view, column) === undefined);
    expect(undecided).toEqual([]);
    const used = new Set(textColumns.flatMap(([view, column]) => [column, `${view}.${column}`]));
    expect(Object.keys(COLUMN_POLICIES).filter((name) => !used.has(name))).toEqual([]);
  });

  it('does not let a sentence of one view stand for that of another', () => {
    const sentences = textColumns.filter(([, column]) => column === 'evidence');
    expect(sentences.length).toBeGreaterThan(2);
    expect(COLUMN_POLICIES.evidence).toBeUndefined();
  });

  it('gives a name of a person, machine, project, path or branch a pseudonym', () => {
    for (const name of [
      'host',
      'user_name',
      'project',
      'cwd',
      'path',
      'git_branch',
      'git_remote',
      'file_path',
    ])
      expect(COLUMN_POLICIES[name]?.pseudonym).toBeDefined();
  });
});

describe('a protected view', () => {
  it('leaves content out unless it is asked for', async () => {
    const left = await shownBy('tool_calls', PLAIN);
    for (const name of ['command', 'error_text', 'file_path', 'program']) expect(left[name]).toBeNull();
    expect(left.tool_name).toBe('"tool_name"');
    const asked = await shownBy('tool_calls', CONTENT);
    expect(Object.values(asked)).not.toContain(null);
  });

  it('has a value wherever the view has one', async () => {
    for (const { name } of publicViews()) {
      const columns = [...new Set(textColumns.filter(([view]) => view === name).map(([, column]) => column))];
      const isFree = (column: string): boolean => {
        const policy = columnPolicy(name, column);
        return policy?.treatment === 'open' && policy.pseudonym === undefined;
      };
      if (columns.every(isFree)) continue;
      await connection.execute(`create or replace temp table answer as from v1.${name}`);
      for (const disclosure of [PLAIN, CONTENT, HASHED, HASHED_CONTENT]) {
        const kept = (await protectColumns(connection, { view: name, disclosure })).filter(
          ({ sql }) => sql !== null,
        );
        const { rows } = await connection.query(
          `select ${kept.map(({ name: column }) => `count(p."${column}") = count(a."${column}")`).join(', ')}
           from (select ${selectList(kept)} from answer) as p positional join answer as a`,
        );
        expect(
          rows[0]?.every((equal) => equal === true),
          name,
        ).toBe(true);
      }
    }
  });

  it('cuts quotations out of findings, wherever findings stand', async () => {
    const rows = await rowsOf(connection, 'select evidence from v1.anomalies');
    expect(rows.some(({ evidence }) => /`[^`…]+`/.test(String(evidence)))).toBe(true);
    for (const view of ['anomalies', 'session_health'])
      for (const disclosure of [PLAIN, HASHED, HASHED_CONTENT]) {
        const columns = selectList(await protectColumns(connection, { view, disclosure }));
        const texts = await rowsOf(
          connection,
          `select to_json(t) as j from (select ${columns} from v1.${view}) as t`,
        );
        expect(texts.some(({ j }) => String(j).includes('`…`'))).toBe(true);
        expect(texts.filter(({ j }) => /`[^`…]+`/.test(String(j)))).toEqual([]);
      }
  });

  it('keeps quoted text in when it holds back-ticks or lines itself', async () => {
    const sql = (await shownBy('anomalies', PLAIN)).evidence;
    expect(
      await scalarOf(connection, `select ${sql} from (select 'x \`a\`b' || chr(10) || 'c\` y' as evidence)`),
    ).toBe('x `…` y');
  });

  it('replaces the path in the id of a file change, which stays unique', async () => {
    const sql = (await shownBy('file_changes', PLAIN)).file_change_id;
    const rows = await rowsOf(
      connection,
      `select ${sql} as id from (values ('s:7:0:/home/ann/b:c.ts'), ('s:7:0:/home/ann/a.ts'), ('s:8:0:x')) as t(file_change_id) order by id`,
    );
    expect(rows.map(({ id }) => id)).toEqual(['s:7:0:1', 's:7:0:2', 's:8:0:1']);
  });

  it('keeps nothing that a name could be guessed from under pseudonyms', async () => {
    const columns = selectList(await protectColumns(connection, { view: 'sources', disclosure: HASHED }));
    const plain = await rowsOf(connection, 'select source_id, host, user_name, path from v1.sources');
    const hashed = JSON.stringify(await rowsOf(connection, `select ${columns} from v1.sources`));
    for (const row of plain)
      for (const value of Object.values(row)) expect(hashed).not.toContain(`"${String(value)}"`);
  });
});

describe('a pseudonym', () => {
  it('is the same in SQL as HMAC of the platform, for any text and key', async () => {
    const values = ['', 'ann', '/home/ann/Ünïcode 日本 🙂', `'"\\`, 'a\nb', 'x'.repeat(10_000)];
    for (const key of [
      KEY,
      Buffer.alloc(64, 7),
      Buffer.alloc(65, 9),
      Buffer.from([0, 255, 10, 128, 92, 39, 1, 2]),
    ]) {
      await definePseudonyms(connection, key);
      for (const kind of ['path', 'host'] as const)
        for (const value of values) {
          const { rows } = await connection.query(`select pseudonym('${kind}', $value)`, { value });
          expect(rows[0]?.[0]).toBe(pseudonymOf(key, { kind, value }));
        }
    }
    await definePseudonyms(connection, KEY);
  });

  it('says its kind, tells kinds and keys apart, and keeps NULL', async () => {
    const value = 'shop';
    const one = pseudonymOf(KEY, { kind: 'project', value });
    expect(one).toMatch(/^project-[0-9a-f]{16}$/);
    expect(pseudonymOf(KEY, { kind: 'branch', value }).slice(-16)).not.toBe(one.slice(-16));
    expect(pseudonymOf(Buffer.from('another key of a team'), { kind: 'project', value })).not.toBe(one);
    expect(await scalarOf(connection, `select pseudonym('project', null) is null`)).toBe(true);
  });

  it('has a key with a name that gives nothing away', () => {
    expect(keyName(KEY)).toMatch(/^[0-9a-f]{16}$/);
    expect(keyName(KEY)).not.toBe(keyName(Buffer.from('another key of a team')));
  });
});

describe('a key file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agenttrace-key-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const written = (bytes: string | Buffer): string => {
    const file = join(folder, 'key');
    writeFileSync(file, bytes);
    return file;
  };

  it('is read without the line end that an editor leaves', () => {
    expect(readPseudonymKey(written('0123456789abcdef\r\n'))).toEqual(Buffer.from('0123456789abcdef'));
    const binary = Buffer.from([...Array(31).fill(255), 1]);
    expect(readPseudonymKey(written(binary))).toEqual(binary);
  });

  it.each([
    ['is too short', () => written('short\n'), 'bad_input'],
    ['is much too long', () => written('x'.repeat(5000)), 'bad_input'],
    ['is a folder', () => folder, 'no_input'],
    ['is not there', () => join(folder, 'none'), 'no_input'],
  ])('that %s is refused', (_, make, code) => {
    const file = make();
    expect(() => readPseudonymKey(file)).toThrow(expect.objectContaining({ code, source: file }));
  });
});
