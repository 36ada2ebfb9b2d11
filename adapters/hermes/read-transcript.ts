import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isRecord } from '../../src/model/first-records.ts';
import type { ReadRecord, ReadReject, ReadSource } from '../../src/model/reader.ts';
import { decodeText } from '../../src/read/decode-text.ts';
import { splitDocument } from '../../src/read/json-document.ts';
import { instant, messageRecord } from './message-record.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A transcript: a message a line, beginning with the session's settings. */
export const readTranscript: ReadSource = function* ({ path }) {
  const session = basename(path.replaceAll('\\', '/')).replace(/\.jsonl$/, '');
  const lines = readFileSync(path, 'utf8').split('\n');
  let lineNo = 0;
  for (const line of lines) {
    lineNo += 1;
    if (line.trim() === '') continue;
    // The last line may still be written.
    if (lineNo === lines.length && !line.endsWith('}')) continue;
    const fields = parsed(line);
    if (fields === undefined) yield { lineNo, reason: 'no JSON object', sizeBytes: Buffer.byteLength(line) };
    else if (fields.role === 'session_meta') yield sessionRecord(fields, { lineNo, session });
    else if (typeof fields.role === 'string') yield record(fields, { lineNo, session });
  }
  return undefined;
};

/** A snapshot: a document with the session's settings and all its messages. */
export const readSnapshot: ReadSource = function* ({ path }) {
  const messages: (readonly [number, Fields])[] = [];
  let settings: Fields = {};
  const rejects: ReadReject[] = [];
  for (const piece of splitDocument(path, { arrays: ['messages[]'] })) {
    if ('reason' in piece) {
      rejects.push({ lineNo: piece.ordinal, reason: piece.reason, sizeBytes: piece.sizeBytes });
      continue;
    }
    const fields = parsed(decodeText(piece.json));
    if (fields !== undefined && piece.at === '') settings = fields;
    else if (fields !== undefined && typeof fields.role === 'string') messages.push([piece.ordinal, fields]);
  }
  const stem = basename(path.replaceAll('\\', '/')).replace(/^session_|\.json$/g, '');
  const session = typeof settings.session_id === 'string' ? settings.session_id : stem;
  yield sessionRecord({ ...settings, timestamp: settings.session_start }, { lineNo: 0, session });
  for (const [lineNo, fields] of messages) yield record(fields, { lineNo, session });
  yield* rejects;
  return undefined;
};

interface Place {
  readonly lineNo: number;
  readonly session: string;
}

const sessionRecord = (fields: Fields, { lineNo, session }: Place): ReadRecord => ({
  lineNo,
  json: JSON.stringify({
    kind: 'session',
    session,
    at: instant(fields.timestamp),
    platform: fields.platform,
    usage: [],
  }),
});

function record(fields: Fields, { lineNo, session }: Place): ReadRecord {
  const { role, content, reasoning, timestamp, tool_calls, tool_call_id, tool_name, name } = fields;
  return {
    lineNo,
    json: messageRecord({
      session,
      role: String(role),
      content,
      reasoning,
      at: instant(timestamp),
      toolCalls: tool_calls,
      toolCallId: tool_call_id,
      toolName: tool_name ?? name,
      origin: `${session}/${lineNo}`,
    }),
  };
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
