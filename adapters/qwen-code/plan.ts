import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const flag = (name: string, path: string): PlanColumn => ({ name, kind: 'boolean', path });
const lines = (name: string, path: string): PlanColumn => ({ name, kind: 'lines', path });

/** How a tool call ended. */
const result = (path: string): readonly PlanColumn[] => [
  text('result_call_id', `${path}.callId`),
  text('result_status', `${path}.status`, 40),
  text('result_error_type', `${path}.errorType`, 60),
  integer('result_duration_ms', `${path}.durationMs`),
  text('result_display', `${path}.resultDisplay`),
  text('result_file_name', `${path}.resultDisplay.fileName`, 1000),
  { name: 'result_diff', kind: 'diff', path: `${path}.resultDisplay.fileDiff` },
  { name: 'result_original', kind: 'kind', path: `${path}.resultDisplay.originalContent` },
  flag('is_result_diff_cut', `${path}.resultDisplay.fileDiffTruncated`),
  integer('result_added_line_count', `${path}.resultDisplay.diffStat.model_added_lines`),
  integer('result_removed_line_count', `${path}.resultDisplay.diffStat.model_removed_lines`),
];

/** What is cut out of a record of a Qwen Code session. */
export const qwenPlan: Plan = {
  name: 'qwen-code',
  tables: [
    {
      name: 'line',
      columns: [
        text('id', 'uuid'),
        { name: 'uuid', kind: 'uuid', path: 'uuid' },
        text('session_id', 'sessionId'),
        { name: 'occurred_at', kind: 'timestamp', path: 'timestamp' },
        text('type', 'type', 40),
        text('subtype', 'subtype', 60),
        text('provenance', 'provenance', 40),
        text('cwd', 'cwd', 1000),
        text('version', 'version', 60),
        text('git_branch', 'gitBranch', 400),
        text('agent_id', 'agentId'),
        flag('is_sidechain', 'isSidechain'),
        text('forked_from_session_id', 'forkedFrom.sessionId'),
        text('model', 'model'),
        integer('prompt_tokens', 'usageMetadata.promptTokenCount'),
        integer('candidate_tokens', 'usageMetadata.candidatesTokenCount'),
        integer('thought_tokens', 'usageMetadata.thoughtsTokenCount'),
        integer('cached_tokens', 'usageMetadata.cachedContentTokenCount'),
        integer('tool_tokens', 'usageMetadata.toolUsePromptTokenCount'),
        integer('total_tokens', 'usageMetadata.totalTokenCount'),
        ...result('toolCallResult'),
        text('parent_session_id', 'systemPayload.parentSessionId'),
        integer('before_tokens', 'systemPayload.info.originalTokenCount'),
        integer('after_tokens', 'systemPayload.info.newTokenCount'),
        integer('telemetry_status_code', 'systemPayload.uiEvent.status_code'),
        integer('telemetry_input_tokens', 'systemPayload.uiEvent.input_token_count'),
        text('telemetry_function', 'systemPayload.uiEvent.function_name'),
        text('telemetry_model', 'systemPayload.uiEvent.model'),
        text('telemetry_error', 'systemPayload.uiEvent.error', 400),
        text('telemetry_error_message', 'systemPayload.uiEvent.error_message', 400),
        text('telemetry_error_type', 'systemPayload.uiEvent.error_type', 60),
      ],
    },
    {
      name: 'part',
      at: 'message.parts[]',
      columns: [
        text('text', 'text', 200),
        { name: 'text', kind: 'size', path: 'text' },
        flag('is_thought', 'thought'),
        { name: 'call', kind: 'kind', path: 'functionCall' },
        text('call_id', 'functionCall.id'),
        text('call_name', 'functionCall.name'),
        { name: 'args', kind: 'digest', path: 'functionCall.args', limit: 0 },
        text('command', 'functionCall.args.command', 1000),
        flag('is_background', 'functionCall.args.is_background'),
        text('file_path', 'functionCall.args.file_path', 1000),
        text('absolute_path', 'functionCall.args.absolute_path', 1000),
        text('path', 'functionCall.args.path', 1000),
        lines('written', 'functionCall.args.content'),
        lines('old', 'functionCall.args.old_string'),
        lines('new', 'functionCall.args.new_string'),
        { name: 'response', kind: 'kind', path: 'functionResponse' },
        text('response_id', 'functionResponse.id'),
        { name: 'output', kind: 'digest', path: 'functionResponse.response.output', limit: 200, tail: 600 },
        { name: 'failure', kind: 'digest', path: 'functionResponse.response.error', limit: 200 },
      ],
    },
    // Of the first versions' documents, whose messages hold how their own calls ended.
    {
      name: 'result',
      at: 'results[]',
      columns: [
        { name: 'occurred_at', kind: 'timestamp', path: 'timestamp' },
        ...result('toolCallResult'),
        { name: 'output', kind: 'digest', path: 'output', limit: 200, tail: 600 },
        { name: 'failure', kind: 'digest', path: 'error', limit: 200 },
      ],
    },
  ],
};
