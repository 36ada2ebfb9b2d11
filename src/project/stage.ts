import { join } from 'node:path';
import type { Plan } from '../model/plan.ts';
import type { ReadSource } from '../model/reader.ts';
import { compilePlan } from './compile-plan.ts';
import { createEngine, type Engine, type EngineSizes } from './engine.ts';
import { createPart, type PartWriter } from './part-writer.ts';
import { physicalColumns } from './physical-columns.ts';
import { scanRecords } from './scan-records.ts';
import { type ScanJob, type ScanLimits, type ScanOutcome, scanSource } from './scan-source.ts';

/** Readers of sources that are not JSON Lines, by the name that jobs give them. */
export type Readers = ReadonlyMap<string, ReadSource>;

/** What one worker made of its share of a batch. */
export interface StagedShare {
  readonly batch: number;
  readonly parts: Readonly<Record<string, readonly string[]>>;
  readonly outcomes: readonly ScanOutcome[];
}

/** Scans jobs one after the other into one set of parts a batch, with one scanner a plan. */
export interface Stage {
  readonly begin: (batch: number) => void;
  readonly scan: (job: ScanJob) => void;
  readonly end: () => StagedShare;
}

export interface StageOptions {
  readonly module: WebAssembly.Module;
  readonly plans: readonly Plan[];
  readonly readers?: Readers;
  readonly directory: string;
  /** Tells the parts of several workers apart. */
  readonly worker: number;
  readonly sizes?: EngineSizes;
  readonly limits?: ScanLimits;
  readonly onRead?: (bytes: number) => void;
}

interface Line {
  readonly engine: Engine;
  readonly part: (table: number) => PartWriter;
}

export function createStage(options: StageOptions): Stage {
  const { module, directory, worker, sizes, limits, onRead } = options;
  const plans = new Map(options.plans.map((plan) => [plan.name, plan]));
  const lines = new Map<string, Line>();
  const parts = new Map<string, PartWriter>();
  let outcomes: ScanOutcome[] = [];
  let batch = 0;

  const lineOf = (name: string): Line => {
    const known = lines.get(name);
    if (known) return known;
    const plan = plans.get(name);
    if (!plan) throw new Error(`no plan is named ${name}`);
    const engine = createEngine(module, { trie: compilePlan(plan), ...(sizes && { sizes }) });
    const columns = plan.tables.map(physicalColumns);
    const part = (index: number): PartWriter => {
      const key = `${plan.name}.${plan.tables[index]?.name}`;
      const open = parts.get(key);
      if (open) return open;
      const created = createPart(join(directory, `${batch}-${worker}-${key}.parquet`), columns[index] ?? []);
      parts.set(key, created);
      return created;
    };
    const line = { engine, part };
    lines.set(name, line);
    return line;
  };

  return {
    begin: (next) => {
      batch = next;
    },
    scan: (job) => {
      const { engine, part } = lineOf(job.plan);
      const flush = (): void => engine.flush(part);
      const how = { job, flush, ...(limits && { limits }), ...(onRead && { onRead }) };
      outcomes.push(
        job.reader === undefined
          ? scanSource(engine, how)
          : scanRecords(engine, readerOf(job.reader, options.readers), how),
      );
      if (!engine.isBloated()) return;
      flush();
      lines.delete(job.plan);
    },
    end: () => {
      for (const { engine, part } of lines.values()) engine.flush(part);
      for (const part of parts.values()) part.close();
      const share: StagedShare = {
        batch,
        parts: Object.fromEntries([...parts].map(([key, { path }]) => [key, [path]])),
        outcomes,
      };
      parts.clear();
      outcomes = [];
      return share;
    },
  };
}

function readerOf(name: string, readers: Readers | undefined): ReadSource {
  const read = readers?.get(name);
  if (!read) throw new Error(`no reader is named ${name}`);
  return read;
}
