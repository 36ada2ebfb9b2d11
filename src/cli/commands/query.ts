import { FILTER_OPTIONS, LOG_OPTIONS, OUTPUT_OPTIONS, TEAM_OPTION } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import { PARAMETER_OPTION } from '../report-options.ts';
import type { CommandSpec, OptionSpec } from '../spec.ts';

const SQL = 'SQL:';

export const TIMEOUT_OPTION: OptionSpec = {
  flags: '--timeout <seconds>',
  description: 'stop when DuckDB has worked so long (default: 60)',
  group: SQL,
};

const QUERY_OPTIONS: readonly OptionSpec[] = [
  { flags: '--file <file>', description: 'read the SQL from FILE', group: SQL, completes: 'file' },
  {
    ...PARAMETER_OPTION,
    description: 'a value for $name in the SQL, of the type that the SQL needs there; may be repeated',
    group: SQL,
  },
  {
    flags: '--plan',
    description: 'show how DuckDB would run the last statement, and do not run it',
    group: SQL,
  },
  { flags: '--profile', description: 'run it, and show what each step took', group: SQL },
  TIMEOUT_OPTION,
  {
    flags: '--memory <megabytes>',
    description: 'memory for DuckDB (default: 512); a query that takes far more is stopped',
    group: SQL,
  },
  {
    flags: '--unsafe-external <dir>',
    description: 'let the SQL read the files below DIR too: CSV, Parquet, JSON, by their full path',
    group: SQL,
    completes: 'folder',
  },
];

export const QUERY: CommandSpec = {
  name: 'query',
  summary: 'Answer any question in SQL',
  description:
    'DuckDB’s SQL over the views that agenttrace schema lists; their schema v1 is on the search path. SQL of a stranger or an agent is safe to run: it can read the warehouse and make temporary tables, views and macros, and reach no file, network or setting. Whatever else stands in the text, none of it runs. Without an argument, or with -, the SQL is read from stdin. A terminal gets the first 100 rows and is told how many there are; a pipe or file gets all, as they come.',
  group: GROUPS.sql,
  argument: { name: 'sql', description: 'one or more statements; the last one answers' },
  options: [
    ...QUERY_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...LOG_OPTIONS,
    TEAM_OPTION,
    ...FILTER_OPTIONS.filter(({ flags }) => /^--(?:cost-mode|limit)/.test(flags)),
  ],
  examples: [
    { command: 'agenttrace query "select * from sessions limit 10"', says: 'some rows' },
    { command: 'agenttrace query "from daily_cost" -f csv', says: 'a view as CSV' },
    { command: 'agenttrace query --file waste.sql -o waste.parquet', says: 'from a file, to Parquet' },
    { command: 'echo "show tables" | agenttrace query -', says: 'from stdin' },
    {
      command: "agenttrace query 'from sessions where started_at > $day' --param day=2026-11-01",
      says: 'with a value',
    },
    { command: 'agenttrace query --plan --file waste.sql', says: 'how it would run' },
    {
      command:
        'agenttrace query --unsafe-external ~/tickets "from sessions join \'~/tickets/open.csv\' using (git_branch)"',
      says: 'joined with files of your own',
    },
  ],
  run: async (invocation) => {
    const { runQuery } = await import('../run-query.ts');
    await runQuery(invocation);
  },
};
