import { closeSync, openSync, readSync } from 'node:fs';

/** What was added to a file, by its bytes. */
export interface Added {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

const PIECE_BYTES = 1 << 20;

/** Whether one of the texts stands in what was added. A file that cannot be read holds none: to load it tells why. */
export function isInAdded({ path, from, to }: Added, texts: readonly string[]): boolean {
  const overlap = Math.max(0, ...texts.map((text) => Buffer.byteLength(text) - 1));
  const piece = Buffer.alloc(Math.min(PIECE_BYTES + overlap, Math.max(0, to - from)));
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    for (let position = from; position < to; position += PIECE_BYTES) {
      const length = readSync(file, piece, 0, Math.min(piece.length, to - position), position);
      const read = piece.subarray(0, length);
      if (texts.some((text) => read.includes(text))) return true;
    }
    return false;
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
