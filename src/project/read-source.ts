import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { Decompress } from 'fzstd';
import { type Fingerprint, fingerprintAt, trackFingerprint } from './fingerprint.ts';

/** A log open for reading, and nothing but reading. */
export interface OpenSource {
  readonly isCompressed: boolean;
  readonly size: number;
  /** Fills as much of `into` as there is from `position` on; fewer bytes only at the end. */
  readonly readAt: (into: Uint8Array, position: number) => number;
  readonly close: () => void;
}

/** What keeps a source from being read: the system's code or one of ours, and a sentence. */
export interface SourceError {
  readonly code: string;
  readonly message: string;
}

const PIECE = 1 << 16;
const ZSTD_MAGIC = 0xfd2fb528;

/** Opens a regular file; throws for anything else, before a pipe could block. */
export function openSource(path: string): OpenSource {
  const kind = statSync(path);
  if (kind.isDirectory()) throw sourceError('EISDIR', 'is a directory');
  if (!kind.isFile()) throw sourceError('ENOTFILE', 'is not a regular file');
  const fd = openSync(path, 'r');
  try {
    const readAt = (into: Uint8Array, position: number): number => {
      let filled = 0;
      while (filled < into.length) {
        const bytes = readSync(fd, into, filled, into.length - filled, position + filled);
        if (bytes === 0) break;
        filled += bytes;
      }
      return filled;
    };
    const magic = new Uint8Array(4);
    const isCompressed =
      readAt(magic, 0) === 4 && new DataView(magic.buffer).getUint32(0, true) === ZSTD_MAGIC;
    return { isCompressed, size: kind.size, readAt, close: () => closeSync(fd) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Streams the decompressed bytes of a zstd file to `onBytes`, until that returns false. Throws on damage. */
export function decompress(
  source: OpenSource,
  options: { readonly onBytes: (piece: Uint8Array) => void; readonly onRead?: (bytes: number) => void },
): void {
  const stream = new Decompress((piece) => options.onBytes(piece));
  const buffer = new Uint8Array(PIECE);
  let position = 0;
  try {
    for (;;) {
      const bytes = source.readAt(buffer, position);
      position += bytes;
      options.onRead?.(bytes);
      stream.push(buffer.slice(0, bytes), bytes < PIECE);
      if (bytes < PIECE) return;
    }
  } catch (error) {
    if (isZstdError(error)) throw sourceError('EZSTD', damageOf(error));
    throw error;
  }
}

/**
 * Recomputes the fingerprint of a file at a `parsedTo` that an earlier scan reported. Equal hashes: the file has only grown since.
 * Undefined when it cannot be read or ends before `parsedTo`: it was written anew.
 */
export function sourceFingerprint(path: string, parsedTo: number): Fingerprint | undefined {
  let source: OpenSource | undefined;
  try {
    source = openSource(path);
    if (!source.isCompressed) return fingerprintAt(parsedTo, source.readAt);
    const tracker = trackFingerprint();
    decompress(source, { onBytes: (piece) => tracker.take(piece.subarray(0, parsedTo - tracker.taken())) });
    return tracker.taken() < parsedTo ? undefined : tracker.result();
  } catch (error) {
    if (asSourceError(error)) return undefined;
    throw error;
  } finally {
    source?.close();
  }
}

function sourceError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** The error as data if it is about the file; undefined for a mistake of ours. */
export function asSourceError(error: unknown): SourceError | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (!error.code.startsWith('E') || error.code.startsWith('ERR_')) return undefined;
  return { code: error.code, message: error.message };
}

const damageOf = ({ message }: Error): string =>
  message === 'unexpected EOF'
    ? 'is cut off: its compressed data end too early'
    : `is damaged: its compressed data are not valid${message === 'invalid zstd data' ? '' : ` (${message})`}`;

/** fzstd throws errors with a number as code, and plain range errors on some damage. */
function isZstdError(error: unknown): error is Error {
  return (
    error instanceof RangeError ||
    (error instanceof Error && 'code' in error && typeof error.code === 'number')
  );
}
