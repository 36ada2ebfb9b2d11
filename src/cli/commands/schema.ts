import { OUTPUT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec } from '../spec.ts';

export const SCHEMA: CommandSpec = {
  name: 'schema',
  summary: 'The views to query: grain, columns, units, versions',
  group: GROUPS.sql,
  argument: { name: 'name', description: 'one view; without it, all are listed' },
  options: OUTPUT_OPTIONS,
  examples: [
    { command: 'agenttrace schema', says: 'all views' },
    { command: 'agenttrace schema llm_calls', says: 'the columns of one' },
    { command: 'agenttrace schema -f json', says: 'everything, for a program' },
  ],
  run: async (invocation) => {
    const { showSchema } = await import('../show-schema.ts');
    await showSchema(invocation);
  },
};
