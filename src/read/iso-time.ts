/** Milliseconds since 1970 as an ISO time in UTC; undefined for what is no time. */
export function isoTime(milliseconds: number): string | undefined {
  const time = new Date(milliseconds);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
