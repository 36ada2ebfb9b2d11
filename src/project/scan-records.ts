import type { ReadRecord, ReadReject, ReadSource } from '../model/reader.ts';
import type { Engine } from './engine.ts';
import { createLineFeed, type Reject } from './line-feed.ts';
import { asSourceError, type SourceError } from './read-source.ts';
import { SCAN_LIMITS, type ScanOptions, type ScanOutcome } from './scan-source.ts';

const NEWLINE = 10;
/** Code of a database that SQLite cannot read. */
const DAMAGED = 'ESQLITE';
const encoder = new TextEncoder();

/** Scans what a reader makes of a source into the engine's rows. Never throws for what the source is or holds. */
export function scanRecords(engine: Engine, read: ReadSource, options: ScanOptions): ScanOutcome {
  const { job, onRead, limits = SCAN_LIMITS } = options;
  const start = { sourceNo: job.sourceNo, offset: 0, lineNo: 0, takeFrom: 0 };
  const feed = createLineFeed(engine, { ...limits, ...options, start });
  const rejects: Reject[] = [];
  let rejectCount = 0;
  let recordCount = 0;
  let bytesTold = 0;
  let mark: string | undefined;
  let error: SourceError | undefined;
  const tell = (bytes: number): void => {
    const more = Math.min(bytes, job.size - bytesTold);
    bytesTold += more;
    onRead?.(more);
  };
  const put = (bytes: Uint8Array): void => {
    for (let rest = bytes; rest.length > 0; ) {
      const room = feed.room();
      const piece = rest.subarray(0, room.length);
      room.set(piece);
      feed.advance(piece.length);
      rest = rest.subarray(piece.length);
    }
  };
  const take = (item: ReadRecord | ReadReject): void => {
    if (!('json' in item)) {
      rejectCount++;
      if (rejects.length < limits.mostRejects) rejects.push({ byteOffset: 0, ...item });
      return;
    }
    recordCount++;
    if (engine.lineNo() !== item.lineNo - 1) engine.begin(job.sourceNo, item.lineNo - 1);
    const bytes = lineOf(item.json);
    put(bytes);
    tell(bytes.length);
  };
  try {
    const items = read({ path: job.path, ...(job.mark === undefined ? {} : { mark: job.mark }) });
    for (let next = items.next(); ; next = items.next()) {
      if (next.done === true) {
        mark = next.value;
        break;
      }
      take(next.value);
    }
  } catch (cause) {
    error = asSourceError(cause);
    if (!error) throw cause;
    // What was read before the damage stays; the rest of the source is the part that is no record.
    if (error.code === DAMAGED) take({ lineNo: 0, reason: error.message, sizeBytes: job.size - bytesTold });
  }
  const end = feed.finish();
  tell(job.size);
  return {
    sourceNo: job.sourceNo,
    bytesRead: job.size,
    parsedTo: job.size,
    lineCount: recordCount,
    pendingBytes: 0,
    headBytes: 0,
    headHash: 0n,
    anchorHash: 0n,
    // Where in the source a record's text stands, only its reader knew.
    rejects: [...rejects, ...end.rejects.map((reject) => ({ ...reject, byteOffset: 0 }))],
    rejectCount: rejectCount + end.rejectCount,
    ...(mark === undefined || error !== undefined ? {} : { mark }),
    ...(error === undefined ? {} : { error }),
  };
}

/** Used again for each record but the longest: what is let go of here stands beside the heap, where the garbage collection hardly sees it. */
const kept = new Uint8Array(1 << 20);

/** The record with the line break that ends it, and none within; the bytes are good until the next one. */
function lineOf(json: string | Uint8Array): Uint8Array {
  const most = (typeof json === 'string' ? json.length * 3 : json.length) + 1; // a UTF-16 unit is at most three bytes
  const buffer = most <= kept.length ? kept : new Uint8Array(most);
  const length = typeof json === 'string' ? encoder.encodeInto(json, buffer).written : json.length;
  if (typeof json !== 'string') buffer.set(json);
  buffer[length] = NEWLINE;
  for (let at = buffer.indexOf(NEWLINE); at < length; at = buffer.indexOf(NEWLINE, at + 1)) buffer[at] = 32;
  return buffer.subarray(0, length + 1);
}
