import { decompress } from 'fzstd';
import type { ReadRecord, ReadReject } from '../../src/model/reader.ts';
import { decodeText } from '../../src/read/decode-text.ts';

/** Where an event is kept, as the plan knows it. */
export interface StoredIn {
  readonly session_id: string;
  readonly parent_id?: string;
  readonly forked_from_id?: string;
}

/** More than OpenClaw writes of one archive; what claims to be bigger is not unpacked. */
const MOST_BYTES = 1 << 30;

/** An event with the session it belongs to put in front. What is no object is a reject. */
export function storedEvent(
  json: string,
  { lineNo, storedIn }: { readonly lineNo: number; readonly storedIn: StoredIn },
): ReadRecord | ReadReject {
  const text = json.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) {
    return { lineNo, reason: 'is no event', sizeBytes: Buffer.byteLength(json) };
  }
  const rest = text.slice(1);
  const comma = rest.trimStart() === '}' ? '' : ',';
  return { lineNo, json: `{"stored_in":${JSON.stringify(storedIn)}${comma}${rest}` };
}

/** Unpacks zstd in one go; undefined when it is damaged or too much. */
export function unpacked(bytes: Uint8Array): string | undefined {
  try {
    const size = contentSize(bytes);
    if (size !== undefined && size > MOST_BYTES) return undefined;
    return decodeText(decompress(bytes));
  } catch {
    return undefined;
  }
}

/** The size that a frame says it unpacks to, if it says so. */
function contentSize(bytes: Uint8Array): number | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length < 18) return undefined;
  const descriptor = view.readUInt8(4);
  const isSingle = (descriptor & 32) !== 0;
  const at = 5 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  switch (descriptor >> 6) {
    case 1:
      return view.readUInt16LE(at) + 256;
    case 2:
      return view.readUInt32LE(at);
    case 3:
      return Number(view.readBigUInt64LE(at));
    default:
      return isSingle ? view.readUInt8(at) : undefined;
  }
}
