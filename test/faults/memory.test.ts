/** A portion of logs that needs more memory than a load is given gets more, and comes out as it would have. */
import { expect, test } from 'vitest';
import {
  differences,
  dump,
  FIXTURE_HOME,
  load,
  newWarehouse,
  onlyValue,
  withHome,
} from '../adapters/load.ts';

test('work that lacks memory is done again with more', async () => {
  const connection = await newWarehouse();
  try {
    await connection.execute(`set temp_directory = ''; set memory_limit = '4MB'`);
    await load(connection, FIXTURE_HOME);
    // It was raised: 4 MB did not do.
    expect(await onlyValue(connection, `select current_setting('memory_limit')`)).not.toMatch(/^[34]\./);
    expect(differences(await withHome(FIXTURE_HOME, dump), await dump(connection))).toEqual([]);
  } finally {
    connection.close();
  }
});
