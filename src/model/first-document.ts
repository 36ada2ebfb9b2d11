import { closeJson } from './close-json.ts';

/**
 * The object or array that a file begins with, as far as `head` has it: what is cut off in the middle is left out, what is open is
 * closed. So an adapter can tell a document by its keys from the first bytes of a file. Of several values, the first.
 *
 * Undefined when the head begins with anything else, or is no JSON up to where it ends.
 */
export function firstDocument(head: string): unknown {
  const text = closeJson(head.replace(/^\uFEFF/, ''));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
