import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const time = (name: string, path: string): PlanColumn => ({ name, kind: 'timestamp', path });
const flag = (name: string, path: string): PlanColumn => ({ name, kind: 'boolean', path });

/** What is cut out of a record: a message with its parts, or a session. See read-database.ts. */
export const crushPlan: Plan = {
  name: 'crush',
  tables: [
    {
      name: 'record',
      columns: [
        text('session_id', 'session.id'),
        text('parent_id', 'session.parentID'),
        { name: 'cost_usd', kind: 'decimal', path: 'session.cost' },
        time('session_created_at', 'session.createdAt'),
        text('session_model', 'session.model'),
        text('session_provider', 'session.provider', 60),
        integer('answer_count', 'session.answers'),
        text('message_id', 'message.id'),
        text('role', 'message.role', 20),
        text('model', 'message.model'),
        text('provider', 'message.provider', 60),
        flag('is_summary', 'message.isSummary'),
        time('created_at', 'message.createdAt'),
        time('finished_at', 'message.finishedAt'),
      ],
    },
    {
      name: 'part',
      at: 'message.parts[]',
      columns: [
        text('type', 'type', 40),
        { name: 'text', kind: 'size', path: 'data.text' },
        flag('is_hidden', 'data.hidden'),
        { name: 'thinking', kind: 'size', path: 'data.thinking' },
        text('call_id', 'data.id'),
        text('tool', 'data.name'),
        text('input_text', 'data.input', 4000),
        { name: 'input', kind: 'digest', path: 'data.input', limit: 0 },
        text('result_of', 'data.tool_call_id'),
        { name: 'content', kind: 'digest', path: 'data.content', limit: 200, tail: 300 },
        flag('is_error', 'data.is_error'),
        text('metadata', 'data.metadata', 300),
        text('finish', 'data.reason', 40),
        text('finish_message', 'data.message', 200),
        text('finish_details', 'data.details', 300),
        integer('finished_s', 'data.time'),
        text('command', 'data.command', 1000),
        { name: 'output', kind: 'digest', path: 'data.output' },
        integer('exit_code', 'data.exit_code'),
      ],
    },
  ],
};
