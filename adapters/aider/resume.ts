import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { ReadRecord, ReadReject } from '../../src/model/reader.ts';
import type { TextStart } from './text-lines.ts';

/** Where the reader of a text that only grows goes on, and how to know that it is still the text it was. */
export interface Mark extends TextStart {
  /** Lines that were read: what is wrong with them has been told. */
  readonly lineCount: number;
  /** Of the first bytes, at most up to `offset`. */
  readonly headHash: string;
  /** Of so many bytes at `offset` or, when negative, before it. */
  readonly anchorHash: string;
  readonly anchorBytes: number;
  /** What the reader wants back. */
  readonly state: unknown;
}

/** Where to begin: the mark, as long as the text before it is what it was. */
export interface Resumed {
  readonly start: TextStart;
  readonly state: unknown;
  /** Rejects up to here were told by an earlier load. */
  readonly toldLineCount: number;
  /** The text is read from its beginning, perhaps since it was rewritten: so many lines of the old one have to go. */
  readonly staleLineCount: number;
}

const HEAD_BYTES = 4096;

export function resume(path: string, mark: string | undefined): Resumed {
  const fresh = { start: { offset: 0, lineNo: 0 }, state: undefined, toldLineCount: 0, staleLineCount: 0 };
  if (mark === undefined) return fresh;
  const { offset, lineNo, lineCount, headHash, anchorHash, anchorBytes, state } = JSON.parse(mark) as Mark;
  const isSame =
    headHash === hashAt(path, 0, Math.min(HEAD_BYTES, offset)) &&
    anchorHash === anchorAt(path, offset, anchorBytes);
  if (!isSame || offset === 0) return { ...fresh, staleLineCount: lineCount };
  return { start: { offset, lineNo }, state, toldLineCount: lineCount, staleLineCount: 0 };
}

export function toMark(
  path: string,
  parts: Pick<Mark, 'offset' | 'lineNo' | 'lineCount' | 'anchorBytes' | 'state'>,
): string {
  const { offset, anchorBytes } = parts;
  const mark: Mark = {
    ...parts,
    headHash: hashAt(path, 0, Math.min(HEAD_BYTES, offset)),
    anchorHash: anchorAt(path, offset, anchorBytes),
  };
  return JSON.stringify(mark);
}

/** After the records, an empty one for each line of the old text that has none now: rows of lines that come again are replaced. */
export function* withoutStale(
  items: Generator<ReadRecord | ReadReject, string | undefined>,
  staleLineCount: number,
): Generator<ReadRecord | ReadReject, string | undefined> {
  if (staleLineCount === 0) return yield* items;
  const present = new Set<number>();
  for (let next = items.next(); ; next = items.next()) {
    if (next.done === true) {
      for (let lineNo = 1; lineNo <= staleLineCount; lineNo++)
        if (!present.has(lineNo)) yield { lineNo, json: '{}' };
      return next.value;
    }
    present.add(next.value.lineNo);
    yield next.value;
  }
}

const anchorAt = (path: string, offset: number, bytes: number): string =>
  hashAt(path, offset + Math.min(bytes, 0), Math.abs(bytes));

function hashAt(path: string, offset: number, bytes: number): string {
  const buffer = Buffer.alloc(bytes);
  const fd = openSync(path, 'r');
  try {
    const read = readSync(fd, buffer, 0, bytes, offset);
    return createHash('md5').update(buffer.subarray(0, read)).digest('hex');
  } finally {
    closeSync(fd);
  }
}
