import { closeSync, openSync, readSync } from 'node:fs';
import { Decompress } from 'fzstd';
import type { Adapter, FileHead } from '../model/adapter.ts';
import { databaseTables } from '../read/sqlite.ts';

const HEAD_BYTES = 65_536;
const ZSTD_MAGIC = 0xfd2fb528;
const SQLITE_MAGIC = 'SQLite format 3\0';

/** Whose a file is, and in which form. */
export interface Recognised {
  readonly adapter: Adapter;
  readonly form: string;
}

/** The agent whose form a file has by its content; undefined when it is nobody's. Throws what the system throws. */
export function recogniseFile(path: string, adapters: readonly Adapter[]): Recognised | undefined {
  const text = readHead(path);
  let tables: ReturnType<FileHead['tables']>;
  let isAsked = false;
  const head: FileHead = {
    text,
    path: path.replaceAll('\\', '/'),
    tables: () => {
      if (!isAsked && text.startsWith(SQLITE_MAGIC)) tables = databaseTables(path);
      isAsked = true;
      return tables;
    },
  };
  for (const adapter of adapters) {
    const form = adapter.recognise(head);
    if (form !== undefined) return { adapter, form };
  }
  return undefined;
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
