import { adapters } from '../../adapters/index.ts';
import { fleetReports, publicViews, shippedReports } from '../catalog/contract.ts';
import { AgenttraceError } from '../model/errors.ts';
import { COMMANDS } from './command-list.ts';
import { type CommandSpec, type OptionSpec, offered } from './spec.ts';

/**
 * A script that completes commands, flags, their choices, and the names of views and reports. It holds all it needs; for
 * session ids alone it asks the warehouse as it is.
 */
export function completionScript(shell: string): string {
  switch (shell.toLowerCase()) {
    case 'bash':
      return bashScript();
    case 'zsh':
      return `#compdef agenttrace\nautoload -U +X bashcompinit && bashcompinit\n${bashScript()}`;
    case 'fish':
      return fishScript();
    default:
      throw new AgenttraceError({
        code: 'usage',
        message: `There is no completion for “${shell}”.`,
        hint: 'agenttrace completion bash, zsh or fish.',
      });
  }
}

interface Flags {
  readonly short: string | undefined;
  readonly long: string;
  readonly takesValue: boolean;
}

function flagsOf({ flags }: OptionSpec): Flags {
  return {
    short: /^-([a-z]),/.exec(flags)?.[1],
    long: /--([a-z-]+)/.exec(flags)?.[1] ?? '',
    takesValue: flags.includes('<'),
  };
}

const words = (option: OptionSpec): readonly string[] => {
  const { short, long } = flagsOf(option);
  return short === undefined ? [`--${long}`] : [`-${short}`, `--${long}`];
};

/** Words that an operand may be, where they are known beforehand. */
function operandWords({ argument }: CommandSpec): string {
  switch (argument?.completes) {
    case 'shell':
      return 'bash zsh fish';
    case 'report':
      return namesOf(shippedReports());
    case 'team':
      return namesOf(fleetReports());
    case 'view':
      return namesOf(publicViews());
    default:
      return '';
  }
}

const formatsOf = ({ options }: CommandSpec): string =>
  options.find(({ flags }) => flags.startsWith('-f'))?.choices?.join(' ') ?? '';

const namesOf = (things: readonly { readonly name: string }[]): string =>
  things.map(({ name }) => name).join(' ');

const takesSession = ({ argument }: CommandSpec): boolean => argument?.completes === 'session';

/**
 * Asks for the newest sessions' ids, with what tells them apart behind a tab; of the warehouse as it is. A log may call its session
 * anything: only what no shell reads as more than a word is offered.
 */
const SESSIONS_QUERY = `agenttrace query --no-refresh --quiet -f csv "select native_session_id || chr(9) || concat_ws(' ', regexp_replace(project, '[[:cntrl:]]', ' ', 'g'), strftime(started_at, '%Y-%m-%d %H:%M')) from sessions where kind <> 'subagent' and regexp_full_match(native_session_id, '[A-Za-z0-9_.:@+-]+') order by coalesce(ended_at, started_at) desc nulls last limit 200" 2>/dev/null | tail -n +2 | tr -d '\\r"'`;

const AGENTS = adapters.map(({ id }) => id).join(' ');

function bashScript(): string {
  const names = COMMANDS.map(({ name }) => name).join(' ');
  const choices = new Map<string, readonly string[]>();
  const files = new Set<string>();
  /** Flags whose value is anything: neither a file nor what the command itself takes. */
  const free = new Set<string>();
  for (const option of COMMANDS.flatMap(({ options }) => offered(options))) {
    if (option.choices !== undefined && !option.flags.startsWith('-f'))
      choices.set(words(option).join('|'), option.choices);
    const others = option.completes === undefined ? free : files;
    // --eject takes a report, as its command does.
    if (flagsOf(option).takesValue && option.choices === undefined && flagsOf(option).long !== 'eject')
      for (const word of words(option)) others.add(word);
  }
  const flagCases = COMMANDS.map(
    (spec) =>
      `    ${spec.name}) flags="${['--help', ...offered(spec.options).flatMap(words)].join(' ')}"; operands="${operandWords(spec)}"; formats="${formatsOf(spec)}"${takesSession(spec) ? '; has_sessions=1' : ''} ;;`,
  );
  const choiceCases = [...choices].map(
    ([flags, values]) =>
      `    ${flags}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$word")); return ;;`,
  );
  // Ids go through no list of words, which bash would expand as it does a command.
  return `_agenttrace_sessions() {
  local id
  while IFS= read -r id; do
    [[ "$id" == "$1"* ]] && COMPREPLY+=("$id")
  done < <(${SESSIONS_QUERY} | cut -f 1)
}
_agenttrace() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" flags="" operands="" formats="" has_sessions=""
  local commands="${names}"
  case "$before" in
${choiceCases.join('\n')}
    --agent) COMPREPLY=($(compgen -W "${AGENTS}" -- "$word")); return ;;
    --session) COMPREPLY=(); _agenttrace_sessions "$word"; return ;;
    ${[...files].join('|')}) COMPREPLY=($(compgen -f -- "$word")); return ;;
    ${[...free].join('|')}) COMPREPLY=(); return ;;
  esac
  local index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case " $commands " in *" \${COMP_WORDS[index]} "*) command="\${COMP_WORDS[index]}"; break ;; esac
  done
  case "\${command:-overview}" in
${flagCases.join('\n')}
  esac
  case "$before" in
    -f|--format) COMPREPLY=($(compgen -W "$formats" -- "$word")); return ;;
  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags --version" -- "$word"))
  elif [[ -z "$command" ]]; then
    COMPREPLY=($(compgen -W "$commands" -- "$word") $(compgen -f -- "$word"))
  elif [[ -n "$operands" ]]; then
    COMPREPLY=($(compgen -W "$operands" -- "$word"))
    [[ "$command" == report ]] && COMPREPLY+=($(compgen -f -X '!*.sql' -- "$word"))
  elif [[ -n "$has_sessions" ]]; then
    COMPREPLY=($(compgen -f -- "$word"))
    _agenttrace_sessions "$word"
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _agenttrace agenttrace
`;
}

function fishScript(): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const names = COMMANDS.map(({ name }) => name).join(' ');
  const commands = COMMANDS.map(
    ({ name, summary }) =>
      `complete -c agenttrace -n "not __fish_seen_subcommand_from ${names}" -a ${name} -d ${quote(summary)}`,
  );
  const options = COMMANDS.flatMap((spec) => {
    const condition =
      spec.name === 'overview'
        ? `"not __fish_seen_subcommand_from ${names}; or __fish_seen_subcommand_from overview"`
        : `"__fish_seen_subcommand_from ${spec.name}"`;
    const lines = offered(spec.options).map((option) => {
      const { short, long, takesValue } = flagsOf(option);
      const parts = [
        `complete -c agenttrace -n ${condition}`,
        short === undefined ? '' : `-s ${short}`,
        `-l ${long}`,
      ];
      if (option.choices !== undefined) parts.push(`-x -a ${quote(option.choices.join(' '))}`);
      else if (long === 'agent') parts.push(`-x -a ${quote(AGENTS)}`);
      else if (long === 'session') parts.push(`-x -a '(__agenttrace_sessions)'`);
      else if (takesValue) parts.push(option.completes === undefined ? '-x' : '-r');
      return [...parts, `-d ${quote(option.description)}`].filter((part) => part !== '').join(' ');
    });
    const operands = operandWords(spec);
    if (operands !== '') lines.push(`complete -c agenttrace -n ${condition} -f -a ${quote(operands)}`);
    if (takesSession(spec)) lines.push(`complete -c agenttrace -n ${condition} -a '(__agenttrace_sessions)'`);
    return lines;
  });
  const sessions = `function __agenttrace_sessions\n    ${SESSIONS_QUERY}\nend`;
  return `${[sessions, ...commands, ...options].join('\n')}\n`;
}
