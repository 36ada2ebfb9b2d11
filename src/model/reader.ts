/**
 * How a source that is not JSON Lines becomes records: a reader yields each record as JSON text, and the projector cuts the
 * adapter's columns out of it as it does out of a line. Pure types; what readers are made of is in src/read.
 */

/** What a reader is given. */
export interface SourceToRead {
  readonly path: string;
  /** What the last load of this source returned: read only what is new or changed since. Undefined: read everything. */
  readonly mark?: string;
}

/** One record, as JSON text without a line break; UTF-8 where it is bytes, which are the reader's to reuse at the next step. */
export interface ReadRecord {
  /** The record's place, as `source_line` shows it: a line, a rowid, an ordinal. The same on every load, and unique within the source. */
  readonly lineNo: number;
  readonly json: string | Uint8Array;
}

/** A part of the source that is no record. */
export interface ReadReject {
  readonly lineNo: number;
  readonly reason: string;
  readonly sizeBytes: number;
}

/** Returns the mark for the next load, where the reader can go on from one; it is kept beside the source. */
export type ReadSource = (source: SourceToRead) => Generator<ReadRecord | ReadReject, string | undefined>;

/** Files beside a source of which only what they say of it counts, as they are written often or hold much else. */
export interface Neighbours {
  /** They need not exist. */
  readonly files: readonly string[];
  /** Asked for only where one of the files changed. Undefined: nothing, as at a moment when they are being replaced. */
  readonly say: () => unknown;
}

/**
 * One form in which an agent keeps its logs. Without `read` it is JSON Lines, read from the last complete line.
 *
 * A source of a form with `read` is read again when it or a companion changed: as a whole, its old rows removed, or, with
 * `isIncremental`, from its mark on, the rows of the lines that come again, as a record or as none, replaced.
 */
export interface SourceForm {
  /** As in `sources.format`. */
  readonly format: 'jsonl' | 'json' | 'sqlite' | 'markdown' | 'text';
  readonly read?: ReadSource;
  readonly isIncremental?: boolean;
  /**
   * Of JSON Lines: texts of records that say nothing without records far before them, of which the warehouse keeps too little. Where
   * one of them was added, the source is read again as a whole.
   */
  readonly wholeFor?: readonly string[];
  /** Neighbours that belong to the source: when one of them changes, so does the source. They need not exist. */
  readonly companions?: (path: string) => readonly string[];
  /** When these say something else of the source than they did, it is read again as a whole, whatever its reader goes on from. */
  readonly neighbours?: (path: string) => Neighbours;
  /**
   * What stands beside the source and tells of it as a whole, for `batch_sources.context` (JSON). Undefined: nothing.
   * Asked for whenever the source is loaded; what has to be told again when it changes is said by companions or neighbours.
   */
  readonly context?: (path: string) => Readonly<Record<string, unknown>> | undefined;
}

/** JSON Lines that need nothing beside them. */
export const JSON_LINES: SourceForm = { format: 'jsonl' };
