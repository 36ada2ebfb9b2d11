import type { ReadSource } from '../model/reader.ts';
import { type DocumentPiece, type SplitOptions, splitDocument } from './json-document.ts';

export interface DocumentReadOptions extends SplitOptions {
  /** Records are `{"at":…,"key":…,"parents":[…],"value":…}` around the text of the piece; `key` is null where there is none. */
  readonly isWrapped?: boolean;
}

/**
 * A reader of JSON documents: a record for each element of the arrays, and one, on line 0, for the rest of the document.
 * "Lines" are ordinals of `splitDocument`.
 */
export function readDocument(options: DocumentReadOptions): ReadSource {
  return function* read({ path }) {
    const wrap = options.isWrapped ? createWrapper() : ({ json }: DocumentPiece) => json;
    for (const piece of splitDocument(path, options)) {
      if ('reason' in piece) {
        const { ordinal, reason, sizeBytes } = piece;
        yield { lineNo: ordinal, reason, sizeBytes };
      } else yield { lineNo: piece.ordinal, json: wrap(piece) };
    }
    return undefined;
  };
}

/** One buffer serves all records. */
function createWrapper(): (piece: DocumentPiece) => Uint8Array {
  let buffer = Buffer.alloc(64 << 10);
  return ({ at, key, parents, json }) => {
    const head = `{"at":${JSON.stringify(at)},"key":${JSON.stringify(key ?? null)},"parents":${JSON.stringify(parents)},"value":`;
    const most = head.length * 3 + json.length + 1; // a UTF-16 unit is at most three bytes
    if (most > buffer.length) buffer = Buffer.alloc(Math.max(most, buffer.length * 2));
    const from = buffer.write(head);
    buffer.set(json, from);
    buffer[from + json.length] = 125;
    return buffer.subarray(0, from + json.length + 1);
  };
}
