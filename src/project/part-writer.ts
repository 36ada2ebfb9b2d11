import { closeSync, openSync, writeSync, writevSync } from 'node:fs';
import type { PhysicalColumn, StagedType } from './physical-columns.ts';
import { ROW_COLUMNS } from './physical-columns.ts';
import { createThriftWriter, type ThriftWriter } from './thrift.ts';

/**
 * The smallest Parquet writer that DuckDB reads well: PLAIN, uncompressed, one data page (v1) a column and row group.
 * The page bodies come ready from the scanner (scan/encode.ts); only headers and the footer are made here.
 */
export interface PartWriter {
  readonly path: string;
  readonly rows: () => number;
  /** Bodies in the order of the columns. */
  readonly rowGroup: (rows: number, bodies: readonly Uint8Array[]) => void;
  readonly close: () => void;
}

interface Chunk {
  readonly offset: number;
  readonly bytes: number;
}

interface RowGroup {
  readonly rows: number;
  readonly chunks: readonly Chunk[];
}

const PHYSICAL = { boolean: 0, int32: 1, int64: 2, bytes: 6, fixed: 7 } as const;
const REQUIRED = 0;
const OPTIONAL = 1;
const PLAIN = 0;
const RLE = 3;

interface ParquetType {
  readonly physical: number;
  readonly describe: (thrift: ThriftWriter) => void;
  readonly length?: number;
}

/** Field 6 is the converted type, 7 and 8 scale and precision, 10 the logical type. */
const PARQUET_TYPES: Readonly<Record<StagedType, ParquetType>> = {
  INTEGER: { physical: PHYSICAL.int32, describe: () => {} },
  BIGINT: { physical: PHYSICAL.int64, describe: () => {} },
  UBIGINT: { physical: PHYSICAL.int64, describe: (thrift) => thrift.int(6, 14) },
  VARCHAR: { physical: PHYSICAL.bytes, describe: (thrift) => thrift.int(6, 0) },
  BOOLEAN: { physical: PHYSICAL.boolean, describe: () => {} },
  'TIMESTAMP WITH TIME ZONE': {
    physical: PHYSICAL.int64,
    describe: (thrift) => {
      thrift.int(6, 10);
      thrift.struct(10, () =>
        thrift.struct(8, () => {
          thrift.bool(1, true); // adjusted to UTC
          thrift.struct(2, () => thrift.struct(2, () => {})); // microseconds
        }),
      );
    },
  },
  'DECIMAL(18,9)': {
    physical: PHYSICAL.int64,
    describe: (thrift) => {
      thrift.int(6, 5);
      thrift.int(7, 9);
      thrift.int(8, 18);
    },
  },
  UUID: {
    physical: PHYSICAL.fixed,
    length: 16,
    describe: (thrift) => thrift.struct(10, () => thrift.struct(14, () => {})),
  },
};

const MAGIC = new TextEncoder().encode('PAR1');

/** Begins a part at `path`; it is a Parquet file only once closed. */
export function createPart(path: string, columns: readonly PhysicalColumn[]): PartWriter {
  const fd = written(path, () => openSync(path, 'wx', 0o600));
  const groups: RowGroup[] = [];
  let position = 0;
  let total = 0;
  const write = (pieces: readonly Uint8Array[]): void => {
    position += written(path, () => writeAll(fd, pieces));
  };
  write([MAGIC]);
  return {
    path,
    rows: () => total,
    rowGroup: (rows, bodies) => {
      let offset = position;
      const chunks: Chunk[] = [];
      const pieces = bodies.flatMap((body) => {
        const header = pageHeader(rows, body.length);
        chunks.push({ offset, bytes: header.length + body.length });
        offset += header.length + body.length;
        return [header, body];
      });
      write(pieces);
      groups.push({ rows, chunks });
      total += rows;
    },
    close: () => {
      const footer = fileFooter(columns, groups);
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, footer.length, true);
      write([footer, length, MAGIC]);
      closeSync(fd);
    },
  };
}

/** An error of the part, told from one of the log that is read meanwhile: it has no code, and says where. */
function written<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw Object.assign(new Error(cause instanceof Error ? cause.message : String(cause)), { path });
  }
}

/** Writes all bytes at the file's end; the system may take them in several goes. */
function writeAll(fd: number, pieces: readonly Uint8Array[]): number {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let written = writevSync(fd, pieces as Uint8Array[]);
  if (written === total) return total;
  for (const piece of pieces) {
    if (written >= piece.length) {
      written -= piece.length;
      continue;
    }
    while (written < piece.length) written += writeSync(fd, piece, written);
    written = 0;
  }
  return total;
}

function pageHeader(rows: number, bytes: number): Uint8Array {
  const thrift = createThriftWriter();
  thrift.int(1, 0); // data page
  thrift.int(2, bytes);
  thrift.int(3, bytes);
  thrift.struct(5, () => {
    thrift.int(1, rows);
    thrift.int(2, PLAIN);
    thrift.int(3, RLE);
    thrift.int(4, RLE);
  });
  return thrift.finish();
}

function fileFooter(columns: readonly PhysicalColumn[], groups: readonly RowGroup[]): Uint8Array {
  const thrift = createThriftWriter();
  thrift.int(1, 1);
  thrift.structs(2, [
    () => {
      thrift.text(4, 'schema');
      thrift.int(5, columns.length);
    },
    ...columns.map(({ name, type }, index) => () => {
      const { physical, length, describe } = PARQUET_TYPES[type];
      thrift.int(1, physical);
      if (length !== undefined) thrift.int(2, length);
      thrift.int(3, index < ROW_COLUMNS.length ? REQUIRED : OPTIONAL);
      thrift.text(4, name);
      describe(thrift);
    }),
  ]);
  thrift.long(
    3,
    groups.reduce((sum, { rows }) => sum + rows, 0),
  );
  thrift.structs(
    4,
    groups.map(({ rows, chunks }) => () => {
      thrift.structs(
        1,
        chunks.map(({ offset, bytes }, index) => () => {
          const column = columns[index] as PhysicalColumn;
          thrift.long(2, offset);
          thrift.struct(3, () => {
            thrift.int(1, PARQUET_TYPES[column.type].physical);
            thrift.ints(2, [PLAIN, RLE]);
            thrift.texts(3, [column.name]);
            thrift.int(4, 0); // uncompressed
            thrift.long(5, rows);
            thrift.long(6, bytes);
            thrift.long(7, bytes);
            thrift.long(9, offset);
          });
        }),
      );
      thrift.long(
        2,
        chunks.reduce((sum, { bytes }) => sum + bytes, 0),
      );
      thrift.long(3, rows);
    }),
  );
  thrift.text(6, 'agenttrace');
  return thrift.finish();
}
