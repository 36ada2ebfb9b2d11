import { quoteText } from '../catalog/sql-names.ts';
import type { Cell } from '../model/result.ts';
import type { Connection } from '../warehouse/connection.ts';
import type { KnownSource } from './compare.ts';

const COLUMNS = [
  'source_no',
  'path',
  'agent',
  'format',
  'adapter_version',
  'size_bytes',
  'modified_ns',
  'parsed_bytes',
  'line_count',
  'head_hash',
  'anchor_hash',
  'companion_hash',
  'told_hash',
  'read_mark',
  'is_vanished',
  'last_error',
] as const;

/** Every source that the warehouse holds rows of; also of one whose tables are older than the program, and lack some columns. */
export async function readKnownSources(connection: Connection): Promise<readonly KnownSource[]> {
  const { columns, rows } = await connection.query(
    `select columns(lambda name: name in (${COLUMNS.map(quoteText).join(', ')})) from raw.sources`,
  );
  const places = new Map(columns.map(({ name }, index) => [name, index]));
  return rows.map((row) => {
    const cell = (name: (typeof COLUMNS)[number]): Cell => row[places.get(name) ?? -1] ?? null;
    const lastError = cell('last_error');
    return {
      sourceNo: Number(cell('source_no')),
      path: String(cell('path')),
      agent: String(cell('agent')),
      format: String(cell('format')),
      adapterVersion: Number(cell('adapter_version')),
      sizeBytes: Number(cell('size_bytes')),
      modifiedNs: cell('modified_ns') as bigint,
      parsedBytes: Number(cell('parsed_bytes')),
      lineCount: Number(cell('line_count')),
      headHash: cell('head_hash') as bigint,
      anchorHash: cell('anchor_hash') as bigint,
      companionHash: cell('companion_hash') as bigint | null,
      toldHash: cell('told_hash') as bigint | null,
      readMark: cell('read_mark') as string | null,
      isVanished: cell('is_vanished') === true,
      // A damaged file is as damaged the next time.
      hasError: lastError !== null && !/^E(?:SQLITE|ZSTD):/.test(String(lastError)),
    };
  });
}
