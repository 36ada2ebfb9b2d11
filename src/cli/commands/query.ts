import { FILTER_OPTIONS, LOG_OPTIONS, OUTPUT_OPTIONS, TEAM_OPTION } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec, OptionSpec } from '../spec.ts';

export const TIMEOUT_OPTION: OptionSpec = {
  flags: '--timeout <seconds>',
  description: 'stop a statement after so long (default: 60)',
  group: 'SQL:',
};

const QUERY_OPTIONS: readonly OptionSpec[] = [
  { flags: '--file <file>', description: 'read the SQL from FILE', group: 'SQL:', completes: 'file' },
  TIMEOUT_OPTION,
];

export const QUERY: CommandSpec = {
  name: 'query',
  summary: 'Answer any question in SQL',
  description:
    'DuckDB’s SQL over the views that agenttrace schema lists; their schema v1 is on the search path. The warehouse is opened to read alone: no file, network or setting can be reached. Without an argument, or with -, the SQL is read from stdin.',
  group: GROUPS.sql,
  argument: { name: 'sql', description: 'one or more statements; the last one answers' },
  options: [
    ...QUERY_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...LOG_OPTIONS,
    TEAM_OPTION,
    ...FILTER_OPTIONS.filter(({ flags }) => flags.startsWith('--cost-mode')),
  ],
  examples: [
    { command: 'agenttrace query "select * from sessions limit 10"', says: 'some rows' },
    { command: 'agenttrace query "from daily_cost" -f csv', says: 'a view as CSV' },
    { command: 'agenttrace query --file waste.sql -o waste.parquet', says: 'from a file, to Parquet' },
    { command: 'echo "show tables" | agenttrace query -', says: 'from stdin' },
  ],
  run: async (invocation) => {
    const { runQuery } = await import('../run-query.ts');
    await runQuery(invocation);
  },
};
