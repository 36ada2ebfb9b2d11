import { AgenttraceError, EXIT_CODES } from '../model/errors.ts';
import { cleanLines, cleanText } from '../render/clean-text.ts';
import { cellJson } from '../render/json.ts';
import { explainFullDisk } from '../warehouse/full-disk.ts';
import type { Runtime } from './runtime.ts';
import { systemError } from './system-error.ts';
import { VERSION } from './version.ts';

/** Prints an error where errors go, as text or as one JSON object, and returns the exit code. */
export async function sayError(error: unknown, runtime: Runtime): Promise<number> {
  const known = toKnown(error);
  await runtime.stderr.write(isJsonAsked(runtime.arguments) ? errorJson(known) : errorText(known));
  return EXIT_CODES[known.code];
}

/** Whatever was thrown as the one class; anything unexpected is a bug and says how to report it. */
export function toKnown(error: unknown): AgenttraceError {
  if (error instanceof AgenttraceError) return error;
  const found = explainFullDisk(error);
  const system = found instanceof AgenttraceError ? found : systemError(error);
  if (system !== undefined) return system;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return new AgenttraceError({
    code: 'bug',
    message: `${message || 'Unknown error'}\n${(stack ?? '').split('\n').slice(1, 7).join('\n')}`.trimEnd(),
    hint: `This is a bug in agenttrace ${VERSION}. Please report it with the command and these lines; no log content is in them unless it is in the message.`,
    cause: error,
  });
}

/** An error as people read it. It may quote a statement, a name or a path that someone else wrote. */
export function errorText({ message, source, hint, details }: AgenttraceError): string {
  const lines = [`${details?.text ?? ''}error: ${cleanLines(message)}`];
  if (source !== undefined) lines.push(`where: ${cleanText(source)}`);
  if (hint !== undefined) lines.push(`hint:  ${cleanLines(hint).replaceAll('\n', '\n       ')}`);
  return `${lines.join('\n')}\n`;
}

function errorJson({ code, message, hint, source, details }: AgenttraceError): string {
  const place = source === undefined ? {} : { source };
  return `${cellJson({ error: { code, message, hint: hint ?? null, ...place, ...details?.facts } })}\n`;
}

/** Asked of the arguments as they came, since they may be what is wrong. */
function isJsonAsked(words: readonly string[]): boolean {
  return words.some((word, index) => {
    const joined = /^(?:-f|--?format)=?(jsonl?)$/i.test(word);
    return joined || (/^(?:-f|--?format)$/.test(word) && /^jsonl?$/i.test(words[index + 1] ?? ''));
  });
}
