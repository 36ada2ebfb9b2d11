import { expect, test } from 'vitest';
import { progressText, showProgress } from '../../src/cli/progress.ts';
import type { Runtime } from '../../src/cli/runtime.ts';

const RUNNING = {
  phase: 'reading',
  bytesDone: 120_000_000,
  bytesTotal: 441_000_000,
  fileCount: 1210,
} as const;

function makeRuntime(isTerminal: boolean): {
  readonly runtime: Runtime;
  readonly written: string[];
  advance: (ms: number) => void;
} {
  const written: string[] = [];
  let now = 0;
  const stderr = {
    isTerminal,
    columnCount: isTerminal ? 80 : null,
    rowCount: isTerminal ? 24 : null,
    write: async (data: string | Uint8Array) => void written.push(String(data)),
  };
  const runtime = { stderr, elapsedMs: () => now } as unknown as Runtime;
  return {
    runtime,
    written,
    advance: (ms) => {
      now += ms;
    },
  };
}

test('says bytes, rate and time left', () => {
  expect(progressText(RUNNING, 400)).toBe('Reading 1,210 logs: 120 MB of 441 MB, 300 MB/s, 2 s left to read');
});

test('says how much is stored, and the time left once there is something to tell it by', () => {
  const storing = (doneRatio: number) => ({ phase: 'storing', doneRatio, fileCount: 1210 }) as const;
  expect(progressText(storing(0), 400)).toBe('Storing 1,210 logs: 0 %');
  expect(progressText(storing(0.25), 1000)).toBe('Storing 1,210 logs: 25 %, 3 s left');
});

test('is silent for half a second, then draws ten times a second, and wipes itself', () => {
  const { runtime, written, advance } = makeRuntime(true);
  const line = showProgress({ runtime, isQuiet: false });
  line.update(RUNNING);
  advance(600);
  line.update(RUNNING);
  advance(50);
  line.update(RUNNING);
  advance(60);
  line.update(RUNNING);
  line.stop();
  expect(written).toHaveLength(3);
  expect(written[2]).toBe('\r\x1b[2K');
});

test.each([
  [false, false],
  [true, true],
])('writes nothing without a terminal or when quiet', (isTerminal, isQuiet) => {
  const { runtime, written, advance } = makeRuntime(isTerminal);
  const line = showProgress({ runtime, isQuiet });
  advance(5000);
  line.update(RUNNING);
  line.stop();
  expect(written).toEqual([]);
});
