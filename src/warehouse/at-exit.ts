/**
 * Does some work should the process end in order before this is taken back, by Ctrl-C say; what goes wrong then has nobody to
 * be told. Returns what takes it back.
 */
export function atExit(work: () => void): () => void {
  const listener = (): void => {
    try {
      work();
    } catch {
      // What is left is removed by the next load.
    }
  };
  process.once('exit', listener);
  return () => process.off('exit', listener);
}
