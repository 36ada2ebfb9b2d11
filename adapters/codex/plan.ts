import type { HashedPart, Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const flag = (name: string, path: string): PlanColumn => ({ name, kind: 'boolean', path });

/** Columns of a token usage object: input includes cached and cache writes, output includes reasoning. */
const usage = (prefix: string, path: string): readonly PlanColumn[] => [
  integer(`${prefix}input_tokens`, `${path}.input_tokens`),
  integer(`${prefix}cached_tokens`, `${path}.cached_input_tokens`),
  integer(`${prefix}cache_write_tokens`, `${path}.cache_write_input_tokens`),
  integer(`${prefix}output_tokens`, `${path}.output_tokens`),
  integer(`${prefix}reasoning_tokens`, `${path}.reasoning_output_tokens`),
  integer(`${prefix}total_tokens`, `${path}.total_tokens`),
];

const rateLimit = (name: string): readonly PlanColumn[] => [
  { name: `${name}_used_percent`, kind: 'decimal', path: `payload.rate_limits.${name}.used_percent` },
  integer(`${name}_window_minutes`, `payload.rate_limits.${name}.window_minutes`),
  integer(`${name}_resets_at`, `payload.rate_limits.${name}.resets_at`),
];

/** An output between what Codex writes around it: a chunk's id, times and exit codes, which differ where the output is the same. */
const outputProper: HashedPart = { after: '\nOutput:\n', before: '","metadata":{' };

/** A tool call or its result, wrapped in a payload or, in the oldest logs, bare. */
const toolColumns = (prefix: string, path: string): readonly PlanColumn[] => [
  text(`${prefix}call_id`, `${path}call_id`),
  text(`${prefix}name`, `${path}name`),
  text(`${prefix}arguments`, `${path}arguments`, 2000),
  { name: `${prefix}arguments_digest`, kind: 'digest', path: `${path}arguments`, limit: 0 },
  {
    name: `${prefix}output`,
    kind: 'digest',
    path: `${path}output`,
    limit: 400,
    tail: 200,
    hashed: outputProper,
  },
];

/** What is cut out of a line of a Codex rollout, or of `codex exec --json`. */
export const codexPlan: Plan = {
  name: 'codex',
  tables: [
    {
      name: 'line',
      columns: [
        { name: 'occurred_at', kind: 'timestamp', path: 'timestamp' },
        text('type', 'type', 60),
        text('record_type', 'record_type', 40),
        text('bare_id', 'id'),
        text('bare_role', 'role', 40),
        text('bare_git_branch', 'git.branch', 400),
        text('bare_git_remote', 'git.repository_url', 400),
        text('payload_type', 'payload.type', 60),
        text('role', 'payload.role', 40),
        text('id', 'payload.id'),
        text('root_session_id', 'payload.session_id'),
        text('forked_from_id', 'payload.forked_from_id'),
        text('parent_thread_id', 'payload.parent_thread_id'),
        text('thread_id', 'payload.thread_id'),
        text('spawned_by_id', 'payload.source.subagent.thread_spawn.parent_thread_id'),
        text('source', 'payload.source', 60),
        { name: 'subagent', kind: 'kind', path: 'payload.source.subagent' },
        text('thread_source', 'payload.thread_source', 60),
        text('originator', 'payload.originator', 60),
        text('cwd', 'payload.cwd', 1000),
        text('agent_version', 'payload.cli_version', 60),
        text('provider', 'payload.model_provider', 60),
        text('git_branch', 'payload.git.branch', 400),
        text('git_remote', 'payload.git.repository_url', 400),
        text('turn_id', 'payload.turn_id'),
        text('model', 'payload.model'),
        text('service_tier', 'payload.service_tier', 40),
        text('namespace', 'payload.namespace'),
        ...toolColumns('', 'payload.'),
        { name: 'input', kind: 'digest', path: 'payload.input', limit: 0 },
        text('status', 'payload.status', 40),
        { name: 'action', kind: 'digest', path: 'payload.action', limit: 0 },
        { name: 'message', kind: 'size', path: 'payload.message' },
        { name: 'text', kind: 'size', path: 'payload.text' },
        text('reason', 'payload.reason', 60),
        ...usage('total_', 'payload.info.total_token_usage'),
        { name: 'last', kind: 'kind', path: 'payload.info.last_token_usage' },
        ...usage('last_', 'payload.info.last_token_usage'),
        integer('context_window_tokens', 'payload.info.model_context_window'),
        ...rateLimit('primary'),
        ...rateLimit('secondary'),
        text('plan', 'payload.rate_limits.plan_type', 60),
        text('rate_limit_reached', 'payload.rate_limits.rate_limit_reached_type', 60),
        text('response_id', 'payload.response_id'),
        ...usage('record_', 'payload.usage'),
        text('compaction_response_id', 'payload.compaction_response_id'),
        flag('is_success', 'payload.success'),
        integer('exit_code', 'payload.exit_code'),
        integer('duration_secs', 'payload.duration.secs'),
        integer('duration_nanos', 'payload.duration.nanos'),
        text('mcp_server', 'payload.invocation.server'),
        text('mcp_error', 'payload.result.Err', 300),
        flag('is_mcp_error', 'payload.result.Ok.is_error'),
        text('codex_error', 'payload.codex_error_info', 60),
        ...toolColumns('bare_', ''),
        text('exec_thread_id', 'thread_id'),
        ...usage('exec_', 'usage'),
        text('item_type', 'item.type', 60),
        text('item_id', 'item.id'),
        text('item_status', 'item.status', 40),
        text('item_command', 'item.command', 1000),
        integer('item_exit_code', 'item.exit_code'),
        { name: 'item_output', kind: 'digest', path: 'item.aggregated_output', limit: 400 },
      ],
    },
    {
      name: 'change',
      at: 'payload.changes{}',
      columns: [
        { name: 'path', kind: 'text', path: '$key', limit: 1000 },
        text('type', 'type', 40),
        { name: 'unified', kind: 'diff', path: 'unified_diff' },
        { name: 'content', kind: 'lines', path: 'content' },
      ],
    },
    {
      name: 'content',
      at: 'payload.content[]',
      columns: [{ name: 'text', kind: 'size', path: 'text' }],
    },
    {
      name: 'command',
      at: 'payload.action.command[]',
      columns: [{ name: 'word', kind: 'text', path: '', limit: 500 }],
    },
  ],
};
