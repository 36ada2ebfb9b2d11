import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { stateFolder } from '../places.ts';
import type { Runtime } from '../runtime.ts';
import { errorText, toKnown } from '../say-error.ts';
import { VERSION } from '../version.ts';
import { completeAt, listCandidates, sharedStart } from './complete.ts';
import { type History, MOST_ENTRIES, openHistory } from './history.ts';
import { type InputUnit, readUnits } from './input-units.ts';
import { runUnit } from './run-units.ts';
import { type OpenState, onOneLine } from './scan-sql.ts';
import type { ShellSession } from './session.ts';
import { isStopped } from './shell-database.ts';

const PROMPT = 'agenttrace> ';

/** What stands before a line that goes on: what is still open. */
const CONTINUED: Readonly<Record<OpenState, string>> = {
  nothing: PROMPT,
  statement: '       ...> ',
  string: "       ..'> ",
  identifier: '       .."> ',
  comment: '       ..*> ',
  dollar: '       ..$> ',
};

/** Reads lines from the terminal until the person leaves; errors are said, and the shell goes on. */
export async function runInteractive(
  parts: Pick<ShellSession, 'invocation' | 'database' | 'state'>,
): Promise<void> {
  const { runtime, options } = parts.invocation;
  const history = openHistory(options.isDemo ? undefined : join(stateFolder(runtime), 'shell_history'));
  const input = readUnits();
  let isRunning = false;
  const completer = (line: string, done: Completed): void => {
    const nothing = (): void => done(null, [[], line]);
    if (isRunning) nothing();
    else
      tabPressed({ session, lines, line, begun: input.begun() }).then((found) => done(null, found), nothing);
  };
  const lines = createInterface({
    input: runtime.stdin.stream(),
    output: runtime.stdout.stream(),
    terminal: true,
    history: [...history.entries()],
    historySize: MOST_ENTRIES,
    completer,
  });
  const session: ShellSession = {
    ...parts,
    isInteractive: true,
    whileAway: (work) => awayFrom(lines, { runtime, work }),
  };
  const recall = recallFrom(lines, history);
  const queue = queueLines(lines);
  const prompt = (): void => {
    recall.show();
    lines.setPrompt(CONTINUED[input.begun() === '' ? 'nothing' : input.openState()]);
    lines.prompt();
  };
  const stop = (): void => {
    queue.drop();
    if (isRunning) {
      session.database.interrupt();
      return;
    }
    input.clear();
    recall.drop();
    // To the end of the line, and wipe it: what was typed stays on the screen above.
    lines.write(null, { ctrl: true, name: 'e' });
    runtime.stdout.stream().write('^C\n');
    lines.write(null, { ctrl: true, name: 'u' });
    prompt();
  };
  lines.on('SIGINT', stop);
  const forgetInterrupt = runtime.onInterrupt(stop);
  try {
    if (!options.isQuiet) await greet(session);
    prompt();
    for (let line = await queue.next(); line !== undefined; line = await queue.next()) {
      const units = input.add(line);
      recall.add(line, input.begun() === '');
      isRunning = true;
      const goesOn = await runAll(session, units);
      isRunning = false;
      if (!goesOn) return;
      prompt();
    }
    await runtime.stdout.write('\n');
  } finally {
    forgetInterrupt();
    lines.close();
  }
}

type Completed = (error: null, found: [string[], string]) => void;

/** Runs what a line completed; what fails is said, and the rest of the line is left. */
async function runAll(session: ShellSession, units: readonly InputUnit[]): Promise<boolean> {
  try {
    for (const unit of units) if (!(await runUnit(session, unit))) return false;
  } catch (error) {
    const { stderr } = session.invocation.runtime;
    await stderr.write(isStopped(error) ? 'Stopped.\n' : errorText(toKnown(error)));
  }
  return true;
}

async function greet({ invocation, database }: ShellSession): Promise<void> {
  const { rows } = await database.use((connection) => connection.query('select count(*) from sessions'));
  const count = Number(rows[0]?.[0] ?? 0);
  const sessions = count === 1 ? 'one session' : `${count.toLocaleString('en-US')} sessions`;
  await invocation.runtime.stdout.write(
    `agenttrace ${VERSION}, ${sessions}. SQL ends with a semicolon; \\? has help, \\d the views.\n`,
  );
}

interface LineQueue {
  /** The next line; undefined at the end of the input. */
  readonly next: () => Promise<string | undefined>;
  /** Forgets lines that came while something ran. */
  readonly drop: () => void;
}

function queueLines(lines: Interface): LineQueue {
  let waiting: string[] = [];
  let isClosed = false;
  let wake: (() => void) | undefined;
  lines.on('line', (line) => {
    waiting.push(line);
    wake?.();
  });
  lines.on('close', () => {
    isClosed = true;
    wake?.();
  });
  return {
    next: async () => {
      while (waiting.length === 0 && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift();
    },
    drop: () => {
      waiting = [];
    },
  };
}

interface Recall {
  /** Takes a line; with the one that completes a statement, its lines are recalled as one. */
  readonly add: (line: string, isComplete: boolean) => void;
  readonly drop: () => void;
  /** Puts in place what the arrow keys go through. */
  readonly show: () => void;
}

/** Keeps whole statements to be recalled, where readline keeps lines. */
function recallFrom(lines: Interface, history: History): Recall {
  let typed: string[] = [];
  let shown: string[] | undefined;
  lines.on('history', (entries) => {
    shown = entries;
  });
  return {
    add: (line, isComplete) => {
      typed.push(line);
      if (!isComplete) return;
      const one = typed.length === 1 ? line : onOneLine(typed.join('\n'));
      for (const entry of one === undefined ? typed : [one]) history.add(entry);
      typed = [];
    },
    drop: () => {
      typed = [];
    },
    show: () => {
      shown?.splice(0, shown.length, ...typed.toReversed(), ...history.entries());
    },
  };
}

/** Lets another program have the terminal for a while. */
async function awayFrom<T>(
  lines: Interface,
  { runtime, work }: { readonly runtime: Runtime; readonly work: () => Promise<T> },
): Promise<T> {
  const stdin = runtime.stdin.stream();
  lines.pause();
  stdin.setRawMode(false);
  try {
    return await work();
  } finally {
    stdin.setRawMode(true);
    lines.resume();
  }
}

interface Tab {
  readonly session: ShellSession;
  readonly lines: Interface;
  readonly line: string;
  readonly begun: string;
}

/** What Tab adds to the line; where several words fit, they are listed with what they mean. */
async function tabPressed({ session, lines, line, begun }: Tab): Promise<[string[], string]> {
  const { word, candidates } = await completeAt(session, {
    begun,
    line,
    after: lines.line.slice(line.length),
  });
  const [only] = candidates;
  if (only === undefined) return [[], line];
  if (candidates.length === 1 && only.text !== word) return [[only.text], word];
  const shared = sharedStart(candidates.map(({ text }) => text));
  if (shared.length > word.length) return [[shared], word];
  const { stdout } = session.invocation.runtime;
  const list = listCandidates(candidates, { width: stdout.columnCount ?? 80, height: stdout.rowCount ?? 24 });
  await stdout.write(`\n${list}\n`);
  lines.prompt(true);
  return [[], line];
}
