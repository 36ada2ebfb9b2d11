import { TEXT_OUTPUT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec, OptionSpec } from '../spec.ts';

const DDL_OPTION: OptionSpec = {
  flags: '--ddl',
  description: 'create table statements for a copy, with types and comments; also by -o FILE.sql',
  group: 'Output:',
};

export const SCHEMA: CommandSpec = {
  name: 'schema',
  summary: 'The views to query: grain, columns, units, versions',
  description:
    'Views are a contract: what one says changes only with its version. With -f markdown the page docs/schema.md, with -f json everything for a program.',
  group: GROUPS.sql,
  argument: { name: 'name', description: 'one view; without it, all are listed', completes: 'view' },
  options: [...TEXT_OUTPUT_OPTIONS, DDL_OPTION],
  examples: [
    { command: 'agenttrace schema', says: 'all views' },
    { command: 'agenttrace schema llm_calls', says: 'the columns of one' },
    { command: 'agenttrace schema --ddl -o schema.sql', says: 'tables for a copy in another database' },
    { command: 'agenttrace schema -f json', says: 'everything, for a program' },
  ],
  run: async (invocation) => {
    const { showSchema } = await import('../show-schema.ts');
    await showSchema(invocation);
  },
};
