import { type CellFile, sumFile } from './cell-files.ts';
import { type CellRecord, type HostRecord, readHostRecord, recordedHosts } from './host-record.ts';
import type { CellName } from './layout.ts';

/** A host of a lake, and how its cells stand to what it says of itself. */
export interface LakeHost {
  readonly hostId: string;
  /** Null: there is no record, or none that can be read. */
  readonly record: HostRecord | null;
  /** Cells whose bytes are not those of the record, or of which it says nothing. */
  readonly other: readonly CellFile[];
  /** Cells of the record that have no file. */
  readonly missing: readonly CellName[];
  /** Of the other cells, those that cannot be read. */
  readonly unreadable: readonly CellFile[];
}

export const isWhole = ({ record, other, missing }: LakeHost): boolean =>
  record !== null && other.length + missing.length === 0;

/** Holds every cell of a lake against the record of its host: by size, then by sum. */
export function checkCells(lake: string, cells: readonly CellFile[]): readonly LakeHost[] {
  const ids = new Set([...recordedHosts(lake), ...cells.map(({ hostId }) => hostId)]);
  const byHost = new Map([...ids].map((hostId) => [hostId, [] as CellFile[]]));
  for (const cell of cells) byHost.get(cell.hostId)?.push(cell);
  return [...byHost.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([hostId, files]) => checkHost(lake, hostId, files));
}

function checkHost(lake: string, hostId: string, files: readonly CellFile[]): LakeHost {
  const record = readHostRecord(lake, hostId) ?? null;
  const known = new Map((record?.cells ?? []).map((cell) => [keyOf(cell), cell]));
  const other: CellFile[] = [];
  const unreadable: CellFile[] = [];
  for (const file of files) {
    const cell = known.get(keyOf(file));
    known.delete(keyOf(file));
    const sum = sumFile(file.path);
    if (sum !== undefined && cell !== undefined && isAsRecorded(cell, sum)) continue;
    other.push(file);
    if (sum?.isParquet !== true) unreadable.push(file);
  }
  return { hostId, record, other, missing: [...known.values()], unreadable };
}

const isAsRecorded = (cell: CellRecord, sum: { readonly bytes: number; readonly sha256: string }): boolean =>
  cell.bytes === sum.bytes && cell.sha256 === sum.sha256;

const keyOf = ({ table, day }: CellName): string => `${table} ${day}`;

/** What a reader of the lake has to know, one sentence each; nothing where every host is whole. */
export function lakeNotes(hosts: readonly LakeHost[]): readonly string[] {
  const broken = hosts.filter((host) => !isWhole(host)).map(hostNote);
  const keys = new Set(hosts.flatMap(({ record }) => (record === null ? [] : [record.pseudonym_key ?? ''])));
  return keys.size < 2
    ? broken
    : [
        ...broken,
        `The hosts of this lake do not use one key of pseudonyms, so the same person or project may have several names: ${keyGroups(hosts)}.`,
      ];
}

function hostNote({ hostId, record, other, missing, unreadable }: LakeHost): string {
  const who = record?.name == null ? hostId : `${record.name} (${hostId})`;
  const again = 'It is being published, or its publication was broken off: publish it again from there.';
  if (record === null) {
    return `${who} has ${counted(other.length, 'cell')} and no record that can be read (hosts/${hostId}.json): its figures may be in part. ${again}`;
  }
  const parts = [
    other.length === 0
      ? ''
      : `${counted(other.length, 'cell')} ${other.length === 1 ? 'is' : 'are'} other than its record says (${named(other)})`,
    missing.length === 0
      ? ''
      : `${counted(missing.length, 'cell')} ${missing.length === 1 ? 'is' : 'are'} missing (${named(missing)})`,
    unreadable.length === 0
      ? ''
      : `${counted(unreadable.length, 'of them cannot be read and is left out', 'of them cannot be read and are left out')}`,
  ].filter((part) => part !== '');
  return `${who}: ${parts.join(', ')}. ${again}`;
}

const named = (cells: readonly CellName[]): string =>
  `${cells
    .slice(0, 3)
    .map(({ table, day }) => `${table} ${day}`)
    .join(', ')}${cells.length > 3 ? ', …' : ''}`;

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

function keyGroups(hosts: readonly LakeHost[]): string {
  const names = new Map<string, string[]>();
  for (const { hostId, record } of hosts) {
    if (record === null) continue;
    const key = record.pseudonym_key === null ? 'plain names' : `key ${record.pseudonym_key.slice(0, 6)}`;
    names.set(key, [...(names.get(key) ?? []), record.name ?? hostId]);
  }
  return [...names].map(([key, group]) => `${key} by ${group.sort().join(', ')}`).join('; ');
}
