import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });

/** What is cut out of the records that the readers make: sessions with their usage, and messages. */
export const hermesPlan: Plan = {
  name: 'hermes',
  tables: [
    {
      name: 'line',
      columns: [
        text('kind', 'kind', 20),
        text('session_id', 'session'),
        { name: 'occurred_at', kind: 'timestamp', path: 'at' },
        { name: 'ended_at', kind: 'timestamp', path: 'ended_at' },
        text('end_reason', 'end_reason', 60),
        text('parent_id', 'parent'),
        text('link', 'link', 20),
        text('platform', 'platform', 60),
        text('cwd', 'cwd', 1000),
        text('git_branch', 'git_branch', 400),
        text('provider', 'provider', 60),
        text('role', 'role', 40),
        text('origin', 'origin', 400),
        text('note', 'note', 20),
        { name: 'is_compacted', kind: 'boolean', path: 'compacted' },
        { name: 'text', kind: 'digest', path: 'text', limit: 0 },
        { name: 'reasoning', kind: 'size', path: 'reasoning' },
        text('call_id', 'call_id'),
        text('tool_name', 'tool'),
        text('status', 'result.status', 20),
        text('status_source', 'result.source', 20),
        integer('exit_code', 'result.exit_code'),
        text('error', 'result.error', 400),
      ],
    },
    {
      name: 'account',
      at: 'usage[]',
      columns: [
        text('model', 'model'),
        text('provider', 'provider', 60),
        text('route', 'route', 20),
        text('task', 'task', 60),
        integer('call_count', 'calls'),
        integer('input_tokens', 'input'),
        integer('output_tokens', 'output'),
        integer('cache_read_tokens', 'read'),
        integer('cache_write_tokens', 'write'),
        integer('reasoning_tokens', 'reasoning'),
        { name: 'cost_usd', kind: 'decimal', path: 'cost' },
        { name: 'occurred_at', kind: 'timestamp', path: 'at' },
      ],
    },
    {
      name: 'call',
      at: 'calls[]',
      columns: [
        text('id', 'id'),
        text('name', 'name'),
        { name: 'input', kind: 'digest', path: 'input', limit: 0 },
        text('command', 'command', 1000),
        text('path', 'path', 1000),
        { name: 'old', kind: 'lines', path: 'old' },
        { name: 'new', kind: 'lines', path: 'new' },
        { name: 'content', kind: 'lines', path: 'content' },
      ],
    },
    {
      name: 'change',
      at: 'result.changes[]',
      columns: [
        text('path', 'path', 1000),
        text('operation', 'operation', 20),
        { name: 'diff', kind: 'diff', path: 'diff' },
      ],
    },
  ],
};
