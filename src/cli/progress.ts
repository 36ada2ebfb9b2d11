import type { RefreshProgress } from '../ingest/refresh.ts';
import { formatBytes } from '../render/format-number.ts';
import type { Runtime } from './runtime.ts';

export interface ProgressLine {
  readonly update: (progress: RefreshProgress) => void;
  /** Wipes the line. */
  readonly stop: () => void;
}

export interface StatusLine {
  /** Shows what the text says after so many milliseconds of work. */
  readonly say: (text: (spentMs: number) => string) => void;
  /** Wipes the line. */
  readonly stop: () => void;
}

interface Screen {
  readonly runtime: Runtime;
  readonly isQuiet: boolean;
}

const QUIET_MS = 500;
const BETWEEN_MS = 100;

/** One line on a terminal's stderr that says what is under way. Silent for the first half second. */
export function showStatus({ runtime, isQuiet }: Screen): StatusLine {
  if (isQuiet || !runtime.stderr.isTerminal) return { say: () => undefined, stop: () => undefined };
  const startedMs = runtime.elapsedMs();
  let shownMs = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    say: (text) => {
      const nowMs = runtime.elapsedMs();
      if (nowMs - startedMs < QUIET_MS || nowMs - shownMs < BETWEEN_MS) return;
      shownMs = nowMs;
      isShown = true;
      const line = text(nowMs - startedMs);
      void runtime.stderr.write(`\r\x1b[2K${line.slice(0, (runtime.stderr.columnCount ?? 80) - 1)}`);
    },
    stop: () => {
      if (isShown) void runtime.stderr.write('\r\x1b[2K');
      isShown = false;
    },
  };
}

/** The line that follows a load: bytes, rate and time left. */
export function showProgress(screen: Screen): ProgressLine {
  const { say, stop } = showStatus(screen);
  return { update: (progress) => say((spentMs) => progressText(progress, spentMs)), stop };
}

/** `Reading 1,210 logs: 120 MB of 441 MB, 310 MB/s, 1 s left to read`; then `Storing 1,210 logs: 45 %, 3 s left`. */
export function progressText(progress: RefreshProgress, spentMs: number): string {
  const { fileCount } = progress;
  const files = `${fileCount.toLocaleString('en-US')} log${fileCount === 1 ? '' : 's'}`;
  if (progress.phase === 'storing') return `Storing ${files}: ${storingText(progress.doneRatio, spentMs)}`;
  const { bytesDone, bytesTotal } = progress;
  const parts = [
    `${formatBytes(BigInt(Math.round(bytesDone)))} of ${formatBytes(BigInt(Math.round(bytesTotal)))}`,
  ];
  const perMs = spentMs > 0 ? bytesDone / spentMs : 0;
  if (perMs > 0) {
    parts.push(`${formatBytes(BigInt(Math.round(perMs * 1000)))}/s`);
    parts.push(`${Math.max(0, Math.ceil((bytesTotal - bytesDone) / perMs / 1000))} s left to read`);
  }
  return `Reading ${files}: ${parts.join(', ')}`;
}

/** At the very beginning nothing tells how long it will take. */
function storingText(doneRatio: number, spentMs: number): string {
  const percent = `${Math.floor(100 * doneRatio)} %`;
  if (doneRatio < 0.1) return percent;
  return `${percent}, ${Math.ceil((spentMs * (1 - doneRatio)) / doneRatio / 1000)} s left`;
}
