import type { ZodType } from 'zod';
import type { CostMode } from '../model/settings.ts';

/**
 * A value of an answer, with every digit. BIGINT and HUGEINT are bigint, DECIMAL is its digits as text, DOUBLE and INTEGER are
 * numbers. Times are ISO 8601 in UTC, dates `YYYY-MM-DD`, intervals ISO 8601. NULL is null. Lists and structs nest.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

/** A row by the names of its columns; a name that comes again is numbered: `id`, `id_1`. */
export type Row = Readonly<Record<string, Value>>;

/** A value of a parameter `$name`. A Date is a moment. */
export type ParameterValue = null | boolean | number | bigint | string | Date;
export type Parameters = Readonly<Record<string, ParameterValue>>;

export interface WarehouseOptions {
  /**
   * Path of the warehouse; `:memory:` for one that is gone when it is closed (in a private temporary folder). Left out: the
   * user's own, as on the command line.
   */
  readonly file?: string;
  /** Where days begin, such as `Europe/Berlin`; `UTC` unless given. */
  readonly timeZone?: string;
  /** Costs as the log reports them, as tokens × price, or the former with the latter as fallback: `auto`, unless given. */
  readonly costMode?: CostMode;
}

/** What every call may be given. */
export interface CallOptions {
  /** Ends the call: it fails with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface LoadOptions extends CallOptions {
  /** Only the logs below these folders, or these files, any agent's. Left out: the known places of every agent. */
  readonly directories?: readonly string[];
  /** Called about ten times a second while logs are read, and a few dozen times while they are stored. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** How far a load is: while it waits for logs to be read, by bytes; while it stores them, by the part of all, from 0 to 1. */
export type LoadProgress = { readonly fileCount: number } & (
  | { readonly phase: 'reading'; readonly bytesDone: number; readonly bytesTotal: number }
  | { readonly phase: 'storing'; readonly doneRatio: number }
);

/** What a load found and did. Counts are of logs. */
export interface LoadSummary {
  readonly sourceCount: number;
  readonly unchangedCount: number;
  readonly newCount: number;
  readonly grownCount: number;
  readonly rewrittenCount: number;
  readonly vanishedCount: number;
  readonly bytesRead: number;
  /** Parts of logs that could not be read: the view `rejects` has them. */
  readonly rejectCount: number;
  /** Logs that could not be read, or not to their end. */
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
}

export interface StatementOptions extends CallOptions {
  readonly parameters?: Parameters;
  /** Stops the statement after so many milliseconds; 60,000 unless given. */
  readonly timeoutMs?: number;
}

export interface QueryOptions<T> extends StatementOptions {
  /** Checks and types each row: one of `viewRows` (from `agenttrace/views`), a part of it by `.pick()`, or any other schema of zod. */
  readonly row: ZodType<T>;
}

export interface ReportOptions extends StatementOptions {
  /** Folders of .sql files, which are looked in before the shipped reports. */
  readonly folders?: readonly string[];
}

export interface Report {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly parameters: readonly ReportParameter[];
  /** The file; null for a shipped one. */
  readonly file: string | null;
}

export interface ReportParameter {
  readonly name: string;
  /** DuckDB's type, lower case. */
  readonly type: string;
  /** The value when none is given, as text; null is NULL. */
  readonly default: string | null;
  readonly description: string;
}

export interface ReportAnswer {
  readonly name: string;
  readonly title: string;
  /** The columns with what people are shown above them. */
  readonly columns: readonly { readonly name: string; readonly label: string; readonly type: string }[];
  /** Of a report that is a page, one row that holds it. */
  readonly rows: readonly Row[];
}

/**
 * A warehouse. It is opened for each call and closed after it, so that it holds up no other program; calls on one file
 * run one after another. Every call throws `AgenttraceError` for what a person can act on.
 */
export interface Warehouse {
  /** Path of the file. */
  readonly file: string;
  /** Brings the warehouse up to date with the logs, making it where there is none. Killed or ended early, it is as before. */
  readonly load: (options?: LoadOptions) => Promise<LoadSummary>;
  /** The rows of one SELECT, with the views of `v1` on the search path. It reaches no file, network or setting. */
  readonly query: {
    <T>(sql: string, options: QueryOptions<T>): Promise<readonly T[]>;
    (sql: string, options?: StatementOptions): Promise<readonly Row[]>;
  };
  /** The same as an Arrow IPC stream, for `tableFromIPC` of any Arrow library. */
  readonly queryArrow: (sql: string, options?: StatementOptions) => Promise<Uint8Array>;
  /** Runs a report by its name, shipped or from the folders. */
  readonly report: (name: string, options?: ReportOptions) => Promise<ReportAnswer>;
  /** The reports that there are. */
  readonly reports: (options?: { readonly folders?: readonly string[] }) => Promise<readonly Report[]>;
  /** Waits for what runs. The warehouse cannot be used afterwards. */
  readonly close: () => Promise<void>;
}
