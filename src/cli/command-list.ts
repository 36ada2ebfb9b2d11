import { COMPLETION } from './commands/completion.ts';
import { DIFF } from './commands/diff.ts';
import { DOCTOR } from './commands/doctor.ts';
import { EXPLAIN } from './commands/explain.ts';
import { EXPORT } from './commands/export.ts';
import { FORGET } from './commands/forget.ts';
import { LATEST } from './commands/latest.ts';
import { LOAD } from './commands/load.ts';
import { OVERVIEW } from './commands/overview.ts';
import { PRICES } from './commands/prices.ts';
import { PUBLISH } from './commands/publish.ts';
import { QUERY } from './commands/query.ts';
import { REPORT } from './commands/report.ts';
import { reportCommands } from './commands/report-commands.ts';
import { SCHEMA } from './commands/schema.ts';
import { SESSION } from './commands/session.ts';
import { SHELL } from './commands/shell.ts';
import { TEAM } from './commands/team.ts';
import type { CommandSpec, OptionSpec } from './spec.ts';

const OTHERS: readonly CommandSpec[] = [
  TEAM,
  REPORT,
  QUERY,
  SHELL,
  SCHEMA,
  EXPLAIN,
  LOAD,
  PUBLISH,
  FORGET,
  DOCTOR,
  PRICES,
  EXPORT,
  COMPLETION,
];

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly CommandSpec[] = [
  OVERVIEW,
  LATEST,
  SESSION,
  DIFF,
  ...reportCommands(),
  ...OTHERS,
];

/** Every option of any command, each once. `report` has those of all reports, whose files need not be read for it. */
export function allOptions(): readonly OptionSpec[] {
  const byFlags = new Map(
    [DIFF, ...OTHERS].flatMap(({ options }) => options).map((option) => [option.flags, option]),
  );
  return [...byFlags.values()];
}
