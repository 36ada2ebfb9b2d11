import { join } from 'node:path';

/** What `lake.json` says: whose lake it is and which contract its folders keep. */
export const LAKE_CONTRACT = { name: 'agenttrace-lake', version: '1.0' } as const;

/** Tables of a lake, in the order in which they are published: what others point to comes last. */
export const LAKE_TABLES = ['gaps', 'findings', 'tool_calls', 'llm_calls', 'turns', 'sessions'] as const;

export type LakeTable = (typeof LAKE_TABLES)[number];

/** What is replaced as a whole: a table's rows of one host whose sessions began on one day (UTC). */
export interface CellName {
  readonly table: LakeTable;
  /** `2026-11-28`. */
  readonly day: string;
}

export const CELL_FILE = 'part.parquet';

export const lakeFile = (lake: string): string => join(lake, 'lake.json');

export const hostsFolder = (lake: string): string => join(lake, 'hosts');

export const hostFile = (lake: string, hostId: string): string => join(hostsFolder(lake), `${hostId}.json`);

export const factsFolder = (lake: string): string => join(lake, 'facts', 'v1');

export const tableFolder = (lake: string, table: LakeTable): string => join(factsFolder(lake), table);

export const cellFolder = (
  lake: string,
  { table, day, hostId }: CellName & { readonly hostId: string },
): string => join(tableFolder(lake, table), `day=${day}`, `host=${hostId}`);

/** Ids of hosts are made here and become names of folders and files. */
export const HOST_ID = /^[0-9a-f]{16}$/;
