import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const time = (name: string, path: string): PlanColumn => ({ name, kind: 'timestamp', path });
const flag = (name: string, path: string): PlanColumn => ({ name, kind: 'boolean', path });
const digest = (name: string, path: string, limit = 0): PlanColumn => ({ name, kind: 'digest', path, limit });

/** Input leaves out what was read from and written to the cache; whether output holds reasoning, the total tells. */
const usage = (prefix: string, path: string): readonly PlanColumn[] => [
  { name: `${prefix}cost_usd`, kind: 'decimal', path: `${path}cost` },
  integer(`${prefix}total_tokens`, `${path}tokens.total`),
  integer(`${prefix}input_tokens`, `${path}tokens.input`),
  integer(`${prefix}output_tokens`, `${path}tokens.output`),
  integer(`${prefix}reasoning_tokens`, `${path}tokens.reasoning`),
  integer(`${prefix}cache_read_tokens`, `${path}tokens.cache.read`),
  integer(`${prefix}cache_write_tokens`, `${path}tokens.cache.write`),
];

/** What a tool was asked, in the words of the tools that come with the product. */
const input = (path: string): readonly PlanColumn[] => [
  digest('input', path),
  text('command', `${path}.command`, 1000),
  text('file_path', `${path}.filePath`, 1000),
  text('old_file_path', `${path}.file_path`, 1000),
  text('folder_path', `${path}.path`, 1000),
  { name: 'content', kind: 'lines', path: `${path}.content` },
  text('patch_text', `${path}.patchText`, 60_000),
];

const changes = (path: string): readonly PlanColumn[] => [
  integer('exit_code', `${path}.exit`),
  text('changed_path', `${path}.filediff.file`, 1000),
  integer('added_line_count', `${path}.filediff.additions`),
  integer('removed_line_count', `${path}.filediff.deletions`),
  { name: 'diff', kind: 'diff', path: `${path}.diff` },
  flag('is_overwriting', `${path}.exists`),
];

/** What is cut out of a record: a message with its parts, or what is known of a session. See read-database.ts. */
export const opencodePlan: Plan = {
  name: 'opencode',
  tables: [
    {
      name: 'record',
      columns: [
        text('kind', 'kind', 20),
        text('given_session_id', 'sessionID'),
        text('given_message_id', 'messageID'),
        text('session_id', 'session.id'),
        text('parent_id', 'session.parentID'),
        text('project_id', 'session.projectID'),
        text('directory', 'session.directory', 1000),
        text('version', 'session.version', 60),
        digest('title', 'session.title', 300),
        text('fork_id', 'session.forkID'),
        time('session_created_at', 'session.time.created'),
        text('id', 'info.id'),
        text('info_session_id', 'info.sessionID'),
        text('role', 'info.role', 40),
        text('type', 'info.type', 40),
        text('parent_message_id', 'info.parentID'),
        time('created_at', 'info.time.created'),
        time('completed_at', 'info.time.completed'),
        text('model_id', 'info.modelID'),
        text('provider_id', 'info.providerID'),
        text('model_ref_id', 'info.model.id'),
        text('model_ref_provider', 'info.model.providerID'),
        text('agent_name', 'info.agent', 100),
        text('cwd', 'info.path.cwd', 1000),
        flag('is_summary', 'info.summary'),
        text('finish', 'info.finish', 60),
        ...usage('', 'info.'),
        text('error_name', 'info.error.name', 60),
        text('error_type', 'info.error.type', 60),
        integer('error_status', 'info.error.data.statusCode'),
        text('error_words', 'info.error.data.message', 300),
        text('error_message', 'info.error.message', 300),
        digest('text', 'info.text'),
        text('call_id', 'info.callID'),
        text('shell_command', 'info.command', 1000),
        digest('output', 'info.output'),
        text('reason', 'info.reason', 40),
        // The first versions kept what is not the message's text in its metadata.
        text('old_session_id', 'info.metadata.sessionID'),
        time('old_created_at', 'info.metadata.time.created'),
        time('old_completed_at', 'info.metadata.time.completed'),
        text('old_model_id', 'info.metadata.assistant.modelID'),
        text('old_provider_id', 'info.metadata.assistant.providerID'),
        text('old_cwd', 'info.metadata.assistant.path.cwd', 1000),
        ...usage('old_', 'info.metadata.assistant.'),
      ],
    },
    {
      name: 'part',
      at: 'parts[]',
      columns: [
        text('id', 'id'),
        time('stored_at', 'rowCreated'),
        text('type', 'type', 40),
        digest('text', 'text'),
        flag('is_synthetic', 'synthetic'),
        time('started_at', 'time.start'),
        time('ended_at', 'time.end'),
        text('reason', 'reason', 60),
        ...usage('', ''),
        text('call_id', 'callID'),
        text('tool', 'tool'),
        text('status', 'state.status', 40),
        ...input('state.input'),
        digest('output', 'state.output', 200),
        text('error', 'state.error', 300),
        ...changes('state.metadata'),
        time('called_at', 'state.time.start'),
        time('returned_at', 'state.time.end'),
        flag('is_auto', 'auto'),
        integer('attempt_number', 'attempt'),
        text('error_name', 'error.name', 60),
        integer('error_status', 'error.data.statusCode'),
        text('error_words', 'error.data.message', 300),
        time('tried_at', 'time.created'),
      ],
    },
    {
      name: 'content',
      at: 'info.content[]',
      columns: [
        text('id', 'id'),
        text('type', 'type', 40),
        digest('text', 'text'),
        text('tool', 'name'),
        text('status', 'state.status', 40),
        ...input('state.input'),
        digest('output', 'state.content', 200),
        text('error', 'state.error.message', 300),
        ...changes('state.structured'),
        time('created_at', 'time.created'),
        time('ran_at', 'time.ran'),
        time('completed_at', 'time.completed'),
      ],
    },
  ],
};
