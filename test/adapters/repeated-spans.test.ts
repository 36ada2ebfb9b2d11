/** A span stands in several files where an export was tried again, or a file was turned over and copied: it counts once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/warehouse/connection.ts';
import { differences, dump, load, newWarehouse, rowsOf, temporaryFolder, withoutSources } from './load.ts';

const TIMEOUT = 120_000;

type Span = Readonly<Record<string, unknown>>;

const span = (spanId: string, attributes: object, status = 0): Span => ({
  traceId: 't1',
  spanId,
  kind: 2,
  name: 'x',
  startTime: [1778554800, 0],
  endTime: [1778554801, 0],
  status: { code: status },
  attributes,
});

const call = (spanId: string, attributes: object = {}): Span =>
  span(spanId, {
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.output_tokens': 2,
    ...attributes,
  });
const tool = (spanId: string): Span =>
  span(spanId, {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'ls',
    'gen_ai.tool.call.id': 'c9',
  });
const failure = (spanId: string): Span =>
  span(spanId, { 'gen_ai.operation.name': 'chat', 'error.type': '429' }, 2);

const RESPONSE = { 'gen_ai.response.id': 'r1' };
const CONVERSATION = { 'gen_ai.conversation.id': 'conv' };

const lines = (spans: readonly Span[]): string => spans.map((each) => `${JSON.stringify(each)}\n`).join('');

/** An export as one document, all of whose spans stand in one place. */
const exported = (spans: readonly Span[]): string => {
  const scope = spans.map(({ startTime, endTime, attributes, status, ...rest }) => ({
    ...rest,
    kind: 3,
    startTimeUnixNano: '1778554800000000000',
    endTimeUnixNano: '1778554801000000000',
    status,
    attributes: Object.entries(attributes as object).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    })),
  }));
  return `{\n"resourceSpans":${JSON.stringify([{ scopeSpans: [{ spans: scope }] }])}\n}\n`;
};

const COUNTS = `select
    (select count(*) from v1.llm_calls) as calls, (select count(*) from v1.tool_calls) as tools,
    (select count(*) from v1.api_errors) as errors, (select count(*) from v1.events) as events`;

/** Writes and loads in the order given; each later text of a file takes the place of the one before. */
async function told(
  folder: string,
  steps: readonly (readonly (readonly [file: string, text: string])[])[],
  use: (connection: Connection) => Promise<void>,
): Promise<Awaited<ReturnType<typeof dump>>> {
  const connection = await newWarehouse();
  try {
    for (const files of steps) {
      for (const [file, text] of files) writeFileSync(join(folder, file), text);
      await load(connection, temporaryFolder(), [folder]);
    }
    await use(connection);
    return withoutSources(await dump(connection));
  } finally {
    connection.close();
  }
}

describe('a span in two files', () => {
  const all = [call('a'), tool('b'), failure('e')];
  test.each([
    ['as it is', lines(all), lines(all), { calls: 1, tools: 1, errors: 1, events: 6 }],
    [
      'with and without the id of its response',
      lines([call('a'), call('d', RESPONSE)]),
      lines([call('a', RESPONSE)]),
      { calls: 1, tools: 0, errors: 0, events: 4 },
    ],
    [
      'beside another that names their conversation',
      lines(all),
      lines([...all, call('f', CONVERSATION)]),
      { calls: 2, tools: 1, errors: 1, events: 8 },
    ],
    [
      'in exports of a trace that went on',
      exported(all),
      exported([...all, call('f'), failure('g')]),
      { calls: 2, tools: 1, errors: 2, events: 10 },
    ],
  ])('%s counts once, in either order', { timeout: TIMEOUT }, async (_, first, second, counts) => {
    const folder = temporaryFolder();
    const [a, b] = [['a.json', first] as const, ['b.json', second] as const];
    const check = async (connection: Connection): Promise<void> => {
      expect(await rowsOf(connection, COUNTS)).toEqual([counts]);
    };
    const together = await told(folder, [[a, b]], check);
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      writeFileSync(join(folder, other[0]), '');
      const apart = await told(folder, [[one], [other]], check);
      expect(differences(together, apart)).toEqual([]);
    }
  });
});

test('a span whose response no file names any more is the call that it was', {
  timeout: TIMEOUT,
}, async () => {
  const folder = temporaryFolder();
  const ids = async (connection: Connection): Promise<void> => {
    expect(await rowsOf(connection, 'select llm_call_id from v1.llm_calls order by 1')).toEqual([
      { llm_call_id: 'generic:t1:a' },
    ]);
  };
  const steps = [
    [['a.jsonl', lines([call('a')])] as const],
    [['b.jsonl', lines([call('a', RESPONSE)])] as const],
    [['b.jsonl', lines([call('a', { 'gen_ai.request.model': 'm' })])] as const],
  ];
  const later = await told(folder, steps, ids);
  const atOnce = await told(folder, [[]], ids);
  expect(differences(later, atOnce)).toEqual([]);
});

test('spans without an id are told apart by where they stand', { timeout: TIMEOUT }, async () => {
  const folder = temporaryFolder();
  const nameless = lines([call(''), call(''), tool('b')]);
  await told(folder, [[['a.jsonl', nameless]]], async (connection) => {
    expect(await rowsOf(connection, COUNTS)).toEqual([{ calls: 2, tools: 1, errors: 0, events: 6 }]);
  });
});
