import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { ResultSet } from '../model/result.ts';
import { toResultSet } from './cells.ts';

export type SqlValue = null | string | number | bigint | boolean;

/** An open DuckDB: one file, or memory. Calls are made one at a time. */
export interface Connection {
  /** Path of the file, or `:memory:`. */
  readonly file: string;
  /** Runs one or more statements; the number of rows that the last one changed. */
  readonly execute: (sql: string, parameters?: Readonly<Record<string, SqlValue>>) => Promise<number>;
  readonly query: (sql: string, parameters?: Readonly<Record<string, SqlValue>>) => Promise<ResultSet>;
  /** Appends rows to a table by position; values as the driver takes them. */
  readonly append: (table: TableName, rows: Iterable<readonly SqlValue[]>) => Promise<void>;
  /** Runs the work inside BEGIN and COMMIT, or ROLLBACK when it throws. */
  readonly transaction: <T>(work: () => Promise<T>) => Promise<T>;
  /** What statements may take from here on, such as `512MB`. */
  readonly limitMemory: (limit: string) => Promise<void>;
  /**
   * Gives back what DuckDB and the C library hold free, where the process has grown big: until then it stays with the process, an
   * arena for each thread that ran a statement.
   */
  readonly releaseMemory: () => Promise<void>;
  readonly interrupt: () => void;
  /** How often it was interrupted: the driver does not tell why a stream of rows ended early. */
  readonly interruptions: () => number;
  readonly close: () => void;
  /** The driver's own connection, for what this interface does not cover (streams, statement checks). */
  readonly driver: DuckDBConnection;
}

export interface TableName {
  readonly schema: string;
  readonly table: string;
  readonly catalog?: string;
}

export type Settings = Readonly<Record<string, string>>;

/** Bytes from which on it is worth the time to give memory back. */
const MUCH_MEMORY = 280_000_000;

/** What DuckDB lacks stays so: otherwise it fetches an extension, and runs it, where a file or a statement seems to want one. */
const NO_EXTENSIONS: Settings = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
};

/** Opens DuckDB over a file or, by `:memory:`, over nothing. The driver's errors are thrown as they are. */
export async function connect(file: string, settings: Settings = {}): Promise<Connection> {
  const instance = await DuckDBInstance.create(file, { ...NO_EXTENSIONS, ...settings });
  const driver = await instance.connect();
  const execute: Connection['execute'] = async (sql, parameters) => {
    const result = await driver.run(sql, parameters as Record<string, DuckDBValue> | undefined);
    return Number(result.rowsChanged);
  };
  const query: Connection['query'] = async (sql, parameters) => {
    const values = parameters as Record<string, DuckDBValue> | undefined;
    return toResultSet(await driver.runAndReadAll(sql, values));
  };
  const append: Connection['append'] = async ({ schema, table, catalog }, rows) => {
    const appender = await driver.createAppender(table, schema, catalog ?? null);
    const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index));
    for (const row of rows) {
      row.forEach((value, index) => {
        const type = types[index];
        if (type !== undefined) appender.appendValue(value, type);
      });
      appender.endRow();
    }
    appender.closeSync();
  };
  const transaction: Connection['transaction'] = async (work) => {
    await execute('begin transaction');
    try {
      const result = await work();
      await execute('commit');
      return result;
    } catch (error) {
      await execute('rollback').catch(() => undefined);
      throw error;
    }
  };
  let { memory_limit: memoryLimit } = settings;
  const limitMemory = async (limit: string): Promise<void> => {
    await execute(`set memory_limit = '${limit}'`);
    memoryLimit = limit;
  };
  // Setting its limit, be it to what it is, is what makes DuckDB do so.
  const releaseMemory = async (): Promise<void> => {
    if (memoryLimit !== undefined && process.memoryUsage.rss() > MUCH_MEMORY) await limitMemory(memoryLimit);
  };
  let interruptions = 0;
  const close = (): void => {
    driver.closeSync();
    instance.closeSync();
  };
  return {
    file,
    execute,
    query,
    append,
    transaction,
    limitMemory,
    releaseMemory,
    interrupt: () => {
      interruptions += 1;
      driver.interrupt();
    },
    interruptions: () => interruptions,
    close,
    driver,
  };
}
