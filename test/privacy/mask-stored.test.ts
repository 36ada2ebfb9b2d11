/** Statements that store what people, agents and tools wrote: they mask it, or are refused. */
import { expect, test } from 'vitest';
import { maskStored } from '../../src/ingest/mask-stored.ts';

test.each([
  'update raw.usage set account = 1 where model_raw is null',
  'update raw.usage set stop_reason = name_without_secrets(e.stop_reason), duration_ms = e.ms from ended as e',
  'insert into raw.events by name\nselect 1 as source_no',
  'create temp table usage as select 1 as model_raw',
])('%s stays as it is', (statement) => {
  expect(maskStored(statement)).toBe(statement);
});

test.each([
  'update raw.usage set stop_reason = e.stop_reason from ended as e',
  'update raw.usage set stop_reason = name_without_secrets(e.stop_reason), speed = e.speed from ended as e',
  "update raw.tool_errors set error_text = name_without_secrets('x')",
  "insert into raw.usage (source_no, model_raw) values (1, 'm')",
])('%s is refused', (statement) => {
  expect(() => maskStored(statement)).toThrow(/cannot be masked/);
});
