/** A warehouse of an earlier program is brought up to date from what it holds: no log is read on top of itself. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../../src/warehouse/connection.ts';
import {
  copyInto,
  differences,
  dump,
  FIXTURE_HOME,
  load,
  onlyValue,
  temporaryFolder,
} from '../adapters/load.ts';

const COSTS = ['auto_cost_usd', 'computed_cost_usd', 'reported_cost_usd'];

const dropped = (mart: string, columns: readonly string[]): string =>
  columns.map((column) => `alter table mart.${mart} drop column ${column};`).join('\n');

test('a step that it lacks is made up for, with and without the logs', async () => {
  const home = join(temporaryFolder(), 'home');
  copyInto(FIXTURE_HOME, home);
  const connection = await connect(join(temporaryFolder(), 'warehouse.duckdb'));
  try {
    await load(connection, home);
    const whole = await dump(connection);
    const eventCount = await onlyValue(connection, 'select count(*) from raw.events');
    /** As an earlier program would have left it. */
    const age = async (): Promise<void> => {
      await connection.execute(`
        drop view if exists v1.anomalies cascade;
        drop table mart.anomalies;
        drop table mart.findings;
        drop table mart.scores;
        drop table mart.session_waits;
        drop view if exists temp.current_scores;
        drop view if exists temp.current_session_waits;
        ${dropped('sessions', ['root_session_id', 'project'])}
        ${dropped('loops', COSTS)}
        ${dropped('waste_calls', [...COSTS, 'turn_id', 'started_at'])}
        ${dropped('retries', [...COSTS, 'turn_id', 'tool_name', 'target', 'failed_at', 'repeated_at', 'repeat_status'])}
        drop table raw.forgotten;
        alter table raw.sources drop column told_hash;
        alter table raw.usage drop column alias;
        alter table raw.tool_uses drop column is_question;
        alter table mart.tool_calls drop column is_question;
        alter table raw.agents drop column moves_logs;
        alter table raw.agents drop column provider;
        delete from main.migrations where name >= '0011';
        delete from raw.properties where name in ('contract_sha256', 'marts_sha256', 'agents');`);
    };
    await age();
    await load(connection, home);
    expect(await onlyValue(connection, 'select count(*) from raw.events')).toBe(eventCount);
    expect(differences(whole, await dump(connection))).toEqual([]);
    await age();
    rmSync(home, { recursive: true });
    await load(connection, home);
    expect(await onlyValue(connection, 'select count(*) from raw.events')).toBe(eventCount);
    expect(await onlyValue(connection, 'select count(*) from v1.anomalies')).toBe(whole.anomalies?.length);
  } finally {
    connection.close();
  }
});
