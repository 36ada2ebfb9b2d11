import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { closeJson } from '../model/close-json.ts';
import { compilePaths } from './document-paths.ts';
import { createDocumentWalk, type WalkedText } from './document-walk.ts';
import { createJsonScan, FAILED, isBetweenDocuments, NEEDS_BYTES, scanOn } from './json-scan.ts';

/** An element of one of the arrays, an entry of one of the objects, or what is left of a document without them. */
export interface DocumentPiece {
  /** The path as it was asked for; '' for what is left. */
  readonly at: string;
  /**
   * Elements count from 1 in the order in which they are yielded, rejects with them. What is left of the first document is 0; what is
   * left of a later one has the number after the last of the document before it, though it is yielded after its own elements.
   */
  readonly ordinal: number;
  /** Which element of its array, which entry of its object, from 0. */
  readonly index: number;
  /** Of the innermost `{}` of the path. */
  readonly key?: string;
  /** The index of each element or entry that this one lies in, the outermost first, as far as its path steps into them. */
  readonly parents: readonly number[];
  /** The value's own text, with line breaks between tokens turned into spaces. The bytes are good until the next step. */
  readonly json: Uint8Array;
}

/** A part of the file that is no piece. */
export interface DocumentReject {
  readonly ordinal: number;
  /** Names the byte, from 0, and the line, from 1, where the file breaks off or breaks the rules. */
  readonly reason: string;
  /** Of the value too long; else of all that is not read, from the beginning of the unfinished element on. */
  readonly sizeBytes: number;
}

export interface SplitOptions {
  /** Keys joined by dots, `[]` for the elements of an array, `{}` for the entries of an object: `[]`, `messages[]`, `a[].b{}`. */
  readonly arrays: readonly string[];
  /** Most bytes of one piece, 64 MB by default. */
  readonly limit?: number;
  /** Bytes read at a time. */
  readonly readBytes?: number;
}

const LIMIT = 64 << 20;
const READ_BYTES = 256 << 10;

/**
 * Streams a file of JSON documents, one after another, holding no more than one element and the remainder: each element of the
 * arrays, then, for each document, the remainder, in which these arrays are empty. Where one array lies in an element of another,
 * its elements come first, and are no longer in the outer one.
 *
 * A document that breaks off or breaks the rules ends the file: a reject, then the remainder as far as it goes. Brackets, commas
 * and colons are right in every piece; whether its words, numbers and escapes are is not looked at.
 *
 * Throws what the system throws, at the first step.
 */
export function* splitDocument(
  path: string,
  options: SplitOptions,
): Generator<DocumentPiece | DocumentReject, void> {
  const { limit = LIMIT, readBytes = READ_BYTES } = options;
  const scan = createJsonScan();
  const walk = createDocumentWalk(scan, { root: compilePaths(options.arrays), limit });
  const numbers = createNumbering();
  let offset = 0; // of the buffer's first byte

  const fd = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(Math.min(readBytes, fstatSync(fd).size + 1));
    for (;;) {
      const bytes = readSync(fd, buffer, 0, buffer.length, null);
      if (bytes === 0 && isBetweenDocuments(scan)) return;
      scan.bytes = buffer;
      scan.at = 0;
      scan.end = bytes;
      walk.enter(buffer);
      let stop = bytes === 0 ? FAILED : scanOn(scan);
      for (; stop !== NEEDS_BYTES && stop !== FAILED; stop = scanOn(scan)) {
        const text = walk.take(stop);
        if (text) yield toPiece(text, { limit, ordinal: numbers.of(text) });
      }
      if (stop === FAILED) {
        const at = offset + scan.at;
        const { lostBytes, remainder } = walk.breakOff();
        const why = bytes === 0 ? 'cut short' : remainder ? scan.reason : 'neither object nor array';
        yield {
          ordinal: numbers.next(),
          reason: `${why} at byte ${at}, line ${scan.lineBreaks + 1}`,
          sizeBytes: lostBytes + Math.max(0, fstatSync(fd).size - at),
        };
        if (remainder) yield toPiece(closed(remainder), { limit, ordinal: numbers.of(remainder) });
        return;
      }
      walk.leave(bytes);
      offset += bytes;
    }
  } finally {
    closeSync(fd);
  }
}

interface Numbering {
  readonly of: (text: WalkedText) => number;
  /** Of an element. */
  readonly next: () => number;
}

function createNumbering(): Numbering {
  let last = 0;
  let remainder: number | undefined = 0; // of the current document, if it has one yet
  const next = (): number => {
    remainder ??= ++last;
    return ++last;
  };
  return {
    next,
    of: ({ at }) => {
      if (at !== '') return next();
      const ordinal = remainder ?? ++last;
      remainder = undefined;
      return ordinal;
    },
  };
}

function toPiece(
  text: WalkedText,
  facts: { readonly ordinal: number; readonly limit: number },
): DocumentPiece | DocumentReject {
  const { at, index, key, parents, bytes, sizeBytes } = text;
  const { ordinal, limit } = facts;
  if (bytes === undefined) return { ordinal, reason: `longer than ${sizeText(limit)}`, sizeBytes };
  if (key === undefined) return { at, ordinal, index, parents, json: bytes };
  return { at, ordinal, index, key, parents, json: bytes };
}

function sizeText(bytes: number): string {
  return bytes % (1 << 20) === 0 ? `${bytes / (1 << 20)} MB` : `${bytes} bytes`;
}

/** What there is of a document that breaks off, with what is open closed. */
function closed(text: WalkedText): WalkedText {
  if (text.bytes === undefined) return text;
  const { buffer, byteOffset, length } = text.bytes;
  const json = closeJson(Buffer.from(buffer, byteOffset, length).toString('latin1'));
  return { ...text, bytes: json === undefined ? undefined : Buffer.from(json, 'latin1') };
}
