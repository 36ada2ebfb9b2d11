import type { Connection } from './connection.ts';

/**
 * The connection, ending with the signal: what runs is interrupted, and what would follow is refused with the signal's reason.
 * A transaction is rolled back all the same.
 */
export function withSignal(connection: Connection, signal: AbortSignal | undefined): Connection {
  if (signal === undefined) return connection;
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  /** Interrupted statements fail in DuckDB's words; the reason is the caller's. */
  const guarded =
    <A extends readonly unknown[], T>(call: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      signal.throwIfAborted();
      try {
        return await call(...given);
      } catch (error) {
        throw signal.aborted ? signal.reason : error;
      }
    };
  return {
    ...connection,
    execute: guarded(connection.execute),
    query: guarded(connection.query),
    append: guarded(connection.append),
    close: () => {
      signal.removeEventListener('abort', interrupt);
      connection.close();
    },
  };
}
