/** Compressed logs for tests: Node 20 cannot make any. */

/** A zstd frame of raw blocks, as any compressor may write it. */
export function zstd(bytes: Buffer, blockSize = 1000): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])]; // no checksum, no size, a window of 2 MB
  for (let at = 0; at < bytes.length || at === 0; at += blockSize) {
    const piece = bytes.subarray(at, at + blockSize);
    const isLast = at + blockSize >= bytes.length;
    const header = (piece.length << 3) | (isLast ? 1 : 0);
    parts.push(Buffer.from([header & 255, (header >> 8) & 255, header >> 16]), piece);
  }
  return Buffer.concat(parts);
}
