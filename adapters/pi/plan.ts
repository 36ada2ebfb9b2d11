import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const flag = (name: string, path: string): PlanColumn => ({ name, kind: 'boolean', path });
const time = (name: string, path: string): PlanColumn => ({ name, kind: 'timestamp', path });

/** A usage object: input without cache, output with reasoning. What only one of the family writes stands here, too. */
const usage = (prefix: string, path: string): readonly PlanColumn[] => [
  { name: `${prefix}usage`, kind: 'kind', path },
  integer(`${prefix}input_tokens`, `${path}.input`),
  integer(`${prefix}output_tokens`, `${path}.output`),
  integer(`${prefix}cache_read_tokens`, `${path}.cacheRead`),
  integer(`${prefix}cache_write_tokens`, `${path}.cacheWrite`),
  integer(`${prefix}cache_write_1h_tokens`, `${path}.cacheWrite1h`),
  integer(`${prefix}ttl_5m_tokens`, `${path}.cttl.ephemeral5m`),
  integer(`${prefix}ttl_1h_tokens`, `${path}.cttl.ephemeral1h`),
  integer(`${prefix}total_tokens`, `${path}.totalTokens`),
  integer(`${prefix}reasoning`, `${path}.reasoning`),
  integer(`${prefix}reasoning_tokens`, `${path}.reasoningTokens`),
  integer(`${prefix}orchestration_input_tokens`, `${path}.orchestration.input`),
  integer(`${prefix}orchestration_cache_read_tokens`, `${path}.orchestration.cacheRead`),
  integer(`${prefix}orchestration_output_tokens`, `${path}.orchestration.output`),
  integer(`${prefix}web_search_count`, `${path}.server.webSearch`),
  { name: `${prefix}cost_usd`, kind: 'decimal', path: `${path}.cost.total` },
];

/**
 * What is cut out of an entry of a session: pi's own format, which Oh My Pi and OpenClaw took over and extended.
 *
 * `stored_in` is put into an entry by readers of stores that hold several sessions.
 */
export const sessionPlan = (name: string): Plan => ({
  name,
  tables: [
    {
      name: 'line',
      columns: [
        time('occurred_at', 'timestamp'),
        text('type', 'type', 60),
        text('id', 'id'),
        text('stored_session_id', 'stored_in.session_id'),
        text('stored_parent_id', 'stored_in.parent_id'),
        text('stored_fork_id', 'stored_in.forked_from_id'),
        text('cwd', 'cwd', 1000),
        text('parent_session', 'parentSession', 1000),
        text('branched_from', 'branchedFrom', 1000),
        text('set_provider', 'provider', 100),
        text('set_model', 'model'),
        text('purpose', 'purpose', 60),
        text('set_stop_reason', 'stopReason', 40),
        text('set_error', 'errorMessage', 300),
        text('custom_type', 'customType', 100),
        { name: 'injected', kind: 'size', path: 'content' },
        { name: 'summary', kind: 'size', path: 'summary' },
        integer('before_tokens', 'tokensBefore'),
        integer('after_tokens', 'tokensAfter'),
        ...usage('side_', 'usage'),
        text('role', 'message.role', 40),
        time('message_at', 'message.timestamp'),
        { name: 'content_kind', kind: 'kind', path: 'message.content' },
        { name: 'content', kind: 'digest', path: 'message.content', limit: 400, tail: 200 },
        text('provider', 'message.provider', 100),
        text('model', 'message.model'),
        text('response_model', 'message.responseModel'),
        text('stop_reason', 'message.stopReason', 40),
        text('error', 'message.errorMessage', 300),
        integer('error_status', 'message.errorStatus'),
        { name: 'duration_ms', kind: 'decimal', path: 'message.duration' },
        { name: 'first_token_ms', kind: 'decimal', path: 'message.ttft' },
        text('provenance', 'message.provenance.kind', 40),
        text('attribution', 'message.attribution', 40),
        flag('is_synthetic', 'message.synthetic'),
        ...usage('', 'message.usage'),
        text('tool_call_id', 'message.toolCallId', 500),
        text('tool_name', 'message.toolName'),
        flag('is_error', 'message.isError'),
        integer('exit_code', 'message.details.exitCode'),
        text('exec_status', 'message.details.status', 40),
        { name: 'tool_duration_ms', kind: 'decimal', path: 'message.details.durationMs' },
        { name: 'change', kind: 'diff', path: 'message.details.diff' },
        { name: 'output', kind: 'size', path: 'message.output' },
      ],
    },
    {
      name: 'block',
      at: 'message.content[]',
      columns: [
        text('type', 'type', 40),
        text('id', 'id', 500),
        text('name', 'name'),
        text('text', 'text', 100),
        { name: 'text', kind: 'size', path: 'text' },
        { name: 'thinking', kind: 'size', path: 'thinking' },
        { name: 'input', kind: 'digest', path: 'arguments', limit: 0 },
        text('input_command', 'arguments.command', 1000),
        text('input_path', 'arguments.path', 1000),
        text('input_file_path', 'arguments.file_path', 1000),
        { name: 'input_new', kind: 'lines', path: 'arguments.newText' },
        { name: 'input_old', kind: 'lines', path: 'arguments.oldText' },
        { name: 'input_content', kind: 'lines', path: 'arguments.content' },
      ],
    },
  ],
});
