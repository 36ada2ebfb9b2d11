/** A warehouse whose texts were masked by older rules is masked again, without its logs, and nothing of it stays in the file. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openUpToDate } from '../../src/ingest/open-up-to-date.ts';
import { planRefresh } from '../../src/ingest/refresh.ts';
import { connect } from '../../src/warehouse/connection.ts';
import { copySample, load, onlyValue, ROOT, temporaryFolder } from '../adapters/load.ts';
import { PLANTED } from './planted.ts';

test('texts, marts and bytes', async () => {
  const home = temporaryFolder();
  copySample(join(ROOT, 'adapters/claude-code/samples/minimal/input'), join(home, '.claude'));
  const file = join(temporaryFolder(), 'w.duckdb');
  const { secret, text } = PLANTED.find(({ kind }) => kind === 'token option') as (typeof PLANTED)[number];
  const key = PLANTED.find(({ kind }) => kind === 'github')?.secret as string;
  const old = await connect(file);
  await load(old, home);
  // As rules that did not know them would have stored them.
  await old.execute(`update raw.tool_commands set command = $text`, { text });
  await old.execute(`update raw.tool_uses set file_path = $path`, { path: `/home/dev/${key}.env` });
  await old.execute(`update raw.usage set model_raw = $model`, { model: `gpt-${key}` });
  await old.execute(`update raw.model_names set model_raw = $model, model = $model`, { model: `gpt-${key}` });
  await old.execute(`
    update mart.tool_calls set file_path = (select any_value(file_path) from raw.tool_uses);
    delete from raw.properties where name in ('masking_sha256', 'marts_sha256');
    checkpoint;`);
  old.close();
  mkdirSync(`${file}.answers`);
  writeFileSync(join(`${file}.answers`, 'kept'), text);
  const holds = (what: string): boolean => readFileSync(file).includes(what);
  // Columns may be compressed: a short text stands in the file as it is.
  expect([secret, key].some(holds)).toBe(true);
  rmSync(join(home, '.claude'), { recursive: true });

  const rest = { home, env: {}, now: new Date('2026-11-30T12:00:00Z'), host: 'h', userName: null };
  const { connection } = await openUpToDate({ ...rest, file, waitMs: 1000 });
  try {
    expect(await onlyValue(connection, 'select command from v1.tool_calls')).toBe(
      'deploy --token=[masked] now',
    );
    expect(await onlyValue(connection, 'select file_path from v1.tool_calls')).toBe('/home/dev/[masked].env');
    expect(await onlyValue(connection, 'select distinct model_raw from raw.usage')).toBe('gpt-[masked]');
    expect(await onlyValue(connection, 'select distinct model_raw from raw.model_names')).toBe(
      'gpt-[masked]',
    );
    expect((await planRefresh({ ...rest, connection })).hasWork).toBe(false);
  } finally {
    connection.close();
  }
  expect([secret, key].filter(holds)).toEqual([]);
  expect(() => readFileSync(join(`${file}.answers`, 'kept'))).toThrow();
});
