import { closeSync, openSync, readSync } from 'node:fs';

/** A line of a text, without what ends it. */
export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly lineNo: number;
  /** Of its first byte. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** Whether a line break ends it: the last line of a file that is being written may go on. */
  readonly isEnded: boolean;
}

export interface TextStart {
  /** A byte at which a line begins. */
  readonly offset: number;
  /** Lines before it. */
  readonly lineNo: number;
}

export interface TextRange extends TextStart {
  /** What is kept of a line that is longer than 1 MB; its size is told all the same. */
  readonly keepBytes?: number;
}

const READ_BYTES = 1 << 20;
const LONGEST_LINE = 64 << 20;

/** The lines of a file in any encoding that keeps ASCII; what is no UTF-8 is replaced. Holds one line at a time. */
export function* textLines(
  path: string,
  start: TextRange = { offset: 0, lineNo: 0 },
): Generator<TextLine, void> {
  const { keepBytes = LONGEST_LINE } = start;
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let { offset, lineNo } = start;
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  const keep = (piece: Buffer): void => {
    if (sizeBytes < keepBytes) parts.push(Buffer.from(piece.subarray(0, keepBytes - sizeBytes)));
    sizeBytes += piece.length;
  };
  const take = (last: Buffer, isEnded: boolean): TextLine => {
    if (parts.length > 0) keep(last);
    else sizeBytes = last.length;
    const bytes = parts.length > 0 ? Buffer.concat(parts) : last;
    const text = bytes.toString('utf8').replace(/\r$/, '');
    lineNo += 1;
    const line = {
      text: offset === 0 ? text.replace(/^\uFEFF/, '') : text,
      lineNo,
      offset,
      sizeBytes,
      isEnded,
    };
    offset += sizeBytes + (isEnded ? 1 : 0);
    parts = [];
    sizeBytes = 0;
    return line;
  };
  const fd = openSync(path, 'r');
  try {
    for (let position = start.offset; ; ) {
      const read = readSync(fd, buffer, 0, READ_BYTES, position);
      if (read === 0) break;
      position += read;
      let from = 0;
      for (let at = indexOfBreak(buffer, from, read); at >= 0; at = indexOfBreak(buffer, from, read)) {
        yield take(buffer.subarray(from, at), true);
        from = at + 1;
      }
      if (from < read) keep(buffer.subarray(from, read));
    }
    if (sizeBytes > 0) yield take(Buffer.alloc(0), false);
  } finally {
    closeSync(fd);
  }
}

function indexOfBreak(buffer: Buffer, from: number, to: number): number {
  const at = buffer.subarray(from, to).indexOf(10);
  return at < 0 ? at : from + at;
}
