import { createHash } from 'node:crypto';

/** Enough of a file's bytes to tell one that grew from one that was written anew. */
export interface Fingerprint {
  /** Bytes that `headHash` covers: min(4096, parsedTo). */
  readonly headBytes: number;
  readonly headHash: bigint;
  /** Of the last min(512, parsedTo) bytes before parsedTo. */
  readonly anchorHash: bigint;
}

const HEAD_BYTES = 4096;
const ANCHOR_BYTES = 512;

/** The first eight bytes of SHA-256 as an unsigned number. */
export function hashBytes(bytes: Uint8Array): bigint {
  return createHash('sha256').update(bytes).digest().readBigUInt64LE(0);
}

/** The fingerprint of a file that can be read anywhere; undefined when it ends before `parsedTo`. */
export function fingerprintAt(
  parsedTo: number,
  readAt: (into: Uint8Array, position: number) => number,
): Fingerprint | undefined {
  const head = new Uint8Array(Math.min(HEAD_BYTES, parsedTo));
  const anchor = new Uint8Array(Math.min(ANCHOR_BYTES, parsedTo));
  if (readAt(head, 0) < head.length || readAt(anchor, parsedTo - anchor.length) < anchor.length)
    return undefined;
  return { headBytes: head.length, headHash: hashBytes(head), anchorHash: hashBytes(anchor) };
}

/** Gathers the fingerprint of a stream from its pieces. */
export interface FingerprintTracker {
  readonly take: (piece: Uint8Array) => void;
  readonly taken: () => number;
  readonly result: () => Fingerprint;
}

export function trackFingerprint(): FingerprintTracker {
  let head = new Uint8Array(0);
  let anchor = new Uint8Array(0);
  let taken = 0;
  const join = (a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> => {
    const both = new Uint8Array(a.length + b.length);
    both.set(a);
    both.set(b, a.length);
    return both;
  };
  return {
    take: (piece) => {
      if (head.length < HEAD_BYTES) head = join(head, piece.subarray(0, HEAD_BYTES - head.length));
      anchor = join(anchor, piece.subarray(-ANCHOR_BYTES)).slice(-ANCHOR_BYTES);
      taken += piece.length;
    },
    taken: () => taken,
    result: () => ({ headBytes: head.length, headHash: hashBytes(head), anchorHash: hashBytes(anchor) }),
  };
}
