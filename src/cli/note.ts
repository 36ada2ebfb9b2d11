import { cleanLines } from '../render/clean-text.ts';
import type { Invocation } from './spec.ts';

/**
 * Says something beside the answer, on stderr; nothing with `--quiet`, nor where a program reads the verdicts of gates there.
 * It may quote a name or a path of someone else's.
 */
export async function note(
  { runtime, options }: Pick<Invocation, 'runtime' | 'options'>,
  text: string,
): Promise<void> {
  const isRead = options.gates.length > 0 && /^jsonl?$/.test(options.format ?? '');
  if (!options.isQuiet && !isRead) await runtime.stderr.write(`note: ${cleanLines(text)}\n`);
}
