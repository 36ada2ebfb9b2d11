import { corpusLines, createRandom, inventLine, mutateLine, pick, tearLine } from './generate.ts';
import { type Scanned, scanBytes } from './harness.ts';
import { RICH_PLAN } from './plans.ts';
import { type Reading, type Row, readReference } from './reference.ts';

export interface FuzzResult {
  readonly lines: number;
  readonly records: number;
  readonly rejects: number;
  /** The first few disagreements, each with its line. */
  readonly differences: readonly string[];
}

/** Scans mutated lines and compares every cell and every verdict with the reference. */
export async function runFuzz(options: {
  readonly seed: number;
  readonly lines: number;
}): Promise<FuzzResult> {
  const random = createRandom(options.seed);
  const real = corpusLines(4000);
  const source: Buffer[] = [];
  for (let i = 0; i < options.lines; i++) {
    const line = (): Buffer => (real.length > 0 && random() < 0.4 ? pick(random, real) : inventLine(random));
    const mutated = mutateLine(line(), random);
    source.push(
      random() < 0.1 ? tearLine(line(), mutated, random) : mutated,
      Buffer.from(pick(random, ['\n', '\n', '\n', '\r\n'])),
    );
  }
  const bytes = Buffer.concat(source);
  const expected = readReference(RICH_PLAN, bytes);
  const scanned = await scanBytes(bytes, {
    plan: RICH_PLAN,
    limits: { longestLine: 1 << 28, mostRejects: options.lines },
  });
  return {
    lines: options.lines,
    records: expected.rows.record?.length ?? 0,
    rejects: expected.rejects.length,
    differences: compare(expected, scanned).map((text) => `${text}\n    ${lineOf(source, text)}`),
  };
}

const lineOf = (source: readonly Buffer[], text: string): string => {
  const lineNo = Number(/line (\d+)/.exec(text)?.[1] ?? 0);
  return source[(lineNo - 1) * 2]?.toString('latin1').slice(0, 2000) ?? '';
};

/** Where rows and rejects differ; at most ten. */
export function compare(
  expected: Reading,
  scanned: Pick<Scanned, 'rows'> & { readonly outcome: Pick<Scanned['outcome'], 'rejects'> },
): readonly string[] {
  const differences: string[] = [];
  for (const [table, rows] of Object.entries(expected.rows)) {
    const actual = scanned.rows[table] ?? [];
    const show = (row: Row | undefined): string =>
      row ? `line ${row.lineNo} item ${row.itemNo} ${JSON.stringify(row.cells)}` : 'nothing';
    for (let i = 0; i < Math.max(rows.length, actual.length) && differences.length < 10; i++) {
      const [a, b] = [show(rows[i]), show(actual[i])];
      if (a === b) continue;
      differences.push(`${table}: expected ${a}\n    got ${b}`);
      if (rows[i]?.lineNo !== actual[i]?.lineNo || rows[i]?.itemNo !== actual[i]?.itemNo) break;
    }
  }
  const rejects = scanned.outcome.rejects.map(({ lineNo, byteOffset, sizeBytes }) => ({
    lineNo,
    byteOffset,
    sizeBytes,
  }));
  for (let i = 0; i < Math.max(rejects.length, expected.rejects.length); i++) {
    const [a, b] = [JSON.stringify(expected.rejects[i]), JSON.stringify(rejects[i])];
    if (a === b) continue;
    const lineNo = Math.min(expected.rejects[i]?.lineNo ?? 1e9, rejects[i]?.lineNo ?? 1e9);
    differences.push(`line ${lineNo}: expected reject ${a}, got ${b}`);
    break;
  }
  return differences;
}
