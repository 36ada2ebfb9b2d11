/** Lines looked at to tell an agent by. */
const MOST_LINES = 40;

/** The JSON objects among the first complete lines of a file; what is no object, or was cut off, is left out. */
export function firstRecords(head: string): readonly Readonly<Record<string, unknown>>[] {
  return head
    .replace(/^\uFEFF/, '')
    .split('\n', MOST_LINES)
    .flatMap((line) => {
      try {
        const value: unknown = JSON.parse(line);
        return isRecord(value) ? [value] : [];
      } catch {
        return [];
      }
    });
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
