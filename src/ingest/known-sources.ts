import type { Connection } from '../warehouse/connection.ts';
import type { KnownSource } from './compare.ts';

/** Every source that the warehouse holds rows of. */
export async function readKnownSources(connection: Connection): Promise<readonly KnownSource[]> {
  const { rows } = await connection.query(`
    select
        source_no, path, agent, adapter_version, size_bytes, modified_ns, parsed_bytes, line_count, head_hash,
        anchor_hash, is_vanished, last_error is not null
    from raw.sources`);
  return rows.map((row) => ({
    sourceNo: Number(row[0]),
    path: String(row[1]),
    agent: String(row[2]),
    adapterVersion: Number(row[3]),
    sizeBytes: Number(row[4]),
    modifiedNs: row[5] as bigint,
    parsedBytes: Number(row[6]),
    lineCount: Number(row[7]),
    headHash: row[8] as bigint,
    anchorHash: row[9] as bigint,
    isVanished: row[10] === true,
    hasError: row[11] === true,
  }));
}
