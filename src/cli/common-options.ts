import { COST_MODES } from '../model/settings.ts';
import type { OptionSpec } from './spec.ts';

const OUTPUT = 'Output:';
const LOGS = 'Which logs:';
const SESSIONS = 'Which sessions:';
const COUNTING = 'How to count:';
const GATES = 'Gates (exit 2 when one does not hold):';

export const FORMATS = ['table', 'markdown', 'json', 'jsonl', 'csv', 'html', 'parquet', 'arrow'] as const;
/** Formats of an answer that is a page of several tables. */
export const PAGE_FORMATS = ['table', 'markdown', 'json', 'html'] as const;

/** Options about what is printed, where and how. */
export const OUTPUT_OPTIONS = [
  {
    flags: '-f, --format <format>',
    description: 'how to write the answer; without it the suffix of -o decides, else table',
    group: OUTPUT,
    choices: FORMATS,
    otherChoices: ['text', 'md'],
  },
  {
    flags: '-o, --output <file>',
    description: 'write to FILE instead of stdout; a folder gets a new file; - is stdout',
    group: OUTPUT,
    completes: 'file',
  },
  { flags: '--quiet', description: 'no progress and no notes on stderr', group: OUTPUT },
  { flags: '--no-color', description: 'no colour, also by NO_COLOR', group: OUTPUT },
  { flags: '--lang <lang>', description: 'language: en', group: OUTPUT, isHidden: true },
  {
    flags: '--timezone <tz>',
    description: 'time zone of days and times, such as Europe/Berlin (default: the system’s)',
    group: COUNTING,
  },
] as const satisfies readonly OptionSpec[];

const offering = (formats: readonly string[]): readonly OptionSpec[] =>
  OUTPUT_OPTIONS.map((option) => (option.flags.startsWith('-f') ? { ...option, choices: formats } : option));

/** The same for an answer that is a page, and for one that is text. */
export const PAGE_OUTPUT_OPTIONS = offering(PAGE_FORMATS);
export const TEXT_OUTPUT_OPTIONS = offering(['table', 'markdown', 'json', 'jsonl', 'csv', 'html']);

/** Options about the logs that answer. */
export const LOG_OPTIONS = [
  {
    flags: '-d, --dir <dir>',
    description:
      'only the logs below DIR, any agent’s; may be repeated; nothing is kept, unless in the file of --warehouse',
    group: LOGS,
    isRepeatable: true,
    completes: 'folder',
  },
  { flags: '--demo', description: 'the logs of a shipped example; none of yours is read', group: LOGS },
  {
    flags: '--warehouse <file>',
    description:
      'the warehouse file (default: AGENTTRACE_WAREHOUSE, else the data folder); with -d or a PATH, it keeps what is loaded and answers with all that it holds',
    group: LOGS,
    completes: 'file',
  },
  { flags: '--no-refresh', description: 'answer from the warehouse as it is, read no logs', group: LOGS },
] as const satisfies readonly OptionSpec[];

/** Whose facts answer: everyone's rather than those of the logs here. */
export const TEAM_OPTION = {
  flags: '--team <dir>',
  description: 'everyone’s sessions, from the lake in DIR that agenttrace publish fills',
  group: LOGS,
  completes: 'folder',
} as const satisfies OptionSpec;

/** Options that narrow a report. A report that cannot be narrowed so says so. */
export const FILTER_OPTIONS = [
  {
    flags: '--since <when>',
    description: 'from a date on (2026-01-31), or back by 2w, 7d, 24h, 30m (minutes)',
    group: SESSIONS,
  },
  {
    flags: '--until <when>',
    description: 'up to and with a date, or up to 2w, 7d, 24h, 30m ago',
    group: SESSIONS,
  },
  { flags: '--agent <agent>', description: 'one agent, such as claude-code', group: SESSIONS },
  { flags: '--model <model>', description: 'one model', group: SESSIONS },
  { flags: '--project <project>', description: 'one project', group: SESSIONS },
  { flags: '--session <ref>', description: 'one session, by id or unique prefix', group: SESSIONS },
  { flags: '--limit <n>', description: 'at most N rows in a list', group: SESSIONS },
  {
    flags: '--cost-mode <mode>',
    description:
      'costs as the log reports them, as tokens × price, or the report’s with the price as fallback',
    group: COUNTING,
    choices: COST_MODES,
  },
  { flags: '--content', description: 'add masked commands and error texts', group: OUTPUT },
] as const satisfies readonly OptionSpec[];

/** Options that hold the sessions of a report against conditions. */
export const GATE_OPTIONS = [
  {
    flags: '--fail-under-health <n>',
    description: 'their average health must not be below N; 0: off',
    group: GATES,
  },
  { flags: '--fail-on-critical', description: 'none of them may be critical', group: GATES },
  {
    flags: '--max-tool-fail-rate <percent>',
    description: 'of their tool calls, at most so many of a hundred may fail',
    group: GATES,
  },
  { flags: '--max-cost <usd>', description: 'they may cost so much', group: GATES },
  { flags: '--max-waste <usd>', description: 'they may waste so much', group: GATES },
  {
    flags: '--fail-on-sql <file-or-sql>',
    description: 'the SQL must answer no row; judged_sessions has the sessions; may be repeated',
    group: GATES,
    isRepeatable: true,
    completes: 'file',
  },
] as const satisfies readonly OptionSpec[];

/** Of the Go tool, where it named a heading and changed no figure. */
const LABEL_OPTION: OptionSpec = {
  flags: '-m <model>',
  description: 'changes no figure',
  group: OUTPUT,
  isHidden: true,
};

/** What every report takes. */
export const REPORT_OPTIONS: readonly OptionSpec[] = [
  ...OUTPUT_OPTIONS,
  ...LOG_OPTIONS,
  TEAM_OPTION,
  ...FILTER_OPTIONS,
  ...GATE_OPTIONS,
  LABEL_OPTION,
];
