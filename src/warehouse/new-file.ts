import type { Settings } from './connection.ts';

/**
 * Bytes of a block in files that are made: the last block of a table is hardly ever full, and there are many tables. In
 * smaller blocks yet, texts take more room.
 */
const BLOCK_BYTES = 65_536;

/**
 * The oldest DuckDB that can read them. What older ones write of a column, however empty, is 3 KB of statistics: there are
 * five hundred.
 */
const OLDEST_READER = 'v1.2.0';

/** Settings with which a DuckDB file is made. */
export const NEW_FILE: Settings = {
  default_block_size: `${BLOCK_BYTES}`,
  storage_compatibility_version: OLDEST_READER,
};

/** The same as options of ATTACH. */
export const ATTACH_NEW_FILE = `block_size ${BLOCK_BYTES}, storage_version '${OLDEST_READER}'`;
