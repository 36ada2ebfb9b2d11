/** What is on record of a view, and whether a change of it asks for a higher version. */
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { publicViews, viewsInOrder } from '../../src/catalog/contract.ts';
import { sqlFile, sqlFilesBelow } from '../../src/catalog/sql-files.ts';
import type { View } from '../../src/catalog/view.ts';
import { cellJson } from '../../src/render/json.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { FIXTURE_HOME, filesBelow, load, ROOT, temporaryFolder } from '../adapters/load.ts';
import { openAuditHouse } from '../audit/audit-house.ts';

/** Hashes: `columns` of names and types, `rows` of what the view says of the inputs, `sql` of the view and those that it reads. */
export interface ViewRecord {
  readonly version: number;
  readonly columns: string;
  readonly rows: string;
  readonly sql: string;
}

export interface Records {
  /** Hash of the logs, prices and stories that the rows come from. */
  readonly inputs: string;
  /** Hash of the rules that fill the tables below the views. */
  readonly rules: string;
  readonly views: Readonly<Record<string, ViewRecord>>;
}

/**
 * - `same`: nothing to do · `news`: to be recorded, the version tells of it or it is no change of meaning
 * - `raise`: the view says something else under the same version · `lowered`: its version went down
 * - `unclear`: logs and rules changed together, so that it cannot be told which of them the rows follow
 */
export type Judgement = 'same' | 'news' | 'raise' | 'lowered' | 'unclear';

export interface Changes {
  readonly now: ViewRecord;
  /** Whether the rows come from the same logs and prices. */
  readonly isSameInput: boolean;
  /** Whether the tables below are filled by the same rules. */
  readonly isSameRules: boolean;
}

/** Holds a view against its record. */
export function judgeView(
  before: ViewRecord | undefined,
  { now, isSameInput, isSameRules }: Changes,
): Judgement {
  if (before === undefined) return 'news';
  if (now.version < before.version) return 'lowered';
  const isSaying = now.columns === before.columns && now.rows === before.rows;
  if (now.version > before.version) return 'news';
  if (isSaying) return 'same';
  if (now.columns !== before.columns || isSameInput) return 'raise';
  return isSameRules && now.sql === before.sql ? 'news' : 'unclear';
}

/** The records as they are now. The fixture home lies elsewhere on every machine, and a clone gives its files other times. */
export async function takeRecords(): Promise<Records> {
  const home = temporaryFolder();
  cpSync(FIXTURE_HOME, home, { recursive: true });
  for (const file of filesBelow(home)) utimesSync(file, MODIFIED, MODIFIED);
  const houses = [await openLoaded(home), await openAuditHouse()];
  try {
    const views = await Promise.all(
      publicViews().map(async (view) => [view.name, await recordOf(view, { houses, home })] as const),
    );
    return { inputs: hash(inputTexts()), rules: hash(ruleTexts()), views: Object.fromEntries(views) };
  } finally {
    for (const house of houses) house.close();
  }
}

const MODIFIED = new Date('2026-11-14T00:00:00Z');

async function openLoaded(home: string): Promise<Connection> {
  const connection = await connect(':memory:', { threads: '1' });
  await load(connection, home);
  await connection.execute(`set TimeZone = 'UTC'`);
  return connection;
}

interface Places {
  readonly houses: readonly Connection[];
  readonly home: string;
}

async function recordOf(view: View, { houses, home }: Places): Promise<ViewRecord> {
  const [house] = houses;
  const described = await house?.query(`describe v1.${view.name}`);
  const columns = described?.rows.map(([name, type]) => `${name} ${type}`) ?? [];
  let rows: readonly string[] = [];
  for (const one of houses) {
    // The rows of `contract` are the headers and sums of the others; what finds nothing in the home does in the stories.
    if (view.name !== 'contract' && rows.length === 0) rows = await rowTexts(one, { view, home });
  }
  return { version: view.version, columns: hash(columns), rows: hash(rows), sql: hash(sqlOf(view)) };
}

/** Each row as text, sorted; what depends on the folder of the home or on the hour of the load is left out. */
async function rowTexts(
  house: Connection,
  { view, home }: { readonly view: View; readonly home: string },
): Promise<readonly string[]> {
  const { columns, rows } = await house.query(`select * from v1.${view.name}`);
  const sources = await house.query('select source_id, path from v1.sources');
  const places = new Map(sources.rows.map(([id, path]) => [String(id), String(path).replace(home, '~')]));
  return rows
    .map((row) =>
      row
        .map((cell, index) => {
          if (OF_THE_LOAD.has(columns[index]?.name ?? '')) return '';
          const text = typeof cell === 'string' ? cell : cellJson(cell);
          return text.replaceAll(home, '~').replace(/[0-9a-f]{16}/g, (id) => places.get(id) ?? id);
        })
        .join('\t'),
    )
    .sort();
}

/** What tells of the program and the hour of the load, not of the logs. */
const OF_THE_LOAD = new Set(['first_loaded_at', 'last_loaded_at', 'adapter_version']);

/** The view and those that it reads. */
function sqlOf(view: View): readonly string[] {
  const byName = new Map(viewsInOrder().map((one) => [`${one.schema}.${one.name}`, one]));
  const reached = new Set<string>();
  const reach = (name: string): void => {
    const one = byName.get(name);
    if (one === undefined || reached.has(name)) return;
    reached.add(name);
    for (const dependency of one.dependencies) reach(dependency);
  };
  reach(`v1.${view.name}`);
  return [...reached].sort().map((name) => byName.get(name)?.sql ?? '');
}

const ruleTexts = (): readonly string[] =>
  [
    ...['sql/marts', 'sql/stored', 'sql/macros', 'sql/load'].flatMap(sqlFilesBelow),
    ...sqlFilesBelow('adapters').filter((path) => path.endsWith('/normalize.sql')),
  ].map(sqlFile);

function inputTexts(): readonly string[] {
  const logs = filesBelow(FIXTURE_HOME);
  const stories = ['audit-house.ts', 'story.ts'].map((name) => join(ROOT, 'test', 'audit', name));
  return [
    ...[...logs, ...stories].map((path) => readFileSync(path, 'utf8')),
    sqlFile('sql/seeds/model_prices.csv'),
  ];
}

const hash = (texts: readonly string[]): string =>
  createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
