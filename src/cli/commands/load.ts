import { LOG_OPTIONS, PAGE_OUTPUT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec } from '../spec.ts';

export const LOAD: CommandSpec = {
  name: 'load',
  summary: 'Bring the warehouse up to date with the logs',
  description:
    'Every other command does this by itself, unless --no-refresh. Logs of a PATH or of -d are kept only where --warehouse says so.',
  group: GROUPS.data,
  argument: {
    name: 'path',
    description: 'only these logs: folders or files',
    isVariadic: true,
    completes: 'file',
  },
  options: [...PAGE_OUTPUT_OPTIONS, ...LOG_OPTIONS.filter(({ flags }) => flags !== '--no-refresh')],
  examples: [
    { command: 'agenttrace load', says: 'the known places of every agent' },
    { command: 'agenttrace load ./logs --warehouse team.duckdb', says: 'one folder into a file of its own' },
    { command: 'agenttrace load -f json', says: 'what was read, for a program' },
  ],
  run: async (invocation) => {
    const { runLoad } = await import('../run-load.ts');
    await runLoad(invocation);
  },
};
