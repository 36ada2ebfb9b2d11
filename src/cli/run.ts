import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { normaliseArguments, readBareWord } from './arguments.ts';
import { allOptions, COMMANDS } from './command-list.ts';
import { emptyValue } from './empty-value.ts';
import { nearest } from './nearest.ts';
import { note } from './note.ts';
import { configFolder } from './places.ts';
import { parseArguments } from './program.ts';
import type { Runtime } from './runtime.ts';
import { VERSION } from './version.ts';

/** Runs one command line. Throws what went wrong; main.ts says it and sets the exit code. */
export async function run(runtime: Runtime): Promise<void> {
  const names = COMMANDS.map(({ name }) => name);
  const words = normaliseArguments(runtime.arguments, { commands: names, options: allOptions() });
  if (words[0] === '--version') return runtime.stdout.write(`agenttrace v${VERSION}\n`);
  const asked = withCommand(words, { names, runtime });
  const parsed = parseArguments(asked, runtime);
  if ('help' in parsed) return runtime.stdout.write(parsed.help);
  if (parsed.invocation.options.given.includes('-m'))
    await note(parsed.invocation, '-m is taken for the sake of older scripts, and changes no figure.');
  await parsed.command.run(parsed.invocation);
}

/** The words with their command in front: the one named, or what a bare path, id or nothing stands for. */
function withCommand(
  words: readonly string[],
  { names, runtime }: { names: readonly string[]; runtime: Runtime },
): readonly string[] {
  const [first] = words;
  if (first !== undefined && names.includes(first)) return words;
  const position = operandPosition(words);
  const word = words[position];
  if (word === undefined) return words.some(isHelp) ? words : ['overview', ...words];
  if (word === 'help') {
    const asked = words.slice(position + 1).find((each) => !each.startsWith('-'));
    if (asked === undefined) return ['--help'];
    if (names.includes(asked)) return [asked, '--help'];
    throw noSuchCommand(asked, { names, runtime });
  }
  if (word === '') throw emptyValue('agenttrace', 'a command, a path or a session');
  const meaning = readBareWord(word, pathKind(resolve(runtime.workingFolder, word)));
  if (meaning === 'session') return ['session', ...words];
  const others = [...words.slice(0, position), ...words.slice(position + 1)];
  if (meaning === 'folder') return ['overview', '--dir', word, ...others];
  // The word may be the value of a flag that there is not.
  if (words.slice(0, position).some(isUnknownFlag)) return ['overview', ...words];
  throw noSuchCommand(word, { names, runtime });
}

function noSuchCommand(
  word: string,
  { names, runtime }: { names: readonly string[]; runtime: Runtime },
): AgenttraceError {
  const near = nearest(word, names);
  const own = existsSync(join(configFolder(runtime), 'reports', `${word}.sql`));
  return new AgenttraceError({
    code: 'usage',
    message: `There is no command “${word}”, and no file or session of that name.`,
    hint: own
      ? `agenttrace report ${word} runs your own report.`
      : `${near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `}agenttrace --help lists every command.`,
  });
}

const isHelp = (word: string): boolean => word === '--help' || word === '-h';

const isUnknownFlag = (word: string): boolean =>
  word.startsWith('-') &&
  word !== '--' &&
  !allOptions().some(({ flags }) => flags.split(/[ ,]+/).includes(word.split('=')[0] ?? ''));

/** Position of the first word that is neither a flag nor a flag's value. */
function operandPosition(words: readonly string[]): number {
  const taking = new Set(
    allOptions()
      .filter(({ flags }) => flags.includes('<'))
      .flatMap(({ flags }) => flags.split(/[ ,]+/).filter((part) => part.startsWith('-'))),
  );
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') return index + 1;
    if (!word.startsWith('-') || word === '-') return index;
    if (taking.has(word)) index += 1;
  }
  return words.length;
}

function pathKind(path: string): 'file' | 'folder' | 'nothing' {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 'nothing';
  return stat.isDirectory() ? 'folder' : 'file';
}
