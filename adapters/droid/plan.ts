import type { Plan, PlanColumn } from '../../src/model/plan.ts';

const text = (name: string, path: string, limit = 200): PlanColumn => ({ name, kind: 'text', path, limit });
const size = (name: string, path: string): PlanColumn => ({ name, kind: 'size', path });
const lines = (name: string, path: string): PlanColumn => ({ name, kind: 'lines', path });

/** What is cut out of a record of a Droid session. */
export const droidPlan: Plan = {
  name: 'droid',
  tables: [
    {
      name: 'line',
      columns: [
        text('type', 'type', 60),
        text('id', 'id'),
        { name: 'occurred_at', kind: 'timestamp', path: 'timestamp' },
        text('cwd', 'cwd', 1000),
        text('agent_version', 'version', 60),
        text('caller_id', 'callingSessionId'),
        text('parent_id', 'parent'),
        text('role', 'message.role', 40),
        text('text', 'message.content', 40),
        size('text', 'message.content'),
        text('model', 'message.modelId'),
        text('visibility', 'message.visibility', 40),
        text('hook', 'message.hookEventName', 60),
        text('source', 'message.userMessageSource', 60),
      ],
    },
    {
      name: 'block',
      at: 'message.content[]',
      columns: [
        text('type', 'type', 40),
        text('text', 'text', 40),
        size('text', 'text'),
        size('thinking', 'thinking'),
        text('id', 'id'),
        text('name', 'name'),
        { name: 'input', kind: 'digest', path: 'input', limit: 0 },
        text('command', 'input.command', 1000),
        text('file_path', 'input.file_path', 1000),
        text('path', 'input.path', 1000),
        text('directory_path', 'input.directory_path', 1000),
        lines('old', 'input.old_str'),
        lines('old_string', 'input.old_string'),
        lines('new', 'input.new_str'),
        lines('new_string', 'input.new_string'),
        lines('content', 'input.content'),
        text('patch', 'input.input', 4000),
        { name: 'patch', kind: 'diff', path: 'input.input' },
        text('tool_use_id', 'tool_use_id'),
        { name: 'is_error', kind: 'boolean', path: 'is_error' },
        { name: 'result', kind: 'digest', path: 'content', limit: 300, tail: 100 },
      ],
    },
  ],
};
