import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const flag = (name: string, path: string): PlanColumn => ({ name, kind: 'boolean', path });

const common: readonly PlanColumn[] = [
  text('session', 'session', 400),
  { name: 'occurred_at', kind: 'timestamp', path: 'at' },
];

/** What is cut out of a record of the readers beside this file: facts.ts says what it holds. */
export const genericPlan: Plan = {
  name: 'generic',
  tables: [
    { name: 'entry', columns: [{ name: 'events', kind: 'kind', path: 'events' }] },
    {
      name: 'event',
      at: 'events[]',
      columns: [
        ...common,
        text('type', 'type', 40),
        text('key', 'key', 400),
        integer('text_bytes', 'bytes'),
        integer('reasoning_bytes', 'reasoning'),
      ],
    },
    {
      name: 'usage',
      at: 'usage[]',
      columns: [
        ...common,
        text('id', 'id', 400),
        text('alias', 'alias', 400),
        text('model', 'model'),
        text('provider', 'provider', 60),
        integer('input_tokens', 'input'),
        integer('cached_tokens', 'cached'),
        integer('written_tokens', 'written'),
        integer('written_hour_tokens', 'writtenHour'),
        integer('output_tokens', 'output'),
        integer('reasoning_tokens', 'reasoning'),
        flag('is_inclusive', 'isInclusive'),
        { name: 'cost_usd', kind: 'decimal', path: 'cost' },
        text('stop_reason', 'stop', 60),
        text('service_tier', 'tier', 40),
        integer('duration_ms', 'duration'),
        text('granularity', 'granularity', 20),
        flag('is_partial', 'isPartial'),
      ],
    },
    {
      name: 'tool',
      at: 'tools[]',
      columns: [
        ...common,
        text('id', 'id', 600),
        text('response', 'response', 400),
        text('name', 'name'),
        { name: 'input', kind: 'digest', path: 'input', limit: 0 },
        text('file_path', 'path', 1000),
        text('command', 'command', 1000),
      ],
    },
    {
      name: 'result',
      at: 'results[]',
      columns: [
        ...common,
        text('id', 'id', 600),
        text('status', 'status', 20),
        text('status_source', 'source', 20),
        text('kind', 'kind', 40),
        integer('duration_ms', 'duration'),
        { name: 'output', kind: 'digest', path: 'output', limit: 0 },
        text('error', 'error', 200),
      ],
    },
    {
      name: 'error',
      at: 'errors[]',
      columns: [
        ...common,
        text('key', 'key', 800),
        text('code', 'code', 100),
        integer('http_status', 'status'),
      ],
    },
  ],
};
