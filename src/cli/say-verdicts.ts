import { gateError } from './gate-error.ts';
import type { GateVerdict } from './gate-verdict.ts';
import { note } from './note.ts';
import type { Invocation } from './spec.ts';

/** Throws what the gates end the program with; of gates that all hold, says what their figures leave out. */
export async function sayVerdicts(verdicts: readonly GateVerdict[], invocation: Invocation): Promise<void> {
  const error = gateError(verdicts, invocation);
  if (error !== undefined) throw error;
  const notes = new Set(verdicts.map((verdict) => verdict.note).filter((text) => text !== null));
  for (const text of notes) await note(invocation, `${text}.`);
}
