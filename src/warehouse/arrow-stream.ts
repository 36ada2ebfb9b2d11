import {
  type DuckDBArrayType,
  type DuckDBDecimalType,
  DuckDBDecimalValue,
  type DuckDBListType,
  type DuckDBResult,
  type DuckDBStructType,
  DuckDBStructValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import {
  Binary,
  Bool,
  type Data,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMicrosecond,
  tableToIPC,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';
import { isDecimal } from '../model/result.ts';
import { toCell } from './cells.ts';
import type { Connection } from './connection.ts';

/** What a stream of batches is made from: a result of the driver, or one whose chunks come under limits. */
export type ColumnSource = Pick<DuckDBResult, 'columnTypes' | 'deduplicatedColumnNames' | 'fetchChunk'>;

/** DuckDB's chunks have 2,048 rows; readers do better with fewer, larger batches. */
const BATCH_ROWS = 32_768;

/** What ends an Arrow stream. */
const END_BYTES = 8;

/** Rows as one Arrow IPC stream, piece by piece: schema, batches, end. No more than a batch is held. */
export async function* arrowStream(source: ColumnSource, limit?: number): AsyncGenerator<Uint8Array> {
  const types = source.columnTypes();
  const names = source.deduplicatedColumnNames();
  const schema = new Schema(types.map((type, index) => new Field(names[index] ?? '', arrowType(type), true)));
  const head = tableToIPC(new Table(schema, []), 'stream').slice(0, -END_BYTES);
  yield head;
  let left = limit ?? Number.POSITIVE_INFINITY;
  let columns: DuckDBValue[][] = types.map(() => []);
  /** The batch as it stands in a stream of its own, between the schema and the end. */
  const takeBatch = (): Uint8Array => {
    const length = columns[0]?.length ?? 0;
    const children = types.map((type, index) => makeColumn(type, at(columns, index)));
    columns = types.map(() => []);
    const data = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children });
    return tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), 'stream').slice(
      head.length,
      -END_BYTES,
    );
  };
  while (left > 0) {
    const chunk = await source.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    columns.forEach((column, index) => {
      const values = chunk.getColumnValues(index);
      for (const value of values.length > left ? values.slice(0, left) : values) column.push(value);
    });
    left -= chunk.rowCount;
    if ((columns[0]?.length ?? 0) >= BATCH_ROWS) yield takeBatch();
  }
  if ((columns[0]?.length ?? 0) > 0) yield takeBatch();
  yield new Uint8Array(new Int32Array([-1, 0]).buffer);
}

/** The rows of a table as one Arrow IPC stream, whole. */
export async function exportArrow({ driver }: Connection, table: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of arrowStream(await driver.stream(`select * from ${table}`))) pieces.push(piece);
  return joinBytes(pieces);
}

function arrowType(type: DuckDBType): DataType {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return new Bool();
    case DuckDBTypeId.TINYINT:
      return new Int8();
    case DuckDBTypeId.SMALLINT:
      return new Int16();
    case DuckDBTypeId.INTEGER:
      return new Int32();
    case DuckDBTypeId.BIGINT:
      return new Int64();
    case DuckDBTypeId.UTINYINT:
      return new Uint8();
    case DuckDBTypeId.USMALLINT:
      return new Uint16();
    case DuckDBTypeId.UINTEGER:
      return new Uint32();
    case DuckDBTypeId.UBIGINT:
      return new Uint64();
    case DuckDBTypeId.HUGEINT:
      return new Decimal(0, 38);
    case DuckDBTypeId.FLOAT:
      return new Float32();
    case DuckDBTypeId.DOUBLE:
      return new Float64();
    case DuckDBTypeId.DECIMAL: {
      const { scale, width } = type as DuckDBDecimalType;
      return new Decimal(scale, width);
    }
    case DuckDBTypeId.DATE:
      return new DateDay();
    case DuckDBTypeId.TIMESTAMP_TZ:
      return new TimestampMicrosecond('UTC');
    case DuckDBTypeId.TIMESTAMP:
      return new TimestampMicrosecond();
    case DuckDBTypeId.BLOB:
      return new Binary();
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return new List(new Field('item', arrowType(itemType(type)), true));
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType;
      return new Struct(
        entryNames.map((name, index) => new Field(name, arrowType(at(entryTypes, index)), true)),
      );
    }
    default:
      return new Utf8();
  }
}

const itemType = (type: DuckDBType): DuckDBType => (type as DuckDBListType | DuckDBArrayType).valueType;

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`no element ${index}`);
  return item;
}

type FixedArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Builds a column's buffers by hand, so that 64-bit integers, microseconds and decimals stay exact. */
function makeColumn(type: DuckDBType, values: readonly DuckDBValue[]): Data {
  const arrow = arrowType(type);
  const length = values.length;
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  values.forEach((value, index) => {
    if (value === null) nullCount += 1;
    else nullBitmap[index >> 3] = (nullBitmap[index >> 3] ?? 0) | (1 << (index & 7));
  });
  const base = { type: arrow, length, nullCount, nullBitmap };
  const fixed = fixedArray(type.typeId, length);
  if (fixed !== undefined) {
    values.forEach((value, index) => {
      if (value !== null) fixed[index] = fixedValue(value) as never;
    });
    return makeData({ ...base, data: fixed } as never);
  }
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN: {
      const data = new Uint8Array(Math.ceil(length / 8));
      values.forEach((value, index) => {
        if (value === true) data[index >> 3] = (data[index >> 3] ?? 0) | (1 << (index & 7));
      });
      return makeData({ ...base, data } as never);
    }
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.DECIMAL: {
      const data = new BigInt64Array(length * 2);
      values.forEach((value, index) => {
        const unscaled =
          value instanceof DuckDBDecimalValue ? value.value : typeof value === 'bigint' ? value : 0n;
        data[index * 2] = BigInt.asIntN(64, unscaled);
        data[index * 2 + 1] = unscaled >> 64n;
      });
      return makeData({ ...base, data: new Uint32Array(data.buffer) } as never);
    }
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY: {
      const lists = values.map((value) => (value as { items: readonly DuckDBValue[] } | null)?.items ?? []);
      return makeData({
        ...base,
        valueOffsets: offsetsOf(lists),
        child: makeColumn(itemType(type), lists.flat()),
      } as never);
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType;
      const children = entryNames.map((name, index) =>
        makeColumn(
          at(entryTypes, index),
          values.map((value) => (value instanceof DuckDBStructValue ? (value.entries[name] ?? null) : null)),
        ),
      );
      return makeData({ ...base, children } as never);
    }
    default: {
      const bytes = values.map((value) => bytesOf(value, type.typeId));
      return makeData({ ...base, valueOffsets: offsetsOf(bytes), data: joinBytes(bytes) } as never);
    }
  }
}

function fixedArray(typeId: DuckDBTypeId, length: number): FixedArray | undefined {
  switch (typeId) {
    case DuckDBTypeId.TINYINT:
      return new Int8Array(length);
    case DuckDBTypeId.SMALLINT:
      return new Int16Array(length);
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.DATE:
      return new Int32Array(length);
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return new BigInt64Array(length);
    case DuckDBTypeId.UTINYINT:
      return new Uint8Array(length);
    case DuckDBTypeId.USMALLINT:
      return new Uint16Array(length);
    case DuckDBTypeId.UINTEGER:
      return new Uint32Array(length);
    case DuckDBTypeId.UBIGINT:
      return new BigUint64Array(length);
    case DuckDBTypeId.FLOAT:
      return new Float32Array(length);
    case DuckDBTypeId.DOUBLE:
      return new Float64Array(length);
    default:
      return undefined;
  }
}

function fixedValue(value: DuckDBValue): DuckDBValue {
  if (typeof value !== 'object' || value === null) return value;
  if ('micros' in value) return value.micros as bigint;
  return 'days' in value ? (value.days as number) : value;
}

function bytesOf(value: DuckDBValue, typeId: DuckDBTypeId): Uint8Array {
  if (value === null) return new Uint8Array(0);
  if (typeId === DuckDBTypeId.BLOB) return (value as unknown as { bytes: Uint8Array }).bytes;
  const cell = toCell(value);
  const text =
    typeof cell === 'object' && cell !== null && !isDecimal(cell) ? nestedText(cell) : textOf(cell);
  return new TextEncoder().encode(text);
}

const textOf = (cell: ReturnType<typeof toCell>): string =>
  cell !== null && isDecimal(cell) ? cell.decimal : String(cell);

/** MAP and UNION, which have no plain counterpart, as JSON. */
const nestedText = (cell: unknown): string =>
  JSON.stringify(cell, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

function offsetsOf(items: readonly { readonly length: number }[]): Int32Array {
  const offsets = new Int32Array(items.length + 1);
  items.forEach(({ length }, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + length;
  });
  return offsets;
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
