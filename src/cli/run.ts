import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { normaliseArguments, readBareWord } from './arguments.ts';
import { allOptions, COMMANDS } from './command-list.ts';
import { nearest } from './nearest.ts';
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
  if (word === 'help') return [...words.slice(position + 1), '--help'];
  const others = [...words.slice(0, position), ...words.slice(position + 1)];
  const meaning = readBareWord(word, pathKind(resolve(runtime.workingFolder, word)));
  if (meaning === 'folder') return ['overview', '--dir', word, ...others];
  if (meaning === 'session') return ['session', word, ...others];
  const near = nearest(word, names);
  const own = existsSync(join(configFolder(runtime), 'reports', `${word}.sql`));
  throw new AgenttraceError({
    code: 'usage',
    message: `There is no command “${word}”, and no file or session of that name.`,
    hint: own
      ? `agenttrace report ${word} runs your own report.`
      : `${near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `}agenttrace --help lists every command.`,
  });
}

const isHelp = (word: string): boolean => word === '--help' || word === '-h';

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
