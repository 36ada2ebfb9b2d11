import {
  DuckDBArrayValue,
  DuckDBBitValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  type DuckDBResultReader,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeTZValue,
  DuckDBTimeValue,
  DuckDBUnionValue,
  DuckDBUUIDValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Cell, ResultColumn, ResultSet } from '../model/result.ts';

type DriverColumns = Pick<DuckDBResultReader, 'columnNames' | 'columnTypes'>;

/** The columns of a result of the driver. */
export function columnsOf(result: DriverColumns): readonly ResultColumn[] {
  const types = result.columnTypes();
  return result.columnNames().map((name, index) => ({ name, type: String(types[index]) }));
}

/** All of a result of the driver. */
export const toResultSet = (reader: DuckDBResultReader): ResultSet => ({
  columns: columnsOf(reader),
  rows: reader.getRows().map((row) => row.map(toCell)),
});

/** Turns a value of the driver into one that rendering understands. */
export function toCell(value: DuckDBValue): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return value;
  // First, since documents are made of them.
  if (value instanceof DuckDBStructValue) return toCells(value.entries);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(toCell);
  if (value instanceof DuckDBDecimalValue) return { decimal: value.toString() };
  if (value instanceof DuckDBTimestampTZValue) return isoTimestamp(value.micros, 'Z');
  if (value instanceof DuckDBTimestampValue) return isoTimestamp(value.micros, '');
  if (value instanceof DuckDBTimestampMillisecondsValue) return isoTimestamp(value.millis * 1000n, '');
  if (value instanceof DuckDBTimestampSecondsValue) return isoTimestamp(value.seconds * 1_000_000n, '');
  if (value instanceof DuckDBTimestampNanosecondsValue) return isoTimestamp(value.nanos / 1000n, '');
  if (
    value instanceof DuckDBDateValue ||
    value instanceof DuckDBTimeValue ||
    value instanceof DuckDBTimeTZValue
  )
    return value.toString();
  if (value instanceof DuckDBIntervalValue) return isoInterval(value);
  if (value instanceof DuckDBUUIDValue || value instanceof DuckDBBitValue) return value.toString();
  if (value instanceof DuckDBBlobValue) return value.toString();
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(
      value.entries.map(({ key, value: item }) => [String(toCell(key)), toCell(item)]),
    );
  }
  if (value instanceof DuckDBUnionValue) return toCell(value.value);
  return String(value);
}

function toCells(entries: Readonly<Record<string, DuckDBValue>>): Readonly<Record<string, Cell>> {
  const cells: Record<string, Cell> = {};
  for (const [key, item] of Object.entries(entries)) cells[key] = toCell(item);
  return cells;
}

/** Microseconds since 1970 as ISO 8601: milliseconds always, microseconds where there are any. */
function isoTimestamp(micros: bigint, zone: string): Cell {
  if (micros === 9223372036854775807n) return 'infinity';
  if (micros === -9223372036854775807n) return '-infinity';
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const millis = Number((micros - rest) / 1000n);
  const date = new Date(millis);
  if (Number.isNaN(date.getTime())) return new DuckDBTimestampValue(micros).toString();
  const text = date.toISOString().slice(0, -1);
  return `${text}${rest === 0n ? '' : rest.toString().padStart(3, '0')}${zone}`;
}

function isoInterval({ months, days, micros }: DuckDBIntervalValue): string {
  const years = Math.trunc(months / 12);
  const date = `${years ? `${years}Y` : ''}${months % 12 ? `${months % 12}M` : ''}${days ? `${days}D` : ''}`;
  const absolute = micros < 0n ? -micros : micros;
  const sign = micros < 0n ? '-' : '';
  const hours = absolute / 3_600_000_000n;
  const minutes = (absolute / 60_000_000n) % 60n;
  const seconds = (absolute / 1_000_000n) % 60n;
  const fraction = (absolute % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  const second = seconds || fraction ? `${sign}${seconds}${fraction ? `.${fraction}` : ''}S` : '';
  const time = `${hours ? `${sign}${hours}H` : ''}${minutes ? `${sign}${minutes}M` : ''}${second}`;
  return date || time ? `P${date}${time ? `T${time}` : ''}` : 'PT0S';
}
