import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFingerprint } from '../../src/project/project.ts';
import { SCAN_LIMITS } from '../../src/project/scan-source.ts';
import { scanBytes, scanFile, withFolder } from './harness.ts';
import { RICH_PLAN, VALUE_PLAN } from './plans.ts';
import { readReference } from './reference.ts';
import { zstd } from './zstd.ts';

const plan = VALUE_PLAN;
const line = (n: number | string, pad = ''): string => `{"v":${n}${pad}}\n`;
const numbers = (scanned: Awaited<ReturnType<typeof scanFile>>) =>
  (scanned.rows.record ?? []).map(({ lineNo, itemNo, cells }) => [lineNo, itemNo, cells[1]]);

describe('the unterminated last line', () => {
  it('is taken when complete and left when not', async () => {
    const complete = await scanBytes(line(1) + line(2).trim(), { plan });
    expect(numbers(complete)).toEqual([
      [1, 0, '1'],
      [2, 0, '2'],
    ]);
    expect(complete.outcome).toMatchObject({ parsedTo: 15, lineCount: 2, pendingBytes: 0, rejects: [] });
    for (const tail of ['{"v":', '{"v":2}{"v":3', '{"v":2} x', '  ', 'x']) {
      const pending = await scanBytes(line(1) + tail, { plan });
      expect(numbers(pending), tail).toEqual([[1, 0, '1']]);
      expect(pending.outcome).toMatchObject({
        parsedTo: 8,
        lineCount: 1,
        pendingBytes: tail.length,
        rejects: [],
      });
    }
  });
  it('goes on where the last scan stopped, however the file grew', async () => {
    const whole = `\ufeff${line(1)}${line(2)}\n{"v":4}{"v":5} {"v":6}\n${line(7)}`;
    const expected = numbers(await scanBytes(whole, { plan }));
    await withFolder(async (folder) => {
      for (let cut = 0; cut <= whole.length; cut++) {
        const path = join(folder, `${cut}.jsonl`);
        const bytes = Buffer.from(whole);
        writeFileSync(path, bytes.subarray(0, cut));
        const first = await scanFile(path, { plan });
        appendFileSync(path, bytes.subarray(cut));
        const { parsedTo, lineCount, pendingBytes } = first.outcome;
        expect(parsedTo + pendingBytes).toBe(cut);
        const second = await scanFile(path, { plan, job: { from: parsedTo, lineNo: lineCount } });
        expect([...numbers(first), ...numbers(second)], `cut at ${cut}`).toEqual(expected);
        expect(second.outcome).toMatchObject({
          parsedTo: bytes.length,
          lineCount: 5,
          pendingBytes: 0,
          rejects: [],
        });
        const third = await scanFile(path, { plan, job: { from: bytes.length, lineNo: 5 } });
        expect(third.outcome).toMatchObject({ parsedTo: bytes.length, lineCount: 5, pendingBytes: 0 });
        expect(numbers(third)).toEqual([]);
      }
    });
  }, 60_000);
  it('ends where it is told to as at the end of a file', async () => {
    const bytes = Buffer.from(`${line(1)}{"v":2}{"v":3}\n${line(4)}`);
    for (let to = 0; to <= bytes.length; to++) {
      const whole = await scanBytes(bytes, { plan, job: { to } });
      const cut = await scanBytes(bytes.subarray(0, to), { plan });
      expect(whole.outcome, `to ${to}`).toEqual(cut.outcome);
      expect(numbers(whole)).toEqual(numbers(cut));
    }
  }, 60_000);
  it('stays pending after a first record was taken from it', async () => {
    const grown = await scanBytes('{"v":1}{"v":', { plan, job: { from: 7, lineNo: 1 } });
    expect(numbers(grown)).toEqual([]);
    expect(grown.outcome).toMatchObject({ parsedTo: 7, lineCount: 1, pendingBytes: 5 });
  });
});

describe('the fingerprint', () => {
  it('tells a grown file from one written anew', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'a.jsonl');
      writeFileSync(path, Array.from({ length: 2000 }, (_, i) => line(i)).join(''));
      const { outcome } = await scanFile(path, { plan });
      const mark = { headBytes: 4096, headHash: outcome.headHash, anchorHash: outcome.anchorHash };
      expect(outcome.headBytes).toBe(4096);
      expect(sourceFingerprint(path, outcome.parsedTo)).toEqual(mark);
      appendFileSync(path, line(1));
      expect(sourceFingerprint(path, outcome.parsedTo)).toEqual(mark);
      const bytes = statSync(path).size;
      truncateSync(path, bytes - 10);
      expect(sourceFingerprint(path, outcome.parsedTo)).toBeUndefined();
      expect(
        (await scanFile(path, { plan, job: { from: outcome.parsedTo, lineNo: 2000 } })).outcome.error?.code,
      ).toBe('ESHRUNK');
      appendFileSync(path, line(123_456_789));
      expect(sourceFingerprint(path, outcome.parsedTo)?.anchorHash).not.toBe(mark.anchorHash);
      expect(sourceFingerprint(join(folder, 'none'), 1)).toBeUndefined();
    });
  });
});

describe('long lines', () => {
  it('of 50 MB are read', async () => {
    const text = 'lorem ipsum é '.repeat(3_400_000);
    const bytes = Buffer.from(`${line(1)}${line(JSON.stringify(text))}${line(3)}`);
    const { rows } = await scanBytes(bytes, { plan });
    expect(rows).toEqual(readReference(plan, bytes).rows);
  }, 60_000);
  it('beyond the limit are passed over', async () => {
    const long = line('"x"', ' '.repeat(5_000_000));
    const options = { plan, limits: { ...SCAN_LIMITS, longestLine: 2 << 20 } };
    const scanned = await scanBytes(line(1) + long + line(3) + long + long + line(6), options);
    expect(numbers(scanned)).toEqual([
      [1, 0, '1'],
      [3, 0, '3'],
      [6, 0, '6'],
    ]);
    const reason = 'longer than the longest line allowed';
    const sizeBytes = long.length - 1;
    expect(scanned.outcome.rejects).toEqual([
      { lineNo: 2, byteOffset: 8, sizeBytes, reason },
      { lineNo: 4, byteOffset: 16 + long.length, sizeBytes, reason },
      { lineNo: 5, byteOffset: 16 + 2 * long.length, sizeBytes, reason },
    ]);
    const pending = await scanBytes(line(1) + long.trim(), options);
    expect(pending.outcome).toMatchObject({
      parsedTo: 8,
      lineCount: 1,
      pendingBytes: long.length - 1,
      rejects: [],
    });
  });
});

describe('what cannot be read', () => {
  it('is an outcome with an error', async () => {
    await withFolder(async (folder) => {
      symlinkSync(join(folder, 'gone'), join(folder, 'dangling'));
      mkdirSync(join(folder, 'folder'));
      spawnSync('mkfifo', [join(folder, 'pipe')]);
      const codeOf = async (name: string) =>
        (await scanFile(join(folder, name), { plan, job: { from: 3, lineNo: 1 } })).outcome;
      expect(await codeOf('gone')).toMatchObject({
        error: { code: 'ENOENT' },
        parsedTo: 3,
        lineCount: 1,
        bytesRead: 0,
      });
      expect(await codeOf('dangling')).toMatchObject({ error: { code: 'ENOENT' } });
      expect(await codeOf('folder')).toMatchObject({ error: { code: 'EISDIR' } });
      expect(await codeOf('pipe')).toMatchObject({ error: { code: 'ENOTFILE' } });
    });
  });
  it('leaves a log as it was', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'a.jsonl');
      writeFileSync(path, line(1), { mode: 0o444 });
      utimesSync(path, 1, 1);
      await scanFile(path, { plan });
      expect(statSync(path)).toMatchObject({ mtimeMs: 1000, size: 8, mode: 0o100444 });
    });
  });
});

/** `{"v":"aaa…"}` by a thousand a's, 300 lines: as zstd 1.5 compresses it. */
const COMPRESSED = Buffer.from(
  'KLUv/QRotAAAUHsidiI6ImEifQoCAAz89EU+yFfACEwAAAhhAQD8/zkQAk0AAAhhAQBoHh0IATmBioI=',
  'base64',
);

describe('compressed logs', () => {
  const text = Buffer.from(
    Array.from({ length: 3000 }, (_, i) => `{"v":"${i} é","message":{"content":[${i}]}}\n`).join(''),
  );
  it('are read like others, by their magic and not their name', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'log.jsonl');
      writeFileSync(path, zstd(text));
      const { rows, outcome } = await scanFile(path, { plan: RICH_PLAN });
      const plain = await scanBytes(text, { plan: RICH_PLAN });
      expect(rows).toEqual(plain.rows);
      const { bytesRead, ...rest } = plain.outcome;
      expect(outcome).toEqual({ ...rest, bytesRead: statSync(path).size });
      expect(bytesRead).toBe(text.length);
      expect(sourceFingerprint(path, outcome.parsedTo)).toEqual({
        headBytes: outcome.headBytes,
        headHash: outcome.headHash,
        anchorHash: outcome.anchorHash,
      });
      expect((await scanFile(path, { plan: RICH_PLAN, job: { from: 10 } })).outcome.error?.code).toBe(
        'EZSTD',
      );
    });
  });
  it('may be of several frames, and really compressed', async () => {
    const { rows } = await scanBytes(
      Buffer.concat([zstd(text.subarray(0, 5000)), zstd(text.subarray(5000))]),
      { plan },
    );
    expect(rows).toEqual(readReference(plan, text).rows);
    const small = await scanBytes(COMPRESSED, { plan });
    const original = Buffer.from(line(JSON.stringify('a'.repeat(1000))).repeat(300));
    expect(small.rows).toEqual(readReference(plan, original).rows);
    expect(small.outcome).toMatchObject({ parsedTo: original.length, lineCount: 300 });
  });
  it('keep the rows before damage', async () => {
    const whole = zstd(text);
    const cut = await scanBytes(whole.subarray(0, 40_000), { plan });
    const count = cut.outcome.lineCount.toLocaleString('en-US');
    expect(cut.outcome.error).toEqual({
      code: 'EZSTD',
      message: `is cut off: its compressed data end too early. The ${count} lines before that are counted.`,
    });
    expect(cut.rows.record?.length).toBe(cut.outcome.lineCount);
    expect(cut.outcome.lineCount).toBeGreaterThan(800);
    expect(cut.outcome.rejects).toEqual([]);
    const broken = Buffer.from(whole);
    broken[6 + 20 * 1003] = 0x07; // a block of a type that does not exist
    const damaged = await scanBytes(broken, { plan });
    expect(damaged.outcome.error).toEqual({
      code: 'EZSTD',
      message: expect.stringMatching(
        /^is damaged: its compressed data are not valid \(invalid block type\)\. The \d+ lines before that are counted\.$/,
      ),
    });
    expect(damaged.rows.record?.length).toBe(damaged.outcome.lineCount);
    expect((await scanBytes(whole.subarray(0, 5), { plan })).outcome).toMatchObject({
      error: {
        code: 'EZSTD',
        message: 'is cut off: its compressed data end too early. No line of it could be read.',
      },
      parsedTo: 0,
    });
  });
});

it('an empty file is nothing at all', async () => {
  const { rows, outcome } = await scanBytes('', { plan });
  expect(rows.record).toEqual([]);
  expect(outcome).toMatchObject({ parsedTo: 0, lineCount: 0, pendingBytes: 0, headBytes: 0, rejects: [] });
  await withFolder(async (folder) => {
    const path = join(folder, 'x');
    writeFileSync(path, '');
    rmSync(path);
    expect((await scanFile(path, { plan })).outcome.error?.code).toBe('ENOENT');
  });
});
