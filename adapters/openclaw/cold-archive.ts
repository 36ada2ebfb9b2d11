import { readFileSync } from 'node:fs';
import { isRecord } from '../../src/model/first-records.ts';
import type { ReadRecord, ReadReject, ReadSource } from '../../src/model/reader.ts';
import { storedEvent, unpacked } from './events.ts';

const ZSTD_MAGIC = 0xfd2fb528;

/** Whether a record is a line of a cold archive: an event as text, in the row that held it. */
export const isColdRecord = ({ kind, row, sessionId }: Readonly<Record<string, unknown>>): boolean =>
  kind === 'event'
    ? isRecord(row) && typeof row.event_json === 'string'
    : kind === 'header' && typeof sessionId === 'string';

/** The events of a cold archive's text: a header that names the session, then a row a line. Lines are the archive's own. */
export function* coldEvents(
  text: string,
  { firstLine, sessionId }: { readonly firstLine: number; readonly sessionId?: string },
): Generator<ReadRecord | ReadReject> {
  let session = sessionId;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const lineNo = firstLine + index;
    const record = parsed(line);
    if (record?.kind === 'header' && typeof record.sessionId === 'string') session ??= record.sessionId;
    else if (record?.kind === 'event' && isRecord(record.row) && typeof record.row.event_json === 'string') {
      yield session === undefined
        ? { lineNo, reason: 'is of no session', sizeBytes: Buffer.byteLength(line) }
        : storedEvent(record.row.event_json, { lineNo, storedIn: { session_id: session } });
    } else if (record === undefined) {
      yield { lineNo, reason: 'is no JSON', sizeBytes: Buffer.byteLength(line) };
    }
  }
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads `sessions/cold/<hash>.jsonl.zst`, or what it was unpacked to. */
export const readColdArchive: ReadSource = function* read({ path }) {
  const bytes = readFileSync(path);
  const isPacked = bytes.length >= 4 && bytes.readUInt32LE(0) === ZSTD_MAGIC;
  const text = isPacked ? unpacked(bytes) : bytes.toString('utf8');
  if (text === undefined) yield { lineNo: 1, reason: 'is damaged', sizeBytes: bytes.length };
  else yield* coldEvents(text, { firstLine: 1 });
  return undefined;
};
