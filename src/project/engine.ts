import type { Trie } from './compile-plan.ts';
import { type Capacities, CELL_KINDS, growTo, type Layout, layOut } from './layout.ts';
import type { PartWriter } from './part-writer.ts';
import { REASONS } from './reasons.ts';

/**
 * One instance of the scanner with its memory: an input area that the caller fills, and the output of one plan.
 *
 * All positions are offsets into the input area, so that they survive its growth.
 */
export interface Engine {
  readonly begin: (sourceNo: number, lineNo: number) => void;
  readonly lineNo: () => number;
  /** The input area, to be read and filled up to `capacity()`. Invalid after any call that may grow the memory. */
  readonly input: () => Uint8Array;
  readonly capacity: () => number;
  readonly growInput: (bytes: number) => void;
  readonly scan: (span: ScanSpan) => ScanStop;
  /** Doubles what was too small, keeping the first `kept` bytes of the input. False when it is as large as it may be. */
  readonly growOutput: (kept: number) => boolean;
  /** Has one huge line made it much larger than it began? Then a new one is better for what follows. */
  readonly isBloated: () => boolean;
  /** Writes all rows as one row group per table that has any. */
  readonly flush: (part: (table: number) => PartWriter) => void;
}

export interface ScanSpan {
  readonly from: number;
  readonly to: number;
  /** Records that begin before this are counted, not taken. */
  readonly takeFrom: number;
  readonly isTail: boolean;
  readonly giveUp: boolean;
}

export interface ScanStop {
  readonly status: 'done' | 'flush' | 'grow' | 'pending';
  readonly at: number;
  readonly rejects: readonly {
    readonly lineNo: number;
    readonly at: number;
    readonly sizeBytes: number;
    readonly reason: string;
  }[];
}

export interface EngineSizes {
  /** Rows of a table between two flushes. */
  readonly rows: number;
  readonly arena: number;
  readonly pool: number;
  readonly input: number;
  /** Bytes that the output may take when one line needs more than the above. */
  readonly mostOutput: number;
}

export const ENGINE_SIZES: EngineSizes = {
  rows: 8192,
  arena: 4 << 20,
  pool: 256 << 10,
  input: 1 << 20,
  mostOutput: 768 << 20,
};

interface ScanExports {
  readonly setPlan: (root: number, tables: number, count: number) => void;
  readonly setOutput: (arena: number, arenaEnd: number, rejects: number, capacity: number) => void;
  readonly setScratch: (...places: readonly number[]) => void;
  readonly setSource: (source: number, line: number) => void;
  readonly scan: (from: number, to: number, takeFrom: number, isTail: number, giveUp: number) => number;
  readonly encode: (data: number, valid: number, kind: number, rows: number, out: number) => number;
  readonly reset: () => void;
  readonly clearRejects: () => void;
  readonly status: WebAssembly.Global;
  readonly fullWhat: WebAssembly.Global;
  readonly lineNo: WebAssembly.Global;
  readonly rejectCount: WebAssembly.Global;
}

const STATUS = ['done', 'flush', 'grow', 'pending'] as const;
const ARENA = 0x10000;
const POOL = 0x10001;
/** Bytes kept free at the end of the input: a newline for the last line, and what SIMD reads past it. */
const INPUT_SLACK = 64;
/** Lines of some megabytes are common (images); more is kept no longer than needed. */
const BLOATED_INPUT = 32 << 20;

export function createEngine(
  module: WebAssembly.Module,
  options: { trie: Trie; sizes?: EngineSizes },
): Engine {
  const { trie, sizes = ENGINE_SIZES } = options;
  let capacities: Capacities = {
    rows: trie.tables.map(() => sizes.rows),
    arena: sizes.arena,
    pool: sizes.pool,
    input: sizes.input,
  };
  let isGrown = false;
  let built = instantiate({ module, trie, capacities });
  let bytes = new Uint8Array(built.memory.buffer);

  const view = (): Uint8Array => {
    if (bytes.buffer !== built.memory.buffer) bytes = new Uint8Array(built.memory.buffer);
    return bytes;
  };
  const input = (): Uint8Array => view().subarray(built.layout.input, built.layout.input + capacities.input);
  const takeRejects = (): ScanStop['rejects'] => {
    const count = built.exports.rejectCount.value as number;
    if (count === 0) return [];
    const { rejects, input: base } = built.layout;
    const data = new DataView(built.memory.buffer, rejects, count * 16);
    built.exports.clearRejects();
    return Array.from({ length: count }, (_, i) => ({
      lineNo: data.getUint32(i * 16, true),
      at: data.getUint32(i * 16 + 4, true) - base,
      sizeBytes: data.getUint32(i * 16 + 8, true),
      reason: REASONS[data.getUint32(i * 16 + 12, true)] as string,
    }));
  };

  return {
    begin: (sourceNo, lineNo) => {
      built.source = sourceNo;
      built.exports.setSource(sourceNo, lineNo);
    },
    lineNo: () => built.exports.lineNo.value as number,
    input,
    capacity: () => capacities.input - INPUT_SLACK,
    growInput: (wanted) => {
      capacities = { ...capacities, input: wanted + INPUT_SLACK };
      growTo(built.memory, built.layout.input + capacities.input);
    },
    scan: ({ from, to, takeFrom, isTail, giveUp }) => {
      const base = built.layout.input;
      const at =
        built.exports.scan(base + from, base + to, base + takeFrom, Number(isTail), Number(giveUp)) - base;
      const status = STATUS[built.exports.status.value as number] as ScanStop['status'];
      return { status, at, rejects: takeRejects() };
    },
    growOutput: (kept) => {
      const larger = enlarge(capacities, built.exports.fullWhat.value as number);
      if (outputBytes(trie, larger) > sizes.mostOutput) return false;
      const line = built.exports.lineNo.value as number;
      const text = input().slice(0, kept);
      const { source } = built;
      capacities = larger;
      isGrown = true;
      built = instantiate({ module, trie, capacities });
      built.source = source;
      built.exports.setSource(source, line);
      input().set(text);
      return true;
    },
    isBloated: () => isGrown || capacities.input > BLOATED_INPUT,
    flush: (part) => {
      const { exports, layout, memory } = built;
      for (const [index, table] of layout.tables.entries()) {
        const rows = new DataView(memory.buffer).getUint32(table.address, true);
        if (rows === 0) continue;
        let out = layout.scratch;
        const bodies = table.columns.map(({ data, valid, cell }) => {
          const length = exports.encode(data, valid, CELL_KINDS[cell], rows, out);
          const body = view().subarray(out, out + length);
          out += length;
          return body;
        });
        part(index).rowGroup(rows, bodies);
      }
      exports.reset();
    },
  };
}

interface Built {
  readonly memory: WebAssembly.Memory;
  readonly exports: ScanExports;
  readonly layout: Layout;
  source: number;
}

function instantiate(options: { module: WebAssembly.Module; trie: Trie; capacities: Capacities }): Built {
  const { module, trie, capacities } = options;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const abort = (): never => {
    throw new Error('the scanner gave up');
  };
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } });
  const exports = instance.exports as unknown as ScanExports;
  const layout = layOut(memory, { trie, capacities });
  growTo(memory, layout.input + capacities.input);
  exports.setPlan(layout.root, layout.tableList, trie.tables.length);
  exports.setOutput(layout.arena, layout.arenaEnd, layout.rejects, layout.rejectCapacity);
  exports.setScratch(
    layout.pool,
    layout.poolEnd,
    layout.stack,
    layout.stackWords,
    layout.block,
    layout.blockEnd,
    layout.keepBytes,
  );
  return { memory, exports, layout, source: 0 };
}

function enlarge(capacities: Capacities, what: number): Capacities {
  if (what === ARENA) return { ...capacities, arena: capacities.arena * 2 };
  if (what === POOL) return { ...capacities, pool: capacities.pool * 2 };
  return { ...capacities, rows: capacities.rows.map((rows, i) => (i === what ? rows * 2 : rows)) };
}

/** About what the output takes, its encoded copy included. */
function outputBytes(trie: Trie, capacities: Capacities): number {
  const cells = trie.tables.reduce(
    (sum, { columns }, i) => sum + (columns.length + 2) * 20 * (capacities.rows[i] as number),
    0,
  );
  return cells + capacities.arena * 2 + capacities.pool;
}
