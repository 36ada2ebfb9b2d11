import type { Plan } from './plan.ts';
import type { SourceForm } from './reader.ts';

/** What an adapter may know of the machine when it names places: nothing is read from the process itself. */
export interface Surroundings {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The folder in which the program was called: some agents keep their logs in the project. */
  readonly cwd: string;
}

/** A folder in which an agent keeps logs, or one such file. */
export interface Place {
  readonly path: string;
  /** Days after which the agent deletes a log by itself, where it does. */
  readonly expiresAfterDays?: number;
  /** Whether to look into a folder below it, by its path relative to the place; left out: into all. */
  readonly enters?: (relativePath: string) => boolean;
}

/** What is known of a file before it is assigned to an agent. */
export interface FileHead {
  /** The first 64 kB as text, decompressed, perhaps cut in a line. */
  readonly text: string;
  /** Where it stands, with forward slashes; its name may have been changed by the user. */
  readonly path: string;
  /** Of a SQLite database its tables with their columns; undefined for anything else. Asked for only if needed. */
  readonly tables: () => ReadonlyMap<string, readonly string[]> | undefined;
}

/**
 * What the logs of an agent can tell, for the user who wonders why a figure is missing.
 *
 * `yes`: in every log of today's versions; `some`: in some versions or forms; `no`: nowhere.
 */
export type Told = 'yes' | 'some' | 'no';

export interface Knowledge {
  /** At which grain tokens are told; `rounded`: in rounded figures. */
  readonly tokens: 'call' | 'session' | 'rounded' | 'no';
  readonly cacheSplit: Told;
  readonly reasoning: Told;
  readonly reportedCost: Told;
  /** Whether the end of a tool call is told; by `text` alone it is inferred. */
  readonly toolStatus: Told | 'text';
  readonly durations: Told;
  readonly apiErrors: Told;
  readonly subagents: Told;
  readonly edits: Told;
  /** Whether a running agent's own database is read. */
  readonly liveDatabase: 'yes' | 'no';
}

/**
 * One agent: where its logs are, how to know one, and how to read it.
 *
 * `normalize.sql` beside the adapter reads the staged rows (temporary views `staged_<table>`, one for each table of
 * the plan, and the temporary table `batch_sources`) and inserts into the raw tables. Adapters end there.
 */
export interface Adapter {
  /** Stable identifier, as in `sessions.agent`. */
  readonly id: string;
  /** The product's own name. */
  readonly displayName: string;
  /** Forced up when the plan or the SQL changes what is read: older sources are then read again as a whole. */
  readonly version: number;
  /** Whether each complete answer names why it ended, so that one that names nothing was cut off. */
  readonly tellsStopReason?: boolean;
  /** Whether it moves or compresses its logs, so that one may stand, or have been read, under several names. */
  readonly movesLogs?: boolean;
  /** Who serves its calls where its logs name nobody. */
  readonly provider?: string;
  readonly plan: Plan;
  /** Path of the SQL from the project's root. */
  readonly normalizeSql: string;
  /** Bytes of logs that are stored in one go, where the SQL needs more memory for its steps than usual; 512 MB. */
  readonly portionBytes?: number;
  /** The forms in which the agent keeps logs, by name. */
  readonly forms: Readonly<Record<string, SourceForm>>;
  readonly places: (surroundings: Surroundings) => readonly Place[];
  /** The form of a file below a place, by its path relative to the place, with forward slashes; undefined: no log. */
  readonly formOf: (relativePath: string) => string | undefined;
  /**
   * Whether a file that is recognised below a folder is left out for its name: what an agent keeps beside its logs, such as copies of them.
   * A file that is named itself is read all the same. In a known place `formOf` leaves it out.
   */
  readonly ignores?: (path: string) => boolean;
  /**
   * Which of several files that hold the same transcript to read: files with equal keys, which are a part of their paths, are one, the
   * first kept; below a folder that is no known place, those that stand together.
   */
  readonly duplicateKey?: (relativePath: string) => string;
  /** The form of a file whose head is this agent's, wherever it stands; undefined: not this agent's. */
  readonly recognise: (head: FileHead) => string | undefined;
  readonly knows: Knowledge;
}
