import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { publicViews } from '../../catalog/contract.ts';
import { quoteName } from '../../catalog/sql-names.ts';
import { AgenttraceError } from '../../model/errors.ts';
import { REPORT } from '../commands/report.ts';
import { SCHEMA } from '../commands/schema.ts';
import { nearest } from '../nearest.ts';
import { readOptions } from '../options.ts';
import { runStatement, type ShellSession, showCommand, tell } from './session.ts';

/** A command of the shell itself. */
export interface BackslashCommand {
  readonly name: string;
  /** Other names that people bring from other shells. */
  readonly otherNames?: readonly string[];
  readonly argument: string;
  readonly says: string;
  readonly completes?: 'view' | 'report' | 'format' | 'switch' | 'file';
  /** Whether the shell goes on. */
  readonly run: (session: ShellSession, words: readonly string[]) => Promise<boolean>;
}

export const BACKSLASH_COMMANDS: readonly BackslashCommand[] = [
  {
    name: 'd',
    otherNames: ['d+', 'dt', 'dv'],
    argument: '[NAME]',
    says: 'the views; the columns of one',
    completes: 'view',
    run: async (session, [name]) => goOn(describe(session, name)),
  },
  {
    name: 'reports',
    argument: '',
    says: 'the reports',
    run: async (session) => goOn(listReports(session)),
  },
  {
    name: 'r',
    otherNames: ['report'],
    argument: 'NAME [OPTION…]',
    says: 'run a report: \\r tools --since 7d --limit 5',
    completes: 'report',
    run: async (session, words) => goOn(runNamedReport(session, words)),
  },
  {
    name: 'f',
    otherNames: ['format'],
    argument: '[FORMAT]',
    says: 'how answers are written: table, json, csv and the others of -f',
    completes: 'format',
    run: async (session, [format]) => goOn(setFormat(session, format)),
  },
  {
    name: 'o',
    otherNames: ['output'],
    argument: '[FILE]',
    says: 'write answers to FILE; without it, to the screen again',
    completes: 'file',
    run: async (session, [file]) => goOn(setOutput(session, file)),
  },
  {
    name: 'i',
    argument: 'FILE',
    says: 'run the statements and commands of a file',
    completes: 'file',
    run: runFile,
  },
  {
    name: 'timing',
    argument: '[on|off]',
    says: 'say how long each statement took',
    completes: 'switch',
    run: async (session, [word]) => {
      session.state.isTiming = readSwitch(word, session.state.isTiming);
      return goOn(tell(session, `Timing is ${session.state.isTiming ? 'on' : 'off'}.`));
    },
  },
  {
    name: 'pager',
    argument: '[on|off]',
    says: 'show what is longer than the screen in $PAGER',
    completes: 'switch',
    run: async (session, [word]) => {
      session.state.isPaging = readSwitch(word, session.state.isPaging);
      return goOn(tell(session, `The pager is ${session.state.isPaging ? 'on' : 'off'}.`));
    },
  },
  {
    name: 'load',
    otherNames: ['refresh'],
    argument: '',
    says: 'bring the warehouse up to date with the logs',
    run: async (session) => goOn(refresh(session)),
  },
  {
    name: '?',
    otherNames: ['h', 'help'],
    argument: '',
    says: 'this list',
    run: async (session) => goOn(tell(session, helpText())),
  },
  {
    name: 'q',
    otherNames: ['quit', 'exit'],
    argument: '',
    says: 'leave; so does Ctrl-D',
    run: async () => false,
  },
];

/** Runs a command by its name; false when the shell is to end. */
export async function runBackslashCommand(
  session: ShellSession,
  { name, words }: { readonly name: string; readonly words: readonly string[] },
): Promise<boolean> {
  const command = BACKSLASH_COMMANDS.find(
    (one) => one.name === name || one.otherNames?.includes(name) === true,
  );
  if (command !== undefined) return command.run(session, words);
  const near = nearest(
    name,
    BACKSLASH_COMMANDS.flatMap((one) => [one.name, ...(one.otherNames ?? [])]),
    1,
  );
  throw new AgenttraceError({
    code: 'usage',
    message: `There is no command \\${name}.`,
    hint: `${near[0] === undefined ? '' : `Did you mean \\${near[0]}? `}\\? lists them.`,
  });
}

async function goOn(work: Promise<void>): Promise<boolean> {
  await work;
  return true;
}

function helpText(): string {
  const rows = BACKSLASH_COMMANDS.map(
    ({ name, argument, says }) => [`\\${name} ${argument}`.trimEnd(), says] as const,
  );
  const width = Math.max(...rows.map(([call]) => call.length));
  return [
    'SQL ends with a semicolon and may take several lines.',
    '',
    ...rows.map(([call, says]) => `  ${call.padEnd(width)}  ${says}`),
    '',
    'Tab completes views, columns and functions.',
    'Ctrl-C stops a statement, or drops what was typed.',
    'The warehouse is open only while a statement runs, so that no load waits.',
  ].join('\n');
}

async function describe(session: ShellSession, name: string | undefined): Promise<void> {
  const isOurs =
    name === undefined || publicViews().some((view) => view.name === name.toLowerCase().replace(/^v1\./, ''));
  if (!isOurs && (await temporaryNames(session)).includes(name)) {
    return runStatement(session, `describe ${quoteName(name)}`);
  }
  await showCommand(session, (invocation) =>
    SCHEMA.run({ ...invocation, operands: name === undefined ? [] : [name] }),
  );
  if (name !== undefined) return;
  const temporary = await temporaryNames(session);
  if (temporary.length > 0) await tell(session, `Temporary: ${temporary.join(', ')}`);
}

/** Tables and views that were made in this shell. */
export async function temporaryNames({
  database,
}: Pick<ShellSession, 'database'>): Promise<readonly string[]> {
  const { rows } = await database.use((connection) =>
    connection.query(`
      select table_name from duckdb_tables() where temporary
      union all
      select view_name from duckdb_views() where temporary and not internal
      order by all`),
  );
  return rows.map(([name]) => String(name));
}

const listReports = (session: ShellSession): Promise<void> =>
  showCommand(session, (invocation) => REPORT.run(invocation));

async function runNamedReport(session: ShellSession, [name, ...words]: readonly string[]): Promise<void> {
  if (name === undefined) return listReports(session);
  const { runReport } = await import('./run-report.ts');
  await runReport(session, { name, words });
}

async function setFormat(session: ShellSession, word: string | undefined): Promise<void> {
  const { state, invocation } = session;
  if (word !== undefined)
    state.format = readOptions({ raw: { format: word }, given: [] }, invocation.runtime).format;
  await tell(session, `Answers are written as ${state.format ?? 'tables, or by the suffix of the file'}.`);
}

async function setOutput(session: ShellSession, path: string | undefined): Promise<void> {
  session.state.output = path === undefined ? undefined : { path, isBegun: false };
  await tell(session, path === undefined ? 'Answers go to the screen.' : `Answers go to ${path}.`);
}

function readSwitch(word: string | undefined, before: boolean): boolean {
  if (word === undefined) return !before;
  if (word === 'on' || word === 'off') return word === 'on';
  throw new AgenttraceError({ code: 'usage', message: `This is on or off, not “${word}”.` });
}

async function refresh(session: ShellSession): Promise<void> {
  const isDone = await session.database.refresh();
  await tell(
    session,
    isDone
      ? 'The warehouse is up to date.'
      : 'These logs were read into memory when the shell began; start it again to read them anew.',
  );
}

async function runFile(session: ShellSession, [path]: readonly string[]): Promise<boolean> {
  if (path === undefined) throw new AgenttraceError({ code: 'usage', message: '\\i wants a file.' });
  const source = resolve(session.invocation.runtime.workingFolder, path);
  const { runUnits } = await import('./run-units.ts');
  return runUnits(session, readLines(source));
}

function readLines(source: string): readonly string[] {
  try {
    return readFileSync(source, 'utf8')
      .replace(/^\uFEFF/, '')
      .split('\n');
  } catch (cause) {
    throw new AgenttraceError({ code: 'no_input', message: 'The file cannot be read.', source, cause });
  }
}
