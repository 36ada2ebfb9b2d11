import { decodeText } from './decode-text.ts';
import type { SqlValue } from './sqlite-rows.ts';

const LAST_OF: Readonly<Record<string, string>> = { '{': '}', '[': ']', '"': '"' };

/**
 * JSON of a cell, TEXT or BLOB, on one line, to be put into a record as it is. Undefined for NULL, for a number, for text that does
 * not begin and end as JSON does; what lies between is not looked at, and damage there makes the projector reject the record.
 */
export function jsonText(cell: SqlValue | undefined): string | undefined {
  if (typeof cell !== 'string' && !(cell instanceof Uint8Array)) return undefined;
  // A BOM counts as space to `trim`.
  const text = (typeof cell === 'string' ? cell : decodeText(cell)).trim();
  const first = text[0] ?? '';
  const isWhole =
    first in LAST_OF
      ? text.length > 1 && text.endsWith(LAST_OF[first] ?? '')
      : /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/.test(text);
  if (!isWhole) return undefined;
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, ' ') : text;
}
