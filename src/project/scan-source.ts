import type { Engine } from './engine.ts';
import { fingerprintAt, trackFingerprint } from './fingerprint.ts';
import { createLineFeed, type FeedEnd, type FeedStart, type Reject } from './line-feed.ts';
import { asSourceError, decompress, type OpenSource, openSource, type SourceError } from './read-source.ts';

/** One file, or what was added to it. */
export interface ScanJob {
  readonly sourceNo: number;
  readonly path: string;
  readonly plan: string;
  /** The byte to go on from: 0, or the `parsedTo` of an earlier scan. Always 0 for a compressed file. */
  readonly from: number;
  /** The byte to stop at, where what stands behind it was not looked at; left out: the end. */
  readonly to?: number;
  /** Lines before it: 0, or the `lineCount` of that scan. */
  readonly lineNo: number;
  readonly batch: number;
  readonly size: number;
  /** Name of the reader of a source that is not JSON Lines. */
  readonly reader?: string;
  /** Where that reader goes on. */
  readonly mark?: string;
}

/** What became of a job. Offsets of a compressed file are in its decompressed bytes. */
export interface ScanOutcome {
  readonly sourceNo: number;
  /** Bytes read from the disk. */
  readonly bytesRead: number;
  /** The offset after the last line taken. */
  readonly parsedTo: number;
  /** The number of the last line taken. */
  readonly lineCount: number;
  /** The unterminated, incomplete last line, left for the next time. */
  readonly pendingBytes: number;
  readonly headBytes: number;
  /** Of the first min(4096, parsedTo) bytes. */
  readonly headHash: bigint;
  /** Of the last min(512, parsedTo) bytes before parsedTo. */
  readonly anchorHash: bigint;
  /** At most 10,000 of them; `rejectCount` counts all. */
  readonly rejects: readonly Reject[];
  readonly rejectCount: number;
  /** Where the reader of a source that is not JSON Lines can go on. */
  readonly mark?: string;
  /** What kept the file, or the rest of it, from being read. */
  readonly error?: SourceError;
}

export interface ScanLimits {
  /** Bytes of the longest line that is held in memory. */
  readonly longestLine: number;
  readonly mostRejects: number;
}

export const SCAN_LIMITS: ScanLimits = { longestLine: 256 << 20, mostRejects: 10_000 };

export interface ScanOptions {
  readonly job: ScanJob;
  readonly limits?: ScanLimits;
  readonly flush: () => void;
  readonly onRead?: (bytes: number) => void;
}

/** Scans one file into the engine's rows. Never throws for what the file is or holds. */
export function scanSource(engine: Engine, options: ScanOptions): ScanOutcome {
  const { job } = options;
  let source: OpenSource | undefined;
  try {
    source = openSource(job.path);
    return source.isCompressed ? scanCompressed(engine, source, options) : scanPlain(engine, source, options);
  } catch (error) {
    const cause = asSourceError(error);
    if (!cause) throw error;
    return failed(job, cause);
  } finally {
    source?.close();
  }
}

function failed(job: ScanJob, error: SourceError): ScanOutcome {
  return {
    sourceNo: job.sourceNo,
    bytesRead: 0,
    parsedTo: job.from,
    lineCount: job.lineNo,
    pendingBytes: 0,
    headBytes: 0,
    headHash: 0n,
    anchorHash: 0n,
    rejects: [],
    rejectCount: 0,
    error,
  };
}

function feedOf(
  engine: Engine,
  options: ScanOptions & { start: FeedStart; onTaken?: (piece: Uint8Array) => void },
) {
  return createLineFeed(engine, { ...(options.limits ?? SCAN_LIMITS), ...options });
}

function scanPlain(engine: Engine, source: OpenSource, options: ScanOptions): ScanOutcome {
  const { job, onRead } = options;
  if (source.size < job.from)
    return failed(job, {
      code: 'ESHRUNK',
      message: `ends before byte ${job.from}, where the last scan stopped`,
    });
  const start = startOf(job, source);
  const feed = feedOf(engine, { ...options, start });
  let position = start.offset;
  let error: SourceError | undefined;
  try {
    for (;;) {
      const room = feed.room();
      const wanted = Math.min(room.length, Math.max(0, (job.to ?? Number.POSITIVE_INFINITY) - position));
      const bytes = source.readAt(room.subarray(0, wanted), position);
      position += bytes;
      onRead?.(bytes);
      if (bytes > 0) feed.advance(bytes);
      if (bytes < room.length) break;
    }
  } catch (cause) {
    error = asSourceError(cause);
    if (!error) throw cause;
  }
  const end = error ? feed.stop() : feed.finish();
  const fingerprint = fingerprintAt(end.parsedTo, source.readAt);
  return outcomeOf(job, { end, bytesRead: position - start.offset, fingerprint, error });
}

/**
 * A scan goes on at the start of a line. Where the last one took an unterminated line, that line is read again for the number of
 * records on it, and none of them is taken twice.
 */
function startOf(job: ScanJob, source: OpenSource): FeedStart {
  const { sourceNo, from, lineNo } = job;
  const lineStart = startOfLine(source, from);
  return {
    sourceNo,
    offset: lineStart,
    lineNo: lineStart === from ? lineNo : Math.max(0, lineNo - 1),
    takeFrom: from,
  };
}

function startOfLine(source: OpenSource, offset: number): number {
  let end = offset;
  while (end > 0) {
    const piece = new Uint8Array(Math.min(end, end === offset ? 1 : 1 << 16));
    const bytes = source.readAt(piece, end - piece.length);
    const newline = piece.subarray(0, bytes).lastIndexOf(10);
    if (newline >= 0) return end - piece.length + newline + 1;
    end -= piece.length;
  }
  return 0;
}

function scanCompressed(engine: Engine, source: OpenSource, options: ScanOptions): ScanOutcome {
  const { job, onRead } = options;
  if (job.from > 0)
    return failed(job, { code: 'EZSTD', message: 'a compressed file can only be read from its start' });
  const tracker = trackFingerprint();
  const start: FeedStart = { sourceNo: job.sourceNo, offset: 0, lineNo: job.lineNo, takeFrom: 0 };
  const feed = feedOf(engine, { ...options, start, onTaken: tracker.take });
  let bytesRead = 0;
  let error: SourceError | undefined;
  try {
    decompress(source, {
      onBytes: (piece) => {
        for (let rest = piece; rest.length > 0; ) {
          const room = feed.room();
          const bytes = Math.min(room.length, rest.length);
          room.set(rest.subarray(0, bytes));
          feed.advance(bytes);
          rest = rest.subarray(bytes);
        }
      },
      onRead: (bytes) => {
        bytesRead += bytes;
        onRead?.(bytes);
      },
    });
  } catch (cause) {
    error = asSourceError(cause);
    if (!error) throw cause;
  }
  const end = error ? feed.stop() : feed.finish();
  if (error) error = { ...error, message: `${error.message}. ${keptOf(end)}` };
  return outcomeOf(job, { end, bytesRead, fingerprint: tracker.result(), error });
}

function keptOf({ lineCount }: FeedEnd): string {
  if (lineCount === 0) return 'No line of it could be read.';
  return lineCount === 1
    ? 'The one line before that is counted.'
    : `The ${lineCount.toLocaleString('en-US')} lines before that are counted.`;
}

function outcomeOf(
  job: ScanJob,
  parts: {
    readonly end: FeedEnd;
    readonly bytesRead: number;
    readonly fingerprint: ReturnType<typeof fingerprintAt>;
    readonly error: SourceError | undefined;
  },
): ScanOutcome {
  const { end, bytesRead, fingerprint, error } = parts;
  return {
    sourceNo: job.sourceNo,
    bytesRead,
    ...end,
    ...(fingerprint ?? { headBytes: 0, headHash: 0n, anchorHash: 0n }),
    ...(error ? { error } : {}),
  };
}
