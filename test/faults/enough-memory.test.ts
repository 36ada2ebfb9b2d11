/** Work that lacks memory is done once more with more of it, and keeps it when memory is given back on the way. */
import { expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import { withEnoughMemory } from '../../src/warehouse/enough-memory.ts';
import { onlyValue } from '../adapters/load.ts';

const LIMIT = "select current_setting('memory_limit')";

test('a step that does not fit into the memory of the first attempt fits into that of the second', async () => {
  const connection = await connect(':memory:', { memory_limit: '50MB', temp_directory: '', threads: '1' });
  const limits: unknown[] = [];
  try {
    await withEnoughMemory(connection, async () => {
      limits.push(await onlyValue(connection, LIMIT));
      await connection.releaseMemory();
      await connection.execute(
        'create or replace table big as select repeat(md5(n::varchar), 20) as text from range(150000) as t (n)',
      );
      await connection.releaseMemory();
      limits.push(await onlyValue(connection, LIMIT));
    });
    expect(limits).toEqual(['47.6 MiB', '1.8 GiB', '1.8 GiB']);
    expect(await onlyValue(connection, 'select count(*) from big')).toBe(150_000);
  } finally {
    connection.close();
  }
});
