import { Argument, Command, CommanderError, Option } from 'commander';
import { AgenttraceError } from '../model/errors.ts';
import { longFlag } from './arguments.ts';
import { COMMANDS } from './command-list.ts';
import { emptyValue } from './empty-value.ts';
import { exitCodeHelp } from './exit-code-help.ts';
import { examplesText, wrapLists } from './help-text.ts';
import { nearest } from './nearest.ts';
import { type RawOptions, readOptions } from './options.ts';
import type { Runtime } from './runtime.ts';
import { type CommandSpec, type Example, type Invocation, type OptionSpec, offered } from './spec.ts';

export interface Parsed {
  readonly command: CommandSpec;
  readonly invocation: Invocation;
}

/** What the arguments ask for: a command with its options, or help that is already printed text. */
export function parseArguments(
  words: readonly string[],
  runtime: Runtime,
): Parsed | { readonly help: string } {
  let parsed: Parsed | undefined;
  const printed: string[] = [];
  const command = COMMANDS.find(({ name }) => name === words[0]);
  const program = makeProgram({
    commands: command === undefined ? COMMANDS : [command],
    width: runtime.stdout.columnCount ?? 100,
    print: (text) => printed.push(text),
    chosen: (spec, operands, read) => {
      parsed = { command: spec, invocation: { runtime, options: readOptions(read, runtime), operands } };
    },
  });
  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { help: printed.join('') };
    throw usageError({ error, command });
  }
  if (parsed === undefined) return { help: program.helpInformation() };
  return parsed;
}

interface ProgramParts {
  /** Those that can be meant: the one asked for, or all, where help lists them. */
  readonly commands: readonly CommandSpec[];
  readonly width: number;
  readonly print: (text: string) => void;
  readonly chosen: (command: CommandSpec, operands: readonly string[], read: ReadWords) => void;
}

interface ReadWords {
  readonly raw: RawOptions;
  readonly given: readonly string[];
}

function makeProgram({ commands, width, print, chosen }: ProgramParts): Command {
  const program = new Command('agenttrace');
  const quiet = (command: Command): Command =>
    command
      .exitOverride()
      .configureOutput({ writeOut: print, writeErr: () => undefined, getOutHelpWidth: () => width });
  quiet(program)
    .helpOption('-h, --help', 'help, for each command too')
    .description(
      'What AI coding agents did, what it cost and how healthy it was: from the logs on this disk, with SQL.',
    )
    .usage(
      '[command] [options]\n       agenttrace FOLDER         an overview of the logs in it\n       agenttrace FILE|SESSION   one session: its log, or a prefix of its id',
    )
    .helpCommand(false)
    .addHelpText(
      'after',
      `\n${PROGRAM_NOTES}\n\nExamples:\n${examplesText(PROGRAM_EXAMPLES, width)}\n\n${exitCodeHelp(width)}`,
    );
  program.addOption(new Option('--version', 'version of the program'));
  for (const spec of commands) program.addCommand(quiet(makeCommand(spec, { chosen, width })));
  return program;
}

const PROGRAM_NOTES = `Without a command: overview. Every command has its own --help with examples.
Options may stand before or after operands.`;

const PROGRAM_EXAMPLES: readonly Example[] = [
  { command: 'agenttrace', says: 'what ran, what it cost, what to look at' },
  { command: 'agenttrace latest', says: 'the newest session' },
  { command: 'agenttrace -d ./logs -f json', says: 'a folder of logs, for a program' },
  { command: 'agenttrace daily --since 7d', says: 'the last week by day' },
  { command: 'agenttrace query "select * from sessions"', says: 'any question, in SQL' },
  { command: 'agenttrace --demo', says: 'try it without logs' },
];

function makeCommand(spec: CommandSpec, { chosen, width }: Pick<ProgramParts, 'chosen' | 'width'>): Command {
  const command = new Command(spec.name).summary(spec.summary).helpGroup(spec.group);
  command.helpOption('-h, --help', 'this help');
  command.description(
    spec.description === undefined
      ? `${spec.summary}.`
      : `${spec.summary}.\n\n${wrapLists(spec.description, width)}`,
  );
  if (spec.argument !== undefined) {
    const { name, description, isRequired, isVariadic } = spec.argument;
    const shape = isVariadic ? `${name}...` : name;
    command.addArgument(new Argument(isRequired ? `<${shape}>` : `[${shape}]`, description));
  }
  for (const option of spec.options) command.addOption(makeOption(option));
  command.addHelpText(
    'after',
    `\nExamples:\n${examplesText(spec.examples, width)}\n\n${exitCodeHelp(width)}`,
  );
  command.action(() => {
    if (spec.argument !== undefined && command.args.includes(''))
      throw emptyValue(`agenttrace ${spec.name}`, spec.argument.name.toUpperCase());
    chosen(spec, command.args, { raw: command.opts(), given: givenFlags(command) });
  });
  return command;
}

const givenFlags = (command: Command): readonly string[] =>
  command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map(({ long, short, flags }) => long ?? short ?? flags);

function makeOption(spec: OptionSpec): Option {
  const choices = spec.choices === undefined ? '' : ` (${spec.choices.join(', ')})`;
  const option = new Option(spec.flags, `${spec.description}${choices}`).helpGroup(spec.group);
  if (spec.isHidden) option.hideHelp();
  if (!spec.flags.includes('<')) return option;
  const flag = longFlag(spec.flags);
  const checked = (value: string): string => {
    if (value.trim() !== '') return value;
    throw emptyValue(flag, /<(.+)>/.exec(spec.flags)?.[1]?.toUpperCase() ?? 'a value');
  };
  if (spec.isRepeatable)
    return option.argParser((value: string, before: readonly string[] = []) => [...before, checked(value)]);
  return option.argParser((value: string, before: string | undefined) => {
    if (before === undefined) return checked(value);
    throw new AgenttraceError({
      code: 'usage',
      message: `${flag} is given twice: “${before}” and “${value}”.`,
      hint: 'It takes one value.',
    });
  });
}

/** A flag of other commands: a mistyped one leaves its value behind, which is then taken for a session. */
function meantElsewhere(name: string): string {
  const names = new Set(
    COMMANDS.flatMap(({ options }) => offered(options).map(({ flags }) => longFlag(flags).slice(2))),
  );
  const [near] = nearest(name, [...names], 1);
  if (near === undefined) return '';
  const owners = COMMANDS.filter(({ options }) =>
    offered(options).some(({ flags }) => longFlag(flags) === `--${near}`),
  );
  return `Did you mean --${near}, as of ${owners
    .slice(0, 3)
    .map((spec) => spec.name)
    .join(', ')}? `;
}

function usageError({
  error,
  command,
}: {
  error: CommanderError;
  command: CommandSpec | undefined;
}): AgenttraceError {
  const line = error.message.replace(/^error: /, '').split('\n')[0] ?? '';
  const message = `${line.charAt(0).toUpperCase()}${line.slice(1).replace(/\.$/, '')}.`;
  const help = command === undefined ? 'agenttrace --help' : `agenttrace ${command.name} --help`;
  const word = /unknown option '([^']+)'/.exec(line)?.[1];
  if (word === undefined) return new AgenttraceError({ code: 'usage', message, hint: `See ${help}.` });
  const flags = offered(command?.options ?? []).map(({ flags }) => longFlag(flags));
  const name = word.replace(/^-+/, '').split('=')[0] ?? '';
  const [near] = nearest(
    name,
    flags.map((flag) => flag.slice(2)),
    1,
  );
  const elsewhere = COMMANDS.filter(({ options }) =>
    offered(options).some((option) => longFlag(option.flags) === `--${name}`),
  );
  const hint =
    near !== undefined
      ? `Did you mean --${near}? See ${help}.`
      : elsewhere.length > 0
        ? `${command?.name ?? 'This'} has no --${name}; ${elsewhere
            .slice(0, 3)
            .map((spec) => spec.name)
            .join(', ')} ${elsewhere.length === 1 ? 'has' : 'have'}. See ${help}.`
        : `${meantElsewhere(name)}See ${help}.`;
  return new AgenttraceError({ code: 'usage', message, hint });
}
