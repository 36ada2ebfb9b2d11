import type { Connection } from '../warehouse/connection.ts';
import type { KnownSource } from './compare.ts';

/** Every source that the warehouse holds rows of. */
export async function readKnownSources(connection: Connection): Promise<readonly KnownSource[]> {
  const { rows } = await connection.query(`
    select
        source_no, path, agent, adapter_version, size_bytes, modified_ns, parsed_bytes, line_count, head_hash,
        anchor_hash, companion_hash, read_mark, is_vanished,
        -- A damaged database is as damaged the next time.
        last_error is not null and last_error not like 'ESQLITE:%'
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
    companionHash: row[10] as bigint | null,
    readMark: row[11] as string | null,
    isVanished: row[12] === true,
    hasError: row[13] === true,
  }));
}
