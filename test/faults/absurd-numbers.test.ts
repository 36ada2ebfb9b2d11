/** Each number of every sample's records beyond what it can be: a record may lose the figure, and nothing else is lost. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import {
  AGENT_FOLDERS,
  copySample,
  filesBelow,
  ROOT,
  rowsOf,
  temporaryFolder,
  viewNames,
  withHome,
} from '../adapters/load.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Beyond an INTEGER; as seconds, beyond any time; a thousand times as many, beyond a BIGINT. */
const ABSURD = [10_000_000_000_000, 4_611_686_018_427_388_000];

/** The record once for each of its numbers and each absurd one in its place. */
function* absurd(record: Json, at: Json = record): Generator<string> {
  if (at === null || typeof at !== 'object') return;
  const parent = at as Record<string, Json>;
  for (const [key, value] of Object.entries(parent)) {
    if (typeof value === 'number')
      for (const number of ABSURD) {
        parent[key] = number;
        yield JSON.stringify(record);
      }
    parent[key] = value;
    yield* absurd(record, value);
  }
}

/** A document with every number but times absurd: once for each would be a file for each. */
const allAbsurd = (text: string): string =>
  JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value === 'number' && value < 1e9 ? ABSURD[1] : value,
  );

const parsed = (line: string): Json => {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return null;
  }
};

test.each(adapters.map(({ id }) => id))('%s', { timeout: 120_000 }, async (id) => {
  const samples = join(ROOT, 'adapters', id, 'samples');
  const home = temporaryFolder();
  const folder = AGENT_FOLDERS[id as keyof typeof AGENT_FOLDERS] ?? '';
  for (const sample of readdirSync(samples)) copySample(join(samples, sample, 'input'), join(home, folder));
  for (const path of filesBelow(home).filter((file) => file.endsWith('.jsonl'))) {
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, lines.flatMap((line) => [line, ...absurd(parsed(line))]).join('\n'));
  }
  for (const path of filesBelow(home).filter((file) => file.endsWith('.json'))) {
    const text = readFileSync(path, 'utf8');
    if (parsed(text) !== null) writeFileSync(path, allAbsurd(text));
  }
  await withHome(home, async (connection) => {
    for (const view of await viewNames(connection)) await rowsOf(connection, `select * from v1."${view}"`);
    expect(
      await rowsOf(connection, 'select last_error from v1.sources where last_error is not null'),
    ).toEqual([]);
  });
});
