import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compare, runFuzz } from './fuzz.ts';
import {
  CORPUS,
  corpusFiles,
  createRandom,
  hasCorpus,
  inventLine,
  mutateLine,
  splitLines,
  tearLine,
} from './generate.ts';
import { scanBytes, scanFile, scanPieces, TINY } from './harness.ts';
import { derivePlan, RICH_PLAN } from './plans.ts';
import { readReference } from './reference.ts';

const invented = (seed: number, count: number): Buffer => {
  const random = createRandom(seed);
  return Buffer.concat(
    Array.from({ length: count }, () => {
      const line = mutateLine(inventLine(random), random);
      return [random() < 0.1 ? tearLine(inventLine(random), line, random) : line, Buffer.from('\n')];
    }).flat(),
  );
};

describe.skipIf(!hasCorpus)('real logs give what JSON.parse gives', () => {
  it.each(corpusFiles().map((path) => [path.slice(CORPUS.length + 1), path] as const))(
    '%s',
    async (_, path) => {
      const bytes = readFileSync(path);
      for (const plan of bytes.length < 100_000 ? [RICH_PLAN, derivePlan(bytes)] : [RICH_PLAN]) {
        const scanned = await scanFile(path, { plan });
        expect(compare(readReference(plan, bytes), scanned)).toEqual([]);
      }
    },
  );
});

describe('mutated lines give what JSON.parse gives', () => {
  it.each([1, 2, 3, 4])('25,000 lines from seed %i', async (seed) => {
    const { differences, records, rejects } = await runFuzz({ seed, lines: 25_000 });
    expect(differences).toEqual([]);
    expect(records).toBeGreaterThan(5000);
    expect(rejects).toBeGreaterThan(5000);
  });
});

describe('the size of pieces and buffers does not matter', () => {
  const bytes = invented(7, 300);
  const expected = readReference(RICH_PLAN, bytes);
  it.each([1, 2, 3, 7, 64, 127, 1001, 4096])('pieces of %i bytes', async (piece) => {
    const { rows, end } = await scanPieces(bytes, { plan: RICH_PLAN, piece });
    expect(compare(expected, { rows, outcome: end })).toEqual([]);
    expect(end).toMatchObject({ parsedTo: expected.parsedTo, lineCount: expected.lineCount });
  });
  it('an output for three rows', async () => {
    const { rows, end } = await scanPieces(bytes, { plan: RICH_PLAN, piece: 50, sizes: TINY });
    expect(compare(expected, { rows, outcome: end })).toEqual([]);
  });
  it('a new scan from every line', async () => {
    const some = bytes.subarray(0, 12_000);
    const whole = await scanBytes(some, { plan: RICH_PLAN });
    let offset = 0;
    for (const [index, line] of splitLines(some).entries()) {
      if (index % 3 === 0) {
        const rest = await scanBytes(some, { plan: RICH_PLAN, job: { from: offset, lineNo: index } });
        for (const [table, rows] of Object.entries(whole.rows))
          expect(rest.rows[table]).toEqual(rows.filter(({ lineNo }) => lineNo > index));
        expect(rest.outcome.rejects).toEqual(whole.outcome.rejects.filter(({ lineNo }) => lineNo > index));
      }
      offset = Math.min(some.length, offset + line.length + 1);
    }
  });
});
