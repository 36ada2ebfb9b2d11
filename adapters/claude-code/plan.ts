import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const flag = (name: string, path: string): PlanColumn => ({ name, kind: 'boolean', path });

/** Columns of an Anthropic usage object below a path. */
const usage = (prefix: string, path: string): readonly PlanColumn[] => [
  integer(`${prefix}input_tokens`, `${path}.input_tokens`),
  integer(`${prefix}cache_read_tokens`, `${path}.cache_read_input_tokens`),
  integer(`${prefix}cache_write_tokens`, `${path}.cache_creation_input_tokens`),
  integer(`${prefix}cache_write_5m_tokens`, `${path}.cache_creation.ephemeral_5m_input_tokens`),
  integer(`${prefix}cache_write_1h_tokens`, `${path}.cache_creation.ephemeral_1h_input_tokens`),
  integer(`${prefix}output_tokens`, `${path}.output_tokens`),
  integer(`${prefix}thinking_tokens`, `${path}.output_tokens_details.thinking_tokens`),
  integer(`${prefix}web_search_count`, `${path}.server_tool_use.web_search_requests`),
  text(`${prefix}service_tier`, `${path}.service_tier`, 40),
  text(`${prefix}speed`, `${path}.speed`, 40),
  text(`${prefix}inference_geo`, `${path}.inference_geo`, 40),
];

/** What is cut out of a line of a Claude Code transcript. */
export const claudeCodePlan: Plan = {
  name: 'claude_code',
  tables: [
    {
      name: 'line',
      columns: [
        text('type', 'type', 60),
        text('subtype', 'subtype', 60),
        { name: 'uuid', kind: 'uuid', path: 'uuid' },
        { name: 'occurred_at', kind: 'timestamp', path: 'timestamp' },
        text('session_id', 'sessionId'),
        text('agent_id', 'agentId'),
        flag('is_sidechain', 'isSidechain'),
        flag('is_meta', 'isMeta'),
        flag('is_compact_summary', 'isCompactSummary'),
        text('session_kind', 'sessionKind', 40),
        text('forked_from_session_id', 'forkedFrom.sessionId'),
        { name: 'forked_from_uuid', kind: 'uuid', path: 'forkedFrom.messageUuid' },
        text('cwd', 'cwd', 1000),
        text('git_branch', 'gitBranch', 400),
        text('agent_version', 'version', 60),
        text('entrypoint', 'entrypoint', 60),
        { name: 'request_key', kind: 'uuid', path: 'requestId' },
        text('message_id', 'message.id'),
        text('model', 'message.model'),
        text('stop_reason', 'message.stop_reason', 60),
        text('content', 'message.content', 60),
        { name: 'content', kind: 'size', path: 'message.content' },
        ...usage('', 'message.usage'),
        { name: 'reported_cost_usd', kind: 'decimal', path: 'costUSD' },
        integer('duration_ms', 'durationMs'),
        flag('is_api_error', 'isApiErrorMessage'),
        integer('api_error_status', 'apiErrorStatus'),
        text('error', 'error', 60),
        integer('error_status', 'error.status'),
        text('error_code', 'error.cause.code', 60),
        integer('retry_attempt', 'retryAttempt'),
        integer('max_retries', 'maxRetries'),
        { name: 'retry_in_ms', kind: 'decimal', path: 'retryInMs' },
        text('compact_trigger', 'compactMetadata.trigger', 40),
        integer('compact_before_tokens', 'compactMetadata.preTokens'),
        integer('compact_after_tokens', 'compactMetadata.postTokens'),
        integer('compact_duration_ms', 'compactMetadata.durationMs'),
        text('attachment_type', 'attachment.type', 60),
        text('attachment', 'attachment.prompt', 60),
        { name: 'attachment', kind: 'size', path: 'attachment.prompt' },
        integer('result_duration_ms', 'toolUseResult.durationMs'),
        integer('result_total_duration_ms', 'toolUseResult.totalDurationMs'),
        flag('is_result_interrupted', 'toolUseResult.interrupted'),
        text('result_file_path', 'toolUseResult.filePath', 1000),
        text('result_type', 'toolUseResult.type', 40),
        { name: 'result_content', kind: 'lines', path: 'toolUseResult.content' },
        text('progress_type', 'data.type', 60),
        text('progress_agent_id', 'data.agentId'),
        text('nested_type', 'data.message.type', 60),
        { name: 'nested_occurred_at', kind: 'timestamp', path: 'data.message.timestamp' },
        { name: 'nested_request_key', kind: 'uuid', path: 'data.message.requestId' },
        text('nested_message_id', 'data.message.message.id'),
        text('nested_model', 'data.message.message.model'),
        text('nested_stop_reason', 'data.message.message.stop_reason', 60),
        ...usage('nested_', 'data.message.message.usage'),
      ],
    },
    {
      name: 'block',
      at: 'message.content[]',
      columns: [
        text('type', 'type', 60),
        text('text', 'text', 60),
        { name: 'text', kind: 'size', path: 'text' },
        { name: 'thinking', kind: 'size', path: 'thinking' },
        text('id', 'id'),
        text('name', 'name'),
        { name: 'input', kind: 'digest', path: 'input', limit: 0 },
        text('input_file_path', 'input.file_path', 1000),
        text('input_notebook_path', 'input.notebook_path', 1000),
        text('input_path', 'input.path', 1000),
        text('input_command', 'input.command', 1000),
        { name: 'input_old', kind: 'lines', path: 'input.old_string' },
        { name: 'input_new', kind: 'lines', path: 'input.new_string' },
        { name: 'input_content', kind: 'lines', path: 'input.content' },
        text('tool_use_id', 'tool_use_id'),
        flag('is_error', 'is_error'),
        { name: 'content', kind: 'digest', path: 'content', limit: 200 },
      ],
    },
    {
      name: 'iteration',
      at: 'message.usage.iterations[]',
      columns: [text('type', 'type', 60), text('model', 'model'), ...usage('', '').map(atRoot)],
    },
    {
      name: 'patch_line',
      at: 'toolUseResult.structuredPatch[].lines[]',
      columns: [{ name: 'mark', kind: 'text', path: '', limit: 1 }],
    },
  ],
};

function atRoot(column: PlanColumn): PlanColumn {
  return { ...column, path: column.path.replace(/^\./, '') };
}
