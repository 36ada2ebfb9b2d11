import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const decimal = (name: string, path: string): PlanColumn => ({ name, kind: 'decimal', path });

/** What is cut out of a record of the readers beside this file. */
export const aiderPlan: Plan = {
  name: 'aider',
  tables: [
    {
      name: 'entry',
      columns: [
        text('type', 'type', 20),
        text('session', 'session', 40),
        integer('place', 'n'),
        { name: 'occurred_at', kind: 'timestamp', path: 'at' },
        text('agent_version', 'version', 60),
        integer('text_bytes', 'bytes'),
        text('model', 'model'),
        integer('call_number', 'call'),
        integer('sent_tokens', 'sent'),
        integer('written_tokens', 'written'),
        integer('hit_tokens', 'hit'),
        integer('cached_tokens', 'cached'),
        integer('received_tokens', 'received'),
        text('cost', 'cost', 30),
        { name: 'is_exclusive', kind: 'boolean', path: 'isExclusive' },
        text('file_path', 'path', 1000),
        { name: 'command', kind: 'digest', path: 'command', limit: 1000 },
        text('status', 'status', 20),
        text('error', 'error', 300),
        text('code', 'code', 100),
        integer('wait_ms', 'wait'),
        { name: 'is_final', kind: 'boolean', path: 'isFinal' },
        text('role', 'role', 40),
        text('event', 'event', 80),
        text('main_model', 'properties.main_model'),
        text('aider_version', 'properties.aider_version', 60),
        text('exception', 'properties.exception', 300),
        integer('prompt_tokens', 'properties.prompt_tokens'),
        integer('completion_tokens', 'properties.completion_tokens'),
        decimal('cost_usd', 'properties.cost'),
      ],
    },
  ],
};
