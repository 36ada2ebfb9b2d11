import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const timestamp = (name: string, path: string): PlanColumn => ({ name, kind: 'timestamp', path });
const size = (name: string, path: string): PlanColumn => ({ name, kind: 'size', path });

/** What is cut out of a record of a state database, a line of a transcript, an event of a usage export. */
export const cursorPlan: Plan = {
  name: 'cursor',
  tables: [
    {
      name: 'line',
      columns: [
        // What the readers say of a record; a line of a transcript has none of it.
        text('kind', 'kind', 20),
        text('state', 'state', 20),
        text('composer', 'composer'),
        text('bubble_key', 'bubble'),
        integer('position', 'position'),
        integer('bubble_count', 'bubble_count'),
        // A conversation.
        timestamp('created_at', 'value.createdAt'),
        timestamp('updated_at', 'value.lastUpdatedAt'),
        text('parent_id', 'value.subagentInfo.parentComposerId'),
        text('created_from_id', 'value.createdFromComposerId'),
        text('git_branch', 'value.createdOnBranch', 400),
        text('config_model', 'value.modelConfig.modelName'),
        text('workspace_path', 'value.workspaceIdentifier.uri.fsPath', 1000),
        text('workspace_uri', 'value.workspaceIdentifier.uri', 1000),
        // A message.
        text('bubble_id', 'value.bubbleId'),
        text('chat_bubble_id', 'value.id'),
        integer('type', 'value.type'),
        text('chat_type', 'value.type', 20),
        size('text', 'value.text'),
        size('raw_text', 'value.rawText'),
        size('content', 'value.content'),
        size('message', 'value.message'),
        size('thinking', 'value.thinking.text'),
        timestamp('stamped_at', 'value.timestamp'),
        timestamp('client_started_at', 'value.timingInfo.clientStartTime'),
        integer('input_tokens', 'value.tokenCount.inputTokens'),
        integer('output_tokens', 'value.tokenCount.outputTokens'),
        text('model', 'value.modelInfo.modelName'),
        text('chat_model', 'value.modelType'),
        text('project_dir', 'value.workspaceProjectDir', 1000),
        text('tool_name', 'value.toolFormerData.name'),
        text('tool_call_id', 'value.toolFormerData.toolCallId'),
        text('tool_status', 'value.toolFormerData.status', 40),
        text('tool_decision', 'value.toolFormerData.userDecision', 40),
        text('tool_args', 'value.toolFormerData.rawArgs', 4000),
        { name: 'tool_args', kind: 'digest', path: 'value.toolFormerData.rawArgs', limit: 0 },
        text('tool_params', 'value.toolFormerData.params', 4000),
        text('params_path', 'value.toolFormerData.params.path', 1000),
        { name: 'tool_result', kind: 'digest', path: 'value.toolFormerData.result', limit: 400, tail: 300 },
        // A line of a transcript.
        text('role', 'role', 20),
        text('line_text', 'message.content', 80),
        size('line', 'message.content'),
        // A billed request.
        timestamp('billed_at', 'event.timestamp'),
        text('billed_model', 'event.model'),
        text('billed_user', 'event.user'),
        integer('billed_input_tokens', 'event.inputTokens'),
        integer('billed_output_tokens', 'event.outputTokens'),
        integer('billed_read_tokens', 'event.cacheReadTokens'),
        integer('billed_write_tokens', 'event.cacheWriteTokens'),
        { name: 'billed_cents', kind: 'decimal', path: 'event.cents' },
      ],
    },
    {
      name: 'workspace',
      at: 'value.workspaceUris[]',
      columns: [text('uri', '', 1000)],
    },
    {
      name: 'block',
      at: 'message.content[]',
      columns: [
        text('type', 'type', 40),
        text('text', 'text', 80),
        size('text', 'text'),
        text('id', 'id'),
        text('name', 'name'),
        { name: 'input', kind: 'digest', path: 'input', limit: 0 },
        text('command', 'input.command', 1000),
        text('path', 'input.path', 1000),
        text('file_path', 'input.file_path', 1000),
        text('target_file', 'input.target_file', 1000),
      ],
    },
  ],
};
