import { isRecord } from '../../src/model/first-records.ts';
import type { ReadRecord, ReadReject } from '../../src/model/reader.ts';
import { decodeText } from '../../src/read/decode-text.ts';
import { splitDocument } from '../../src/read/json-document.ts';

export type Value = Readonly<Record<string, unknown>>;

export interface Element {
  readonly lineNo: number;
  /** The path of the array that it stands in; '' for what is left of the document. */
  readonly at: string;
  readonly value: Value;
}

/** The objects of a document's arrays, and what is left of it; what cannot be read as it was found. */
export function* readElements(
  path: string,
  arrays: readonly string[],
): Generator<Element | ReadReject, void> {
  for (const piece of splitDocument(path, { arrays })) {
    if ('reason' in piece) {
      yield { lineNo: piece.ordinal, reason: piece.reason, sizeBytes: piece.sizeBytes };
      continue;
    }
    try {
      const value: unknown = JSON.parse(decodeText(piece.json));
      if (isRecord(value)) yield { lineNo: piece.ordinal, at: piece.at, value };
    } catch {
      yield { lineNo: piece.ordinal, reason: 'not JSON', sizeBytes: piece.json.length };
    }
  }
}

export const toRecord = (lineNo: number, value: Value): ReadRecord => ({
  lineNo,
  json: JSON.stringify(value),
});
