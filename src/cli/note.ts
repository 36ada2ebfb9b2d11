import type { Invocation } from './spec.ts';

/** Says something beside the answer, on stderr; nothing with `--quiet`. */
export async function note(
  { runtime, options }: Pick<Invocation, 'runtime' | 'options'>,
  text: string,
): Promise<void> {
  if (!options.isQuiet) await runtime.stderr.write(`note: ${text}\n`);
}
