import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const integer = (name: string, path: string): PlanColumn => ({ name, kind: 'integer', path });
const lines = (name: string, path: string): PlanColumn => ({ name, kind: 'lines', path });

/** What is cut out of a row of the database, or of a line of the old files: both name a message's fields alike. */
export const goosePlan: Plan = {
  name: 'goose',
  tables: [
    {
      name: 'line',
      columns: [
        text('kind', 'kind', 20),
        text('session_id', 'session'),
        // A message.
        text('message_id', 'id'),
        text('role', 'role', 20),
        integer('created', 'created'),
        { name: 'is_visible', kind: 'boolean', path: 'metadata.userVisible' },
        { name: 'content', kind: 'digest', path: 'content', limit: 0 },
        // A session; its sums stand in the first line of an old file as well.
        text('working_dir', 'working_dir', 1000),
        text('session_type', 'session_type', 40),
        text('parent_id', 'parent_session_id'),
        text('created_at', 'created_at', 40),
        text('updated_at', 'updated_at', 40),
        text('provider', 'provider_name', 60),
        text('config_model', 'config.model_name'),
        integer('sum_input_tokens', 'accumulated_input_tokens'),
        integer('sum_output_tokens', 'accumulated_output_tokens'),
        integer('sum_total_tokens', 'accumulated_total_tokens'),
        integer('sum_read_tokens', 'accumulated_cache_read_tokens'),
        integer('sum_write_tokens', 'accumulated_cache_write_tokens'),
        { name: 'sum_cost_usd', kind: 'decimal', path: 'accumulated_cost' },
        integer('ledger_count', 'ledger_count'),
        // A row of the ledger.
        integer('ledger_no', 'ledger'),
        text('model', 'model'),
        integer('input_tokens', 'input_tokens'),
        integer('output_tokens', 'output_tokens'),
        integer('total_tokens', 'total_tokens'),
        integer('read_tokens', 'cache_read_tokens'),
        integer('write_tokens', 'cache_write_tokens'),
        { name: 'cost_usd', kind: 'decimal', path: 'cost' },
        text('cost_source', 'cost_source', 40),
        integer('is_compaction', 'is_compaction'),
      ],
    },
    {
      name: 'block',
      at: 'content[]',
      columns: [
        text('type', 'type', 40),
        { name: 'text', kind: 'size', path: 'text' },
        { name: 'thinking', kind: 'size', path: 'thinking' },
        text('id', 'id'),
        text('extension', '_meta.goose_extension'),
        text('call_status', 'toolCall.status', 20),
        text('call_error', 'toolCall.error', 300),
        text('name', 'toolCall.value.name'),
        { name: 'arguments', kind: 'digest', path: 'toolCall.value.arguments', limit: 0 },
        text('command', 'toolCall.value.arguments.command', 1000),
        text('path', 'toolCall.value.arguments.path', 1000),
        text('file_path', 'toolCall.value.arguments.file_path', 1000),
        lines('written', 'toolCall.value.arguments.content'),
        lines('old_written', 'toolCall.value.arguments.file_text'),
        lines('new', 'toolCall.value.arguments.after'),
        lines('old', 'toolCall.value.arguments.before'),
        lines('new_str', 'toolCall.value.arguments.new_str'),
        lines('old_str', 'toolCall.value.arguments.old_str'),
        text('result_status', 'toolResult.status', 20),
        text('result_error', 'toolResult.error', 300),
        { name: 'result', kind: 'digest', path: 'toolResult.value', limit: 400 },
        { name: 'is_error', kind: 'boolean', path: 'toolResult.value.isError' },
        integer('exit_code', 'toolResult.value.structuredContent.exit_code'),
      ],
    },
    {
      name: 'result_text',
      at: 'content[].toolResult.value.content[]',
      columns: [text('text', 'text', 400)],
    },
  ],
};
