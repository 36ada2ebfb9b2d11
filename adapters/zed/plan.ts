import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const timestamp = (name: string, path: string): PlanColumn => ({ name, kind: 'timestamp', path });

/** Zed leaves out figures of 0. */
const usage = (prefix: string, path: string): readonly PlanColumn[] => [
  integer(`${prefix}input_tokens`, `${path}input_tokens`),
  integer(`${prefix}output_tokens`, `${path}output_tokens`),
  integer(`${prefix}write_tokens`, `${path}cache_creation_input_tokens`),
  integer(`${prefix}read_tokens`, `${path}cache_read_input_tokens`),
];

const toolUse = (path: string): readonly PlanColumn[] => [
  text('id', `${path}id`),
  text('name', `${path}name`),
  { name: 'input', kind: 'digest', path: `${path}input`, limit: 0 },
  text('command', `${path}input.command`, 1000),
  text('path', `${path}input.path`, 1000),
  text('source_path', `${path}input.source_path`, 1000),
  text('mode', `${path}input.mode`, 20),
];

const toolResult = (path: string): readonly PlanColumn[] => [
  { name: 'is_error', kind: 'boolean', path: `${path}is_error` },
  { name: 'content', kind: 'digest', path: `${path}content`, limit: 300 },
  text('content_text', `${path}content.Text`, 300),
];

/** What is cut out of a thread, and of each of its messages. */
export const zedPlan: Plan = {
  name: 'zed',
  tables: [
    {
      name: 'line',
      columns: [
        text('kind', 'kind', 20),
        text('thread_id', 'thread'),
        // The thread.
        text('parent_id', 'parent_id'),
        timestamp('created_at', 'created_at'),
        timestamp('updated_at', 'updated_at'),
        text('folder', 'folder', 1000),
        text('worktree', 'worktree.worktree_path', 1000),
        text('git_branch', 'worktree.git_state.current_branch', 400),
        text('git_remote', 'worktree.git_state.remote_url', 400),
        text('provider', 'model.provider', 60),
        text('model', 'model.model'),
        ...usage('sum_', 'cumulative.'),
        // A message; the flat ones are of old versions.
        text('user_id', 'message.User.id'),
        { name: 'user', kind: 'kind', path: 'message.User' },
        { name: 'agent', kind: 'kind', path: 'message.Agent' },
        { name: 'compaction', kind: 'kind', path: 'message.Compaction' },
        text('word', 'message', 20),
        text('role', 'message.role', 20),
        integer('place', 'place'),
      ],
    },
    {
      name: 'request',
      at: 'requests{}',
      columns: [text('user_id', '$key'), ...usage('', '')],
    },
    {
      name: 'user_block',
      at: 'message.User.content[]',
      columns: [{ name: 'text', kind: 'size', path: 'Text' }],
    },
    {
      name: 'block',
      at: 'message.Agent.content[]',
      columns: [
        { name: 'text', kind: 'size', path: 'Text' },
        { name: 'thinking', kind: 'size', path: 'Thinking.text' },
        { name: 'redacted', kind: 'kind', path: 'RedactedThinking' },
        ...toolUse('ToolUse.'),
      ],
    },
    {
      name: 'result',
      at: 'message.Agent.tool_results{}',
      columns: [text('id', '$key'), ...toolResult('')],
    },
    {
      name: 'segment',
      at: 'message.segments[]',
      columns: [text('type', 'type', 20), { name: 'text', kind: 'size', path: 'text' }],
    },
    {
      name: 'old_use',
      at: 'message.tool_uses[]',
      columns: toolUse(''),
    },
    {
      name: 'old_result',
      at: 'message.tool_results[]',
      columns: [text('id', 'tool_use_id'), ...toolResult('')],
    },
  ],
};
