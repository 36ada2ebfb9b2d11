/** No real log here is Hermes', Kimi CLI's or Kimi Code's: what is kept under their names are exports of other formats. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hermes } from '../../adapters/hermes/adapter.ts';
import { kimiCli } from '../../adapters/kimi-cli/adapter.ts';
import { kimiCode } from '../../adapters/kimi-code/adapter.ts';
import { databaseTables } from '../../src/read/sqlite.ts';
import { CORPUS, filesBelow } from '../adapters/load.ts';
import { hasCorpus } from './real-logs.ts';

test.skipIf(!hasCorpus)('none of the real logs of other agents is taken for one of theirs', () => {
  const claimed = filesBelow(CORPUS).flatMap((path) => {
    const text = readFileSync(path).subarray(0, 65_536).toString('utf8');
    const head = { text, path, tables: () => databaseTables(path) };
    return [hermes, kimiCli, kimiCode]
      .filter(({ recognise }) => recognise(head) !== undefined)
      .map(({ id }) => `${path.slice(join(CORPUS).length + 1)} as ${id}`);
  });
  expect(claimed).toEqual([]);
});
