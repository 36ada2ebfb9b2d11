import { runBackslashCommand } from './backslash-commands.ts';
import { type InputUnit, readUnits } from './input-units.ts';
import { runStatement, type ShellSession } from './session.ts';

/** Runs one statement or command; false when the shell is to end. */
export async function runUnit(session: ShellSession, unit: InputUnit): Promise<boolean> {
  if (unit.kind === 'command') return runBackslashCommand(session, unit);
  await runStatement(session, unit.sql);
  return true;
}

/** Runs lines to their end or to the first error, which is thrown; false when a command ended the shell. */
export async function runUnits(
  session: ShellSession,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<boolean> {
  const input = readUnits();
  for await (const line of lines) {
    for (const unit of input.add(line)) if (!(await runUnit(session, unit))) return false;
  }
  for (const unit of input.end()) if (!(await runUnit(session, unit))) return false;
  return true;
}
