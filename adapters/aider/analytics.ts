import { isRecord } from '../../src/model/first-records.ts';
import type { ReadRecord, ReadReject, ReadSource, SourceToRead } from '../../src/model/reader.ts';
import { isoTime } from '../../src/read/iso-time.ts';
import { type Resumed, resume, toMark, withoutStale } from './resume.ts';
import { sessionKey } from './session-key.ts';
import { textLines } from './text-lines.ts';

/** The runs of an analytics log: a record for each event. Goes on from the beginning of the last run. */
export const readAnalytics: ReadSource = function* read(source) {
  const resumed = resume(source.path, source.mark);
  return yield* withoutStale(readRuns(source, resumed), resumed.staleLineCount);
};

/** One start of the program. */
interface Run {
  readonly key: string;
  readonly seed: string;
  readonly ordinal: number;
  readonly lineNo: number;
  /** `cli session` follows `launched`, unless that was not logged. */
  isGreeted: boolean;
  callCount: number;
}

interface RunState {
  readonly seed: string;
  readonly ordinal: number;
}

function* readRuns(
  { path }: SourceToRead,
  { start, state, toldLineCount, staleLineCount }: Resumed,
): Generator<ReadRecord | ReadReject, string> {
  const before = state as RunState | undefined;
  let run: Run | undefined;
  let from = { offset: start.offset, lineNo: start.lineNo, anchorBytes: 0 };
  let lineCount = start.lineNo;
  let lastSeed: RunState | undefined;

  for (const line of textLines(path, start)) {
    const record = parsed(line.text);
    if (record === undefined) {
      if (!line.isEnded) break; // it is being written
      if (line.text.trim() !== '' && (line.lineNo > toldLineCount || staleLineCount > 0))
        yield { lineNo: line.lineNo, reason: 'not an event', sizeBytes: line.sizeBytes };
      lineCount = line.lineNo;
      continue;
    }
    lineCount = line.lineNo;
    const { event, time, user_id: user, properties } = record;
    const isStart = event === 'launched' || (event === 'cli session' && run?.isGreeted !== false);
    const isNew = run === undefined || isStart;
    if (isNew) {
      const seed = `${String(user)} ${String(time)}`;
      const ordinal: number =
        before !== undefined && line.offset === start.offset
          ? before.ordinal
          : lastSeed?.seed === seed
            ? lastSeed.ordinal + 1
            : 0;
      const key = sessionKey('analytics', seed, ordinal);
      run = { key, seed, ordinal, lineNo: line.lineNo, isGreeted: true, callCount: 0 };
      lastSeed = { seed, ordinal };
      from = { offset: line.offset, lineNo: line.lineNo - 1, anchorBytes: line.sizeBytes };
    }
    if (run === undefined) continue;
    if (event === 'launched') run.isGreeted = false;
    if (event === 'cli session' || event === 'exit') run.isGreeted = true;
    if (event === 'message_send') run.callCount += 1;
    const facts = {
      type: 'analytics',
      session: run.key,
      n: line.lineNo - run.lineNo,
      at: typeof time === 'number' ? isoTime(time * 1000) : undefined,
      event,
      call: event === 'message_send' ? run.callCount : undefined,
      properties,
    };
    yield { lineNo: line.lineNo, json: JSON.stringify(facts) };
  }
  return toMark(path, { ...from, lineCount, state: from.offset === 0 ? undefined : lastSeed });
}

/** An event of the log. */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && typeof value.event === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
