const last = new Map<string, Promise<unknown>>();

/**
 * Runs the work on a file when all work on it that was asked for before is done, in this process.
 *
 * To close a file drops every lock that the process has on it, whoever holds it: two connections side by side would leave
 * one of them unlocked.
 */
export function oneAtATime<T>(file: string, work: () => Promise<T>): Promise<T> {
  const before = last.get(file) ?? Promise.resolve();
  const running = before.then(work);
  const settled = running.catch(() => undefined);
  last.set(file, settled);
  void settled.then(() => {
    if (last.get(file) === settled) last.delete(file);
  });
  return running;
}
