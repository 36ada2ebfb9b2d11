import { FILTER_OPTIONS, LOG_OPTIONS, PAGE_OUTPUT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec, OptionSpec } from '../spec.ts';

const EXPORT_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--content',
    description: 'with masked commands, error texts and paths of files, which are left out otherwise',
    group: 'What leaves:',
  },
  {
    flags: '--pseudonyms <keyfile>',
    description: 'users, hosts, projects, paths, branches and remotes as hashes with the key in KEYFILE',
    group: 'What leaves:',
    completes: 'file',
  },
  {
    flags: '--events',
    description: 'with the timeline: a row for each record of a log',
    group: 'What leaves:',
  },
  {
    flags: '--answers',
    description: 'with the rows of the other views as files, for engines that do not speak DuckDB’s SQL',
    group: 'What leaves:',
  },
];

export const EXPORT: CommandSpec = {
  name: 'export',
  summary: 'Everything as a star schema in Parquet, with views.sql for any DuckDB and a notebook',
  description:
    'DIR is a new or empty folder, or an earlier export, which is brought up to date: a day whose rows are as before keeps its file, and files that no longer belong to it go. A filter chooses sessions, which leave whole, with their subagents. docs/export.md has the tables, and how to read them with DuckDB, pandas, Polars and Spark.',
  group: GROUPS.data,
  argument: { name: 'dir', description: 'the folder to write', isRequired: true, completes: 'file' },
  options: [
    ...EXPORT_OPTIONS,
    ...FILTER_OPTIONS.filter(({ flags }) => /--(since|until|agent|project|session|cost-mode)\b/.test(flags)),
    ...LOG_OPTIONS,
    ...PAGE_OUTPUT_OPTIONS,
  ],
  examples: [
    { command: 'agenttrace export ./agents', says: 'then: cd agents && duckdb -init views.sql' },
    { command: 'agenttrace export ./agents --since 30d --project shop', says: 'a month of one project' },
    { command: 'agenttrace export ./shared --pseudonyms team.key', says: 'to hand on without names' },
    { command: 'agenttrace export ./agents -f json', says: 'what was written, for a program' },
  ],
  run: async (invocation) => {
    const { runExport } = await import('../run-export.ts');
    await runExport(invocation);
  },
};
