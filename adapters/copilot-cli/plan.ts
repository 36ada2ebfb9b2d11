import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const flag = (name: string, path: string): PlanColumn => ({ name, kind: 'boolean', path });
const size = (name: string, path: string): PlanColumn => ({ name, kind: 'size', path });
const lines = (name: string, path: string): PlanColumn => ({ name, kind: 'lines', path });

/** Tokens of one call or of all calls: input includes what was read from and written to a cache, output the reasoning. */
const usage = (prefix: string, path: string): readonly PlanColumn[] => [
  integer(`${prefix}input_tokens`, `${path}inputTokens`),
  integer(`${prefix}cache_read_tokens`, `${path}cacheReadTokens`),
  integer(`${prefix}cache_write_tokens`, `${path}cacheWriteTokens`),
  integer(`${prefix}output_tokens`, `${path}outputTokens`),
  integer(`${prefix}reasoning_tokens`, `${path}reasoningTokens`),
];

/** What a tool is asked to do. A patch stands in a string of its own, or in `input`. */
const toolArguments = (path: string): readonly PlanColumn[] => [
  { name: 'arguments', kind: 'digest', path, limit: 0 },
  text('command', `${path}.command`, 1000),
  text('path', `${path}.path`, 1000),
  text('file_path', `${path}.file_path`, 1000),
  text('file', `${path}.file`, 1000),
  lines('old', `${path}.old_str`),
  lines('new', `${path}.new_str`),
  lines('content', `${path}.file_text`),
  text('patch', path, 4000),
  { name: 'patch', kind: 'diff', path },
  text('patch_input', `${path}.input`, 4000),
  { name: 'patch_input', kind: 'diff', path: `${path}.input` },
];

/** What is cut out of an event of a session, and of a row of the session store as its reader puts it. */
export const copilotCliPlan: Plan = {
  name: 'copilot-cli',
  tables: [
    {
      name: 'line',
      columns: [
        text('id', 'id', 100),
        { name: 'occurred_at', kind: 'timestamp', path: 'timestamp' },
        text('type', 'type', 60),
        text('agent_id', 'agentId'),
        flag('is_ephemeral', 'ephemeral'),
        text('session_id', 'data.sessionId'),
        text('parent_id', 'data.detachedFromSpawningParentSessionId'),
        text('agent_version', 'data.copilotVersion', 60),
        text('producer', 'data.producer', 60),
        text('cwd', 'data.context.cwd', 1000),
        text('git_branch', 'data.context.branch', 400),
        text('repository', 'data.context.repository', 400),
        text('repository_host', 'data.context.repositoryHost'),
        text('selected_model', 'data.selectedModel'),
        text('new_model', 'data.newModel'),
        text('current_model', 'data.currentModel'),
        text('model', 'data.model'),
        text('source', 'data.source', 60),
        size('text', 'data.content'),
        size('reasoning', 'data.reasoningText'),
        text('message_id', 'data.messageId'),
        text('api_call_id', 'data.apiCallId'),
        text('parent_tool_call_id', 'data.parentToolCallId'),
        ...usage('', 'data.'),
        text('initiator', 'data.initiator', 60),
        text('finish_reason', 'data.finishReason', 60),
        { name: 'duration', kind: 'decimal', path: 'data.duration' },
        { name: 'first_token', kind: 'decimal', path: 'data.ttftMs' },
        text('tool_call_id', 'data.toolCallId'),
        text('tool_name', 'data.toolName'),
        text('mcp_server', 'data.mcpServerName'),
        ...toolArguments('data.arguments'),
        flag('is_success', 'data.success'),
        { name: 'result_content', kind: 'digest', path: 'data.result.content', limit: 300, tail: 100 },
        { name: 'result', kind: 'digest', path: 'data.result', limit: 0 },
        { name: 'change', kind: 'digest', path: 'data.result.detailedContent', limit: 4000 },
        { name: 'change', kind: 'diff', path: 'data.result.detailedContent' },
        { name: 'failure', kind: 'digest', path: 'data.error.message', limit: 300 },
        text('failure_code', 'data.error.code', 60),
        integer('exit_code', 'data.shellExecution.exitCode'),
        integer('measured_exit_code', 'data.toolTelemetry.metrics.exit_code'),
        text('error_type', 'data.errorType', 60),
        text('error_code', 'data.errorCode', 60),
        integer('status_code', 'data.statusCode'),
        text('trigger', 'data.trigger', 60),
        integer('before_tokens', 'data.preCompactionTokens'),
        integer('after_tokens', 'data.postCompactionTokens'),
        text('compaction_model', 'data.compactionTokensUsed.model'),
        ...usage('compaction_', 'data.compactionTokensUsed.'),
        integer('compaction_old_input_tokens', 'data.compactionTokensUsed.input'),
        integer('compaction_old_cache_read_tokens', 'data.compactionTokensUsed.cachedInput'),
        integer('compaction_old_output_tokens', 'data.compactionTokensUsed.output'),
        { name: 'compaction_duration', kind: 'decimal', path: 'data.compactionTokensUsed.duration' },
      ],
    },
    {
      name: 'request',
      at: 'data.toolRequests[]',
      columns: [
        text('tool_call_id', 'toolCallId'),
        text('tool_name', 'name'),
        text('mcp_server', 'mcpServerName'),
        ...toolArguments('arguments'),
      ],
    },
    {
      name: 'metric',
      at: 'data.modelMetrics{}',
      columns: [text('model', '$key'), integer('request_count', 'requests.count'), ...usage('', 'usage.')],
    },
  ],
};
