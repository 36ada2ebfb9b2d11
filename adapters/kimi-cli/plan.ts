import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const size = (name: string, path: string): PlanColumn => ({ name, kind: 'size', path });

/** Arguments are JSON inside a string: cut off, they would be none. */
const ARGUMENTS_LIMIT = 20_000;

/** Columns of a wire message: of the session itself, or of a subagent inside a `SubagentEvent`. */
const message = (prefix: string, path: string): readonly PlanColumn[] => [
  text(`${prefix}kind`, `${path}.type`, 60),
  text(`${prefix}part_type`, `${path}.payload.type`, 40),
  size(`${prefix}text`, `${path}.payload.text`),
  size(`${prefix}think`, `${path}.payload.think`),
  text(`${prefix}call_id`, `${path}.payload.id`),
  text(`${prefix}name`, `${path}.payload.function.name`),
  text(`${prefix}arguments`, `${path}.payload.function.arguments`, ARGUMENTS_LIMIT),
  text(`${prefix}arguments_part`, `${path}.payload.arguments_part`, ARGUMENTS_LIMIT),
  text(`${prefix}tool_call_id`, `${path}.payload.tool_call_id`),
  { name: `${prefix}is_error`, kind: 'boolean', path: `${path}.payload.return_value.is_error` },
  { name: `${prefix}output`, kind: 'digest', path: `${path}.payload.return_value.output`, limit: 200 },
  text(`${prefix}result_message`, `${path}.payload.return_value.message`, 300),
  text(`${prefix}message_id`, `${path}.payload.message_id`),
  integer(`${prefix}input_tokens`, `${path}.payload.token_usage.input_other`),
  integer(`${prefix}cache_read_tokens`, `${path}.payload.token_usage.input_cache_read`),
  integer(`${prefix}cache_write_tokens`, `${path}.payload.token_usage.input_cache_creation`),
  integer(`${prefix}output_tokens`, `${path}.payload.token_usage.output`),
];

/** What is cut out of a line of a wire log, or of a context file where there is no wire. */
export const kimiCliPlan: Plan = {
  name: 'kimi_cli',
  tables: [
    {
      name: 'line',
      columns: [
        text('type', 'type', 60),
        // Seconds since 1970, read as if they were milliseconds.
        { name: 'stated_at', kind: 'timestamp', path: 'timestamp' },
        { name: 'message', kind: 'digest', path: 'message', limit: 0 },
        ...message('', 'message'),
        size('user_input', 'message.payload.user_input'),
        integer('context_tokens', 'message.payload.context_tokens'),
        integer('next_attempt', 'message.payload.next_attempt'),
        integer('max_attempts', 'message.payload.max_attempts'),
        { name: 'wait_s', kind: 'decimal', path: 'message.payload.wait_s' },
        text('error_type', 'message.payload.error_type', 100),
        integer('status_code', 'message.payload.status_code'),
        text('agent_id', 'message.payload.agent_id'),
        text('parent_tool_call_id', 'message.payload.parent_tool_call_id'),
        text('task_tool_call_id', 'message.payload.task_tool_call_id'),
        ...message('nested_', 'message.payload.event'),
        text('role', 'role', 40),
        text('content', 'content', 60),
        size('content', 'content'),
        text('context_call_id', 'tool_call_id'),
      ],
    },
    {
      name: 'input_part',
      at: 'message.payload.user_input[]',
      columns: [size('text', 'text')],
    },
    {
      name: 'display',
      at: 'message.payload.return_value.display[]',
      columns: [text('type', 'type', 40), size('old_text', 'old_text')],
    },
    {
      name: 'content_part',
      at: 'content[]',
      columns: [
        text('type', 'type', 40),
        text('text', 'text', 200),
        size('text', 'text'),
        size('think', 'think'),
      ],
    },
    {
      name: 'call',
      at: 'tool_calls[]',
      columns: [
        text('id', 'id'),
        text('name', 'function.name'),
        text('arguments', 'function.arguments', ARGUMENTS_LIMIT),
      ],
    },
  ],
};
