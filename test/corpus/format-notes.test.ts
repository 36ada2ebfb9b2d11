/** The examples of the format notes give the totals that the notes state; skipped where the notes are not at hand. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { CORPUS, filesBelow, ROOT, rowsOf, temporaryFolder, withLoads } from '../adapters/load.ts';

const NOTES = join(CORPUS, '..', 'formats');

interface Example {
  readonly name: string;
  readonly agent: string;
  readonly text: string;
  /** Of a class, where the note states it. */
  readonly stated: Readonly<Record<string, number>>;
}

const CLASSES = { input: 'uncached_input_tokens', cache_read: 'cache_read_tokens', output: 'output_tokens' };

/** Fenced blocks, each with the figures of the line `Expected …` that follows it. */
function examplesOf(note: string): readonly Example[] {
  const blocks = readFileSync(join(NOTES, note), 'utf8').matchAll(
    /```[a-z]*\n([\s\S]*?)```\s*\n(Expected[^\n]*)/g,
  );
  return [...blocks].map(([, text = '', expected = ''], index) => ({
    name: `${note} ${index + 1}`,
    agent: note.replace('.md', ''),
    text,
    stated: Object.fromEntries(
      Object.keys(CLASSES).flatMap((name) => {
        const figure = new RegExp(`[;:,] ${name} (\\d+)`).exec(expected)?.[1];
        return figure === undefined ? [] : [[name, Number(figure)]];
      }),
    ),
  }));
}

/** The example as a file with a name that says nothing: a database where it is SQL. */
function fileOf({ text, agent }: Example): string {
  const path = join(temporaryFolder(), 'example');
  if (!/^(?:create|insert) /i.test(text)) writeFileSync(path, text);
  else {
    const database = new Database(path);
    if (!/create table/i.test(text)) makeTables(database, agent);
    database.exec(text);
    database.close();
  }
  return path;
}

/** The tables of an agent's database, empty, for an example that has rows alone. */
function makeTables(database: Database.Database, agent: string): void {
  const script = filesBelow(join(ROOT, 'adapters', agent, 'samples', 'minimal')).find((path) =>
    path.endsWith('.sql'),
  );
  database.exec(readFileSync(script ?? '', 'utf8'));
  for (const [name] of database
    .prepare("select name from sqlite_schema where type = 'table'")
    .raw()
    .all() as string[][])
    database.exec(`delete from "${name}"`);
}

const examples = existsSync(NOTES)
  ? readdirSync(NOTES)
      .flatMap(examplesOf)
      .filter(({ stated }) => Object.keys(stated).length > 0)
  : [];

describe.skipIf(examples.length === 0)('examples of the format notes', () => {
  for (const example of examples) {
    const { name, stated } = example;
    test(name, async () => {
      const path = fileOf(example);
      const sums = Object.keys(stated).map(
        (key) => `sum(${CLASSES[key as keyof typeof CLASSES]})::bigint as ${key}`,
      );
      const [told] = await withLoads(temporaryFolder(), [[path]], (connection) =>
        rowsOf(connection, `select ${sums.join(', ')} from v1.llm_calls`),
      );
      expect(told).toEqual(stated);
    });
  }
});
