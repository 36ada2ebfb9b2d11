import type { Plan, PlanColumn, PlanTable } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const size = (name: string, path: string): PlanColumn => ({ name, kind: 'size', path });
const lines = (name: string, path: string): PlanColumn => ({ name, kind: 'lines', path });

/** A message, as a line of its own or within a list of all. */
const message: readonly PlanColumn[] = [
  text('id', 'id'),
  text('type', 'type', 60),
  { name: 'occurred_at', kind: 'timestamp', path: 'timestamp' },
  text('model', 'model'),
  text('content', 'content', 400),
  size('content', 'content'),
  text('content_object', 'content.text', 400),
  size('content_object', 'content.text'),
  size('display', 'displayContent'),
  integer('input_tokens', 'tokens.input'),
  integer('output_tokens', 'tokens.output'),
  integer('cached_tokens', 'tokens.cached'),
  integer('thought_tokens', 'tokens.thoughts'),
  integer('tool_tokens', 'tokens.tool'),
];

/** What a tool was asked for. */
const request = (path: string): readonly PlanColumn[] => [
  { name: 'args', kind: 'digest', path, limit: 0 },
  text('command', `${path}.command`, 1000),
  text('file_path', `${path}.file_path`, 1000),
  text('absolute_path', `${path}.absolute_path`, 1000),
  text('path', `${path}.path`, 1000),
  text('dir_path', `${path}.dir_path`, 1000),
  { name: 'is_background', kind: 'boolean', path: `${path}.is_background` },
  lines('written', `${path}.content`),
  lines('old', `${path}.old_string`),
  lines('new', `${path}.new_string`),
];

/** What a tool answered: an answer or an error. */
const answer = (path: string): readonly PlanColumn[] => [
  text('response_call_id', `${path}.id`),
  { name: 'output', kind: 'digest', path: `${path}.response.output`, limit: 200, tail: 600 },
  { name: 'failure', kind: 'digest', path: `${path}.response.error`, limit: 200 },
];

const calls = (name: string, at: string): PlanTable => ({
  name,
  at,
  columns: [
    text('id', 'id'),
    text('name', 'name'),
    text('status', 'status', 40),
    { name: 'occurred_at', kind: 'timestamp', path: 'timestamp' },
    text('agent_id', 'agentId'),
    text('display_name', 'displayName'),
    ...request('args'),
    { name: 'result', kind: 'digest', path: 'result', limit: 0 },
    ...answer('result.functionResponse'),
    text('display', 'resultDisplay'),
    { name: 'diff', kind: 'diff', path: 'resultDisplay.fileDiff' },
    { name: 'is_new_file', kind: 'boolean', path: 'resultDisplay.isNewFile' },
    integer('added_line_count', 'resultDisplay.diffStat.model_added_lines'),
    integer('removed_line_count', 'resultDisplay.diffStat.model_removed_lines'),
  ],
});

const parts = (name: string, at: string): PlanTable => ({
  name,
  at,
  columns: [
    text('text', 'text', 400),
    size('text', 'text'),
    text('word', '', 400),
    size('word', ''),
    { name: 'response', kind: 'kind', path: 'functionResponse' },
  ],
});

/** What is cut out of a line of a session, of a message of an older one, of the output of a headless run. */
export const geminiPlan: Plan = {
  name: 'gemini-cli',
  tables: [
    {
      name: 'line',
      columns: [
        ...message,
        text('session_id', 'sessionId'),
        text('set_session_id', '$set.sessionId'),
        { name: 'set', kind: 'kind', path: '$set' },
        { name: 'change', kind: 'digest', path: '$set', limit: 0 },
        text('rewind_to', '$rewindTo'),
        { name: 'started_at', kind: 'timestamp', path: 'startTime' },
        text('kind', 'kind', 40),
        text('run_session_id', 'session_id'),
        text('role', 'role', 40),
        text('tool_id', 'tool_id'),
        text('tool_name', 'tool_name'),
        ...request('parameters'),
        text('status', 'status', 40),
        { name: 'output', kind: 'digest', path: 'output', limit: 200, tail: 600 },
        { name: 'failure', kind: 'digest', path: 'error.message', limit: 200 },
        text('error_message', 'message', 400),
        { name: 'stats', kind: 'kind', path: 'stats' },
        { name: 'run_stats', kind: 'digest', path: 'stats', limit: 0 },
        { name: 'run_response', kind: 'digest', path: 'response', limit: 0 },
        integer('run_input_tokens', 'stats.input_tokens'),
        integer('run_output_tokens', 'stats.output_tokens'),
        integer('run_cached_tokens', 'stats.cached'),
        integer('run_total_tokens', 'stats.total_tokens'),
        integer('run_duration_ms', 'stats.duration_ms'),
      ],
    },
    calls('call', 'toolCalls[]'),
    { name: 'answer', at: 'toolCalls[].result[]', columns: answer('functionResponse') },
    parts('part', 'content[]'),
    parts('display_part', 'displayContent[]'),
    {
      name: 'thought',
      at: 'thoughts[]',
      columns: [size('subject', 'subject'), size('description', 'description'), size('word', '')],
    },
    { name: 'directory', at: 'directories[]', columns: [text('path', '', 1000)] },
    { name: 'set_message', at: '$set.messages[]', columns: message },
    parts('set_part', '$set.messages[].content[]'),
    calls('set_call', '$set.messages[].toolCalls[]'),
    { name: 'inline_message', at: 'messages[]', columns: message },
    calls('inline_call', 'messages[].toolCalls[]'),
    {
      name: 'model',
      at: 'stats.models{}',
      columns: [
        text('model', '$key'),
        integer('request_count', 'api.totalRequests'),
        integer('error_count', 'api.totalErrors'),
        integer('latency_ms', 'api.totalLatencyMs'),
        integer('prompt_tokens', 'tokens.prompt'),
        integer('candidate_tokens', 'tokens.candidates'),
        integer('cached_tokens', 'tokens.cached'),
        integer('thought_tokens', 'tokens.thoughts'),
        integer('tool_tokens', 'tokens.tool'),
        integer('run_input_tokens', 'input_tokens'),
        integer('run_output_tokens', 'output_tokens'),
        integer('run_cached_tokens', 'cached'),
        integer('run_total_tokens', 'total_tokens'),
      ],
    },
  ],
};
