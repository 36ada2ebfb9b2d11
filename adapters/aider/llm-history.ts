import type { ReadRecord, ReadSource, SourceToRead } from '../../src/model/reader.ts';
import { type Resumed, resume, toMark, withoutStale } from './resume.ts';
import { localInstant, sessionKey } from './session-key.ts';
import { type TextLine, textLines } from './text-lines.ts';

/** The requests and responses of an LLM history: when each was written and how long it is. */
export const readLlmHistory: ReadSource = function* read(source) {
  const resumed = resume(source.path, source.mark);
  return yield* withoutStale(readBlocks(source, resumed), resumed.staleLineCount);
};

/** `TO LLM 2026-05-06T09:00:05` */
export const BLOCK_START = /^([A-Z][A-Z ]*) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\s*$/;

interface Block {
  readonly line: TextLine;
  readonly role: string;
  readonly time: string;
  bytes: number;
}

function* readBlocks({ path }: SourceToRead, { start, state }: Resumed): Generator<ReadRecord, string> {
  let key = typeof state === 'string' ? state : undefined;
  let block: Block | undefined;
  let lineCount = start.lineNo;
  const toRecord = ({ line, role, time, bytes }: Block): ReadRecord => ({
    lineNo: line.lineNo,
    json: JSON.stringify({ type: 'llm', session: key, n: line.lineNo, at: localInstant(time), role, bytes }),
  });
  for (const line of textLines(path, start)) {
    lineCount = line.lineNo;
    const [, role, time] = BLOCK_START.exec(line.text) ?? [];
    if (role === undefined || time === undefined) {
      if (block) block.bytes += line.sizeBytes + 1;
      continue;
    }
    key ??= sessionKey('llm', role, time);
    if (block) yield toRecord(block);
    block = { line, role, time, bytes: 0 };
  }
  if (block) yield toRecord(block);
  const { offset = 0, lineNo = 1, sizeBytes = 0 } = block?.line ?? {};
  return toMark(path, { offset, lineNo: lineNo - 1, lineCount, anchorBytes: sizeBytes, state: key });
}
