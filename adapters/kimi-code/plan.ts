import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const size = (name: string, path: string): PlanColumn => ({ name, kind: 'size', path });

/** Token counts of one response, each class apart. */
const usage = (prefix: string, path: string): readonly PlanColumn[] => [
  integer(`${prefix}input_tokens`, `${path}.inputOther`),
  integer(`${prefix}cache_read_tokens`, `${path}.inputCacheRead`),
  integer(`${prefix}cache_write_tokens`, `${path}.inputCacheCreation`),
  integer(`${prefix}output_tokens`, `${path}.output`),
];

/** What is cut out of a line of an agent's wire. */
export const kimiCodePlan: Plan = {
  name: 'kimi_code',
  tables: [
    {
      name: 'line',
      columns: [
        text('type', 'type', 60),
        { name: 'stated_at', kind: 'timestamp', path: 'time' },
        integer('created_ms', 'created_at'),
        text('agent_version', 'app_version', 60),
        text('origin', 'origin.kind', 40),
        text('origin_trigger', 'origin.trigger', 40),
        text('origin_phase', 'origin.phase', 40),
        { name: 'input', kind: 'digest', path: 'input', limit: 0 },
        text('role', 'message.role', 40),
        text('message_origin', 'message.origin.kind', 40),
        { name: 'message', kind: 'digest', path: 'message', limit: 0 },
        text('request_kind', 'kind', 40),
        text('provider', 'provider', 60),
        text('model', 'model'),
        text('model_alias', 'modelAlias'),
        text('attempt', 'attempt', 40),
        text('cwd', 'cwd', 1000),
        text('usage_scope', 'usageScope', 40),
        ...usage('', 'usage'),
        integer('tokens_before', 'tokensBefore'),
        integer('tokens_after', 'tokensAfter'),
        text('compaction_source', 'source', 40),
        text('event', 'event.type', 60),
        { name: 'event', kind: 'digest', path: 'event', limit: 0 },
        text('event_uuid', 'event.uuid'),
        text('step_uuid', 'event.stepUuid'),
        text('part_type', 'event.part.type', 40),
        size('part_text', 'event.part.text'),
        size('part_think', 'event.part.think'),
        ...usage('step_', 'event.usage'),
        text('finish_reason', 'event.finishReason', 40),
        integer('first_token_ms', 'event.llmFirstTokenLatencyMs'),
        integer('stream_ms', 'event.llmStreamDurationMs'),
        text('call_id', 'event.toolCallId'),
        text('name', 'event.name'),
        { name: 'args', kind: 'digest', path: 'event.args', limit: 0 },
        text('command', 'event.args.command', 1000),
        text('path', 'event.args.path', 1000),
        text('file_path', 'event.args.file_path', 1000),
        { name: 'old', kind: 'lines', path: 'event.args.old_string' },
        { name: 'new', kind: 'lines', path: 'event.args.new_string' },
        { name: 'content', kind: 'lines', path: 'event.args.content' },
        { name: 'is_error', kind: 'boolean', path: 'event.result.isError' },
        { name: 'output', kind: 'digest', path: 'event.result.output', limit: 300 },
        integer('duration_ms', 'event.result.durationMs'),
      ],
    },
    {
      name: 'input_part',
      at: 'input[]',
      columns: [size('text', 'text')],
    },
  ],
};
