import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CELL_FILE, type CellName, HOST_ID, LAKE_TABLES, type LakeTable, tableFolder } from './layout.ts';
import { DRAFT_SUFFIX } from './write-whole.ts';

/** A cell as it lies in the lake. */
export interface CellFile extends CellName {
  readonly hostId: string;
  readonly path: string;
}

/** Bytes of a cell and their sum. */
export interface CellSum {
  readonly bytes: number;
  readonly sha256: string;
  /** Whether it begins and ends as Parquet does; a file that was cut off, or that stands for another one, does not. */
  readonly isParquet: boolean;
}

/** Every cell of a lake, or of one host; names that are none are left out. */
export function listCells(lake: string, onlyHost?: string): readonly CellFile[] {
  return LAKE_TABLES.flatMap((table) => cellsOfTable(lake, { table, onlyHost }));
}

function cellsOfTable(
  lake: string,
  { table, onlyHost }: { readonly table: LakeTable; readonly onlyHost: string | undefined },
): readonly CellFile[] {
  const folder = tableFolder(lake, table);
  return namesIn(folder).flatMap((dayName) => {
    const day = DAY_FOLDER.exec(dayName)?.[1];
    if (day === undefined) return [];
    const hostNames = onlyHost === undefined ? namesIn(join(folder, dayName)) : [`host=${onlyHost}`];
    return hostNames.flatMap((hostName) => {
      const hostId = hostOf(hostName);
      const path = join(folder, dayName, hostName, CELL_FILE);
      return hostId !== undefined && existsSync(path) ? [{ table, day, hostId, path }] : [];
    });
  });
}

/** Whether the folders of a table hold only cells: a sync leaves `day=2026-11-28 (1)` beside a day, which a pattern would take. */
export function hasOnlyCells(lake: string, table: LakeTable): boolean {
  const folder = tableFolder(lake, table);
  return namesIn(folder)
    .filter((name) => name.startsWith('day='))
    .every(
      (dayName) =>
        DAY_FOLDER.test(dayName) &&
        namesIn(join(folder, dayName)).every(
          (name) => !name.startsWith('host=') || hostOf(name) !== undefined,
        ),
    );
}

const DAY_FOLDER = /^day=(\d{4,}-\d\d-\d\d)$/;

/** The id that the folder of a host is named after; undefined for another folder. */
function hostOf(name: string): string | undefined {
  const hostId = name.startsWith('host=') ? name.slice('host='.length) : '';
  return HOST_ID.test(hostId) ? hostId : undefined;
}

/** Removes what a publication of this host that was broken off left beside its cells. */
export function removeDrafts(lake: string, hostId: string): void {
  for (const table of LAKE_TABLES) {
    const folder = tableFolder(lake, table);
    for (const dayName of namesIn(folder)) {
      const cell = join(folder, dayName, `host=${hostId}`);
      for (const name of namesIn(cell))
        if (name.endsWith(DRAFT_SUFFIX)) rmSync(join(cell, name), { force: true });
    }
  }
}

/** What a file holds; undefined where it cannot be read. */
export function sumFile(path: string): CellSum | undefined {
  try {
    const data = readFileSync(path);
    return {
      bytes: data.length,
      sha256: createHash('sha256').update(data).digest('hex'),
      isParquet: data.length > 12 && isMagic(data.subarray(0, 4)) && isMagic(data.subarray(-4)),
    };
  } catch {
    return undefined;
  }
}

const isMagic = (bytes: Buffer): boolean => bytes.toString('latin1') === 'PAR1';

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
