import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Plan } from '../../src/model/plan.ts';
import { compilePlan } from '../../src/project/compile-plan.ts';
import { createEngine, ENGINE_SIZES, type EngineSizes } from '../../src/project/engine.ts';
import { createLineFeed, type FeedEnd } from '../../src/project/line-feed.ts';
import { createPart, type PartWriter } from '../../src/project/part-writer.ts';
import { physicalColumns } from '../../src/project/physical-columns.ts';
import {
  SCAN_LIMITS,
  type ScanJob,
  type ScanLimits,
  type ScanOutcome,
} from '../../src/project/scan-source.ts';
import { createStage } from '../../src/project/stage.ts';
import type { Cell, Row } from './reference.ts';

export const wasmModule = new WebAssembly.Module(
  readFileSync(new URL('../../dist/scan.wasm', import.meta.url)),
);

/** Sizes so small that every record flushes and every second one makes something grow. */
export const TINY: EngineSizes = {
  rows: 3,
  arena: 128,
  pool: 64,
  input: 128,
  mostOutput: ENGINE_SIZES.mostOutput,
};

/** A temporary folder that is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'agenttrace-project-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Scanned {
  /** Rows by table name, in the order written. */
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly outcome: ScanOutcome;
}

export interface ScanFileOptions {
  readonly plan: Plan;
  readonly job?: Partial<ScanJob>;
  readonly sizes?: EngineSizes;
  readonly limits?: ScanLimits;
}

/** Scans one file on this thread and reads its parts back with DuckDB. */
export async function scanFile(path: string, options: ScanFileOptions): Promise<Scanned> {
  return withFolder(async (directory) => {
    const { plan, job, ...rest } = options;
    const stage = createStage({ module: wasmModule, plans: [plan], directory, worker: 0, ...rest });
    stage.begin(0);
    stage.scan({ sourceNo: 1, path, plan: plan.name, from: 0, lineNo: 0, batch: 0, size: 0, ...job });
    const share = stage.end();
    return { rows: await readParts(plan, share.parts), outcome: share.outcomes[0] as ScanOutcome };
  });
}

export async function scanBytes(bytes: Buffer | string, options: ScanFileOptions): Promise<Scanned> {
  return withFolder(async (folder) => {
    const path = join(folder, 'log.jsonl');
    writeFileSync(path, bytes);
    return scanFile(path, options);
  });
}

/** Feeds the bytes in pieces of the given length. */
export async function scanPieces(
  bytes: Buffer,
  options: { readonly plan: Plan; readonly piece: number; readonly sizes?: EngineSizes },
): Promise<{ readonly rows: Scanned['rows']; readonly end: FeedEnd }> {
  return withFolder(async (directory) => {
    const { plan, piece, sizes } = options;
    const engine = createEngine(wasmModule, { trie: compilePlan(plan), ...(sizes && { sizes }) });
    const parts = new Map<string, PartWriter>();
    const part = (index: number): PartWriter => {
      const table = plan.tables[index] as Plan['tables'][number];
      const key = `${plan.name}.${table.name}`;
      const open = parts.get(key) ?? createPart(join(directory, `${key}.parquet`), physicalColumns(table));
      parts.set(key, open);
      return open;
    };
    const flush = (): void => engine.flush(part);
    const start = { sourceNo: 1, offset: 0, lineNo: 0, takeFrom: 0 };
    const feed = createLineFeed(engine, { ...SCAN_LIMITS, start, flush });
    for (let at = 0; at < bytes.length; ) {
      const room = feed.room();
      const take = Math.min(piece, room.length, bytes.length - at);
      room.set(bytes.subarray(at, at + take));
      feed.advance(take);
      at += take;
    }
    const end = feed.finish();
    flush();
    for (const open of parts.values()) open.close();
    const paths = Object.fromEntries([...parts].map(([key, { path }]) => [key, [path]]));
    return { rows: await readParts(plan, paths), end };
  });
}

/** The rows of parts, each cell as DuckDB prints it. */
export async function readParts(
  plan: Plan,
  parts: Readonly<Record<string, readonly string[]>>,
): Promise<Readonly<Record<string, readonly Row[]>>> {
  const rows: Record<string, readonly Row[]> = {};
  for (const table of plan.tables) {
    const paths = parts[`${plan.name}.${table.name}`] ?? [];
    const cells = physicalColumns(table)
      .slice(3)
      .map(({ name, type }) =>
        type === 'TIMESTAMP WITH TIME ZONE' ? `epoch_us("${name}")::varchar` : `"${name}"::varchar`,
      );
    const sql = `select line_no, item_no, to_json([${cells.join(', ')}])::varchar from read_parquet([${paths.map((path) => `'${path}'`).join(', ')}])`;
    rows[table.name] =
      paths.length === 0
        ? []
        : (await query(sql)).map(([lineNo, itemNo, json]) => ({
            lineNo: lineNo as number,
            itemNo: itemNo as number,
            cells: JSON.parse(json as string) as Cell[],
          }));
  }
  return rows;
}

let connection: Promise<Awaited<ReturnType<DuckDBInstance['connect']>>> | undefined;

/** Runs SQL in a DuckDB of this test file's own. */
export async function query(sql: string): Promise<readonly (readonly unknown[])[]> {
  connection ??= DuckDBInstance.create(':memory:').then((instance) => instance.connect());
  return (await (await connection).runAndReadAll(sql)).getRows();
}
