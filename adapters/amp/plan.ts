import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const time = (name: string, path: string): PlanColumn => ({ name, kind: 'timestamp', path });

/** What is cut out of a message of a thread, and, on line 0, out of the thread itself. */
export const ampPlan: Plan = {
  name: 'amp',
  tables: [
    {
      name: 'line',
      columns: [
        text('id', 'id'),
        time('thread_created_at', 'created'),
        text('cwd', 'env.initial.cwd', 1000),
        text('client', 'env.initial.platform.client', 60),
        text('client_version', 'env.initial.platform.clientVersion', 60),
        text('role', 'role', 20),
        integer('message_no', 'messageId'),
        text('message_name', 'messageId'),
        time('sent_at', 'meta.sentAt'),
        time('stated_at', 'timestamp'),
        time('made_at', 'createdAt'),
        { name: 'words', kind: 'size', path: 'text' },
        { name: 'content', kind: 'size', path: 'content' },
        text('state', 'state.type', 40),
        text('stop_reason', 'state.stopReason', 40),
        text('error_message', 'state.error.message', 400),
        { name: 'usage', kind: 'kind', path: 'usage' },
        time('used_at', 'usage.timestamp'),
        text('model', 'usage.model'),
        integer('input_tokens', 'usage.inputTokens'),
        integer('output_tokens', 'usage.outputTokens'),
        integer('written_tokens', 'usage.cacheCreationInputTokens'),
        integer('read_tokens', 'usage.cacheReadInputTokens'),
      ],
    },
    {
      name: 'block',
      at: 'content[]',
      columns: [
        text('type', 'type', 40),
        { name: 'words', kind: 'size', path: 'text' },
        { name: 'thinking', kind: 'size', path: 'thinking' },
        text('summary_type', 'summary.type', 40),
        text('id', 'id'),
        text('name', 'name', 120),
        { name: 'input', kind: 'digest', path: 'input', limit: 0 },
        text('command', 'input.cmd', 1000),
        text('command_line', 'input.command', 1000),
        text('path', 'input.path', 1000),
        { name: 'content', kind: 'lines', path: 'input.content' },
        { name: 'old', kind: 'lines', path: 'input.old_str' },
        { name: 'new', kind: 'lines', path: 'input.new_str' },
        text('tool_use_id', 'toolUseID'),
        text('status', 'run.status', 40),
        { name: 'result', kind: 'digest', path: 'run.result', limit: 200 },
        { name: 'output', kind: 'digest', path: 'run.result.output', limit: 200, tail: 200 },
        { name: 'diff', kind: 'diff', path: 'run.result.diff' },
        integer('exit_code', 'run.result.exitCode'),
        { name: 'is_success', kind: 'boolean', path: 'run.result.success' },
        text('error_message', 'run.error.message', 300),
      ],
    },
    {
      name: 'event',
      at: 'usageLedger.events[]',
      columns: [
        text('id', 'id'),
        time('occurred_at', 'timestamp'),
        text('model', 'model'),
        text('operation', 'operationType', 60),
        integer('input_tokens', 'tokens.input'),
        integer('output_tokens', 'tokens.output'),
        integer('read_tokens', 'tokens.cacheReadInputTokens'),
        integer('written_tokens', 'tokens.cacheCreationInputTokens'),
        integer('to_message_no', 'toMessageId'),
      ],
    },
    {
      name: 'tree',
      at: 'env.initial.trees[]',
      columns: [
        text('uri', 'uri', 1000),
        text('git_remote', 'repository.url', 400),
        text('git_ref', 'repository.ref', 400),
      ],
    },
  ],
};
