const LARGEST_BLOCK = 1 << 17;

/** A frame of blocks that are stored as they are: Node can compress so from version 22 on only. */
export function zstdFrame(bytes) {
  const head = Buffer.alloc(9);
  head.writeUInt32LE(0xfd2fb528, 0);
  head[4] = 0xa0; // the size in four bytes, in one segment
  head.writeUInt32LE(bytes.length, 5);
  const pieces = [head];
  for (let from = 0; from === 0 || from < bytes.length; from += LARGEST_BLOCK) {
    const block = bytes.subarray(from, from + LARGEST_BLOCK);
    const isLast = from + LARGEST_BLOCK >= bytes.length;
    const size = Buffer.alloc(3);
    size.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3);
    pieces.push(size, block);
  }
  return Buffer.concat(pieces);
}
