import { closeSync, openSync, readSync } from 'node:fs';
import { Decompress } from 'fzstd';
import type { Adapter } from '../model/adapter.ts';

const HEAD_BYTES = 65_536;
const ZSTD_MAGIC = 0xfd2fb528;

/** The agent whose form the first bytes of a file have; undefined when it is nobody's. Throws what the system throws. */
export function recogniseFile(path: string, adapters: readonly Adapter[]): Adapter | undefined {
  const head = readHead(path);
  return adapters.find((adapter) => adapter.recognise(head));
}

function readHead(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const bytes = buffer.subarray(0, readSync(fd, buffer, 0, HEAD_BYTES, 0));
    return (isZstd(bytes) ? decompressHead(bytes) : bytes).toString('utf8');
  } finally {
    closeSync(fd);
  }
}

const isZstd = (bytes: Buffer): boolean => bytes.length >= 4 && bytes.readUInt32LE(0) === ZSTD_MAGIC;

/** As much as can be had from the first part of a compressed file. */
function decompressHead(bytes: Buffer): Buffer {
  const pieces: Uint8Array[] = [];
  const stream = new Decompress((piece) => pieces.push(piece));
  try {
    stream.push(bytes);
  } catch {
    // What came out before the damage is enough to tell an agent by.
  }
  return Buffer.concat(pieces).subarray(0, HEAD_BYTES);
}
