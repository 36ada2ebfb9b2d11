/**
 * Puts together texts that lie within each other out of pieces: bytes go to the innermost open text, or to none.
 *
 * Positions are those of the current piece. A text that lies within one piece is never copied.
 */
export interface TextCollector {
  /** The next piece. The last one must have been left. */
  readonly enter: (piece: Uint8Array) => void;
  /** Keeps what the current piece has for the open text up to `to`. */
  readonly leave: (to: number) => void;
  /** Begins a text within the current one. */
  readonly open: (from: number) => void;
  /** Ends the innermost text; the bytes after it are dropped. */
  readonly close: (to: number) => CollectedText;
  /** Bytes from here on belong to no text. */
  readonly drop: (from: number) => void;
  /** Bytes from here on belong to the innermost text. */
  readonly keep: (from: number) => void;
  /** How many texts are open. */
  readonly openCount: () => number;
}

/** Bytes until the next call of the collector; none when there were more than the limit. */
export interface CollectedText {
  readonly bytes: Uint8Array | undefined;
  readonly sizeBytes: number;
}

interface Text {
  bytes: Uint8Array;
  sizeBytes: number;
}

const SMALLEST = 64 << 10;

export function createTextCollector(limit: number): TextCollector {
  const texts: Text[] = []; // those beyond `count` are kept for their memory
  let count = 0;
  let piece: Uint8Array = new Uint8Array(0);
  let keptFrom = 0;
  let isKeeping = false;

  const flush = (to: number): void => {
    const text = texts[count - 1];
    if (!isKeeping || text === undefined || to === keptFrom) return;
    const sizeBytes = text.sizeBytes + to - keptFrom;
    if (sizeBytes <= limit) {
      if (sizeBytes > text.bytes.length) text.bytes = grown(text, { sizeBytes, limit });
      text.bytes.set(piece.subarray(keptFrom, to), text.sizeBytes);
    }
    text.sizeBytes = sizeBytes;
    keptFrom = to;
  };

  return {
    enter: (next) => {
      piece = next;
      keptFrom = 0;
    },
    leave: flush,
    open: (from) => {
      flush(from);
      const text = texts[count];
      if (text) text.sizeBytes = 0;
      else texts.push({ bytes: new Uint8Array(0), sizeBytes: 0 });
      count++;
      keptFrom = from;
      isKeeping = true;
    },
    close: (to) => {
      const text = texts[count - 1];
      if (text === undefined) throw new Error('No text is open');
      const isWithinPiece = isKeeping && text.sizeBytes === 0 && to - keptFrom <= limit;
      const within = piece.subarray(keptFrom, to);
      if (!isWithinPiece) flush(to);
      count--;
      isKeeping = false;
      if (isWithinPiece) return { bytes: within, sizeBytes: within.length };
      const { bytes, sizeBytes } = text;
      return { bytes: sizeBytes <= limit ? bytes.subarray(0, sizeBytes) : undefined, sizeBytes };
    },
    drop: (from) => {
      flush(from);
      isKeeping = false;
    },
    keep: (from) => {
      keptFrom = from;
      isKeeping = true;
    },
    openCount: () => count,
  };
}

function grown(text: Text, need: { readonly sizeBytes: number; readonly limit: number }): Uint8Array {
  const bytes = new Uint8Array(
    Math.min(need.limit, Math.max(SMALLEST, need.sizeBytes, text.bytes.length * 2)),
  );
  bytes.set(text.bytes.subarray(0, text.sizeBytes));
  return bytes;
}
