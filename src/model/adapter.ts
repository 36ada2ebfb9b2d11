import type { Plan } from './plan.ts';

/** What an adapter may know of the machine when it names places: nothing is read from the process itself. */
export interface Surroundings {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** A folder in which an agent keeps logs. */
export interface Place {
  readonly path: string;
  /** Days after which the agent deletes a log by itself, where it does. */
  readonly expiresAfterDays?: number;
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
  readonly plan: Plan;
  /** Path of the SQL from the project's root. */
  readonly normalizeSql: string;
  readonly places: (surroundings: Surroundings) => readonly Place[];
  /** Whether a file below a place is a log; the path is relative to the place, with forward slashes. */
  readonly isLog: (relativePath: string) => boolean;
  /** Which of several files that hold the same transcript to read: files with equal keys are one, the first kept. */
  readonly duplicateKey?: (relativePath: string) => string;
  /** Whether these first bytes (as text, up to 64 kB, perhaps cut in a line) are this agent's, wherever they stand. */
  readonly recognise: (head: string) => boolean;
}
