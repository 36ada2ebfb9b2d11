import type { Engine } from './engine.ts';
import { LINE_TOO_LONG } from './reasons.ts';

/** A line, or the rest of one, that is no record. */
export interface Reject {
  readonly lineNo: number;
  readonly byteOffset: number;
  readonly sizeBytes: number;
  readonly reason: string;
}

export interface FeedStart {
  readonly sourceNo: number;
  /** The first byte that will come: the start of a line. */
  readonly offset: number;
  /** Lines before it. */
  readonly lineNo: number;
  /** Records that begin before this byte were taken by an earlier scan. */
  readonly takeFrom: number;
}

export interface FeedEnd {
  readonly parsedTo: number;
  readonly lineCount: number;
  readonly pendingBytes: number;
  readonly rejectCount: number;
  readonly rejects: readonly Reject[];
}

/**
 * Takes bytes in pieces of any size and gives whole lines to the scanner: the caller fills `room()` and says how much with
 * `advance()`. A line longer than the input grows it, up to `longestLine`; beyond that it is passed over.
 */
export interface LineFeed {
  readonly room: () => Uint8Array;
  readonly advance: (bytes: number) => void;
  /** At the end of the file: takes the unterminated last line if it is complete. */
  readonly finish: () => FeedEnd;
  /** After damage: leaves what is unterminated. */
  readonly stop: () => FeedEnd;
}

export interface FeedOptions {
  readonly start: FeedStart;
  readonly longestLine: number;
  /** At most so many rejects are listed; all are counted. */
  readonly mostRejects: number;
  /** Write the engine's rows: there is no room for more. */
  readonly flush: () => void;
  /** These bytes are done with, in order. */
  readonly onTaken?: (piece: Uint8Array) => void;
}

const NEWLINE = 10;

export function createLineFeed(engine: Engine, options: FeedOptions): LineFeed {
  const { start, longestLine, mostRejects, flush, onTaken } = options;
  const rejects: Reject[] = [];
  let rejectCount = 0;
  let base = start.offset; // of the input's first byte
  let have = 0;
  let takeFrom = start.takeFrom;
  let passedOver: number | undefined; // bytes of a line too long, so far
  engine.begin(start.sourceNo, start.lineNo);

  const reject = (entry: Reject): void => {
    rejectCount++;
    if (rejects.length < mostRejects) rejects.push(entry);
  };

  /** Lets go of the first `bytes` of the input. */
  const drop = (bytes: number): void => {
    const input = engine.input();
    onTaken?.(input.subarray(0, bytes));
    input.copyWithin(0, bytes, have);
    base += bytes;
    have -= bytes;
  };

  /** Scans the lines of the first `to` bytes. False when the unterminated line is not complete. */
  const scan = (to: number, isTail: boolean): boolean => {
    let from = 0;
    let giveUp = false;
    for (;;) {
      const before = engine.lineNo();
      const stop = engine.scan({ from, to, takeFrom: Math.max(0, takeFrom - base), isTail, giveUp });
      for (const { lineNo, at, sizeBytes, reason } of stop.rejects)
        reject({ lineNo, byteOffset: base + at, sizeBytes, reason });
      if (engine.lineNo() > before) takeFrom = 0;
      from = stop.at;
      giveUp = false;
      if (stop.status === 'done') return true;
      if (stop.status === 'pending') return false;
      if (stop.status === 'flush') flush();
      else giveUp = !engine.growOutput(Math.max(to, have));
    }
  };

  /** Looks for the end of a line that is passed over. */
  const passOver = (): void => {
    const newline = engine.input().subarray(0, have).indexOf(NEWLINE);
    const bytes = newline < 0 ? have : newline;
    const sizeBytes = (passedOver ?? 0) + bytes;
    if (newline < 0) {
      drop(have);
      passedOver = sizeBytes;
      return;
    }
    const lineNo = engine.lineNo() + 1;
    reject({ lineNo, byteOffset: base + bytes - sizeBytes, sizeBytes, reason: LINE_TOO_LONG });
    drop(newline + 1);
    engine.begin(start.sourceNo, lineNo);
    passedOver = undefined;
    takeFrom = 0;
  };

  const advance = (bytes: number): void => {
    let unseen = have;
    have += bytes;
    if (passedOver !== undefined) {
      passOver();
      unseen = 0;
      if (passedOver !== undefined) return;
    }
    const newline = engine.input().subarray(unseen, have).lastIndexOf(NEWLINE);
    if (newline >= 0) {
      const end = unseen + newline + 1;
      scan(end, false);
      drop(end);
    }
    if (have < engine.capacity()) return;
    if (have > longestLine) {
      passedOver = 0;
      passOver();
    } else engine.growInput(Math.min(engine.capacity() * 2, longestLine + 1));
  };

  const end = (): FeedEnd => {
    const parsedTo = Math.max(base - (passedOver ?? 0), start.takeFrom);
    const isBefore = parsedTo > base - (passedOver ?? 0); // still in the line that an earlier scan took the first part of
    return {
      parsedTo,
      lineCount: engine.lineNo() + (isBefore ? 1 : 0),
      pendingBytes: base + have - parsedTo,
      rejectCount,
      rejects,
    };
  };

  return {
    room: () => engine.input().subarray(have, engine.capacity()),
    advance,
    finish: () => {
      if (have > 0 && passedOver === undefined) {
        engine.input()[have] = NEWLINE;
        if (scan(have + 1, true)) drop(have);
      }
      return end();
    },
    stop: end,
  };
}
