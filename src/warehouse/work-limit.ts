import { AgenttraceError } from '../model/errors.ts';

export interface Limits {
  /** How long DuckDB may work in all; what the answer's reader takes does not count. */
  readonly timeoutMs: number;
  /** How much memory the process may take on top of what it has now, and how to ask. At twice that there is no patience. */
  readonly memory?: { readonly bytes: number; readonly used: () => number };
  /**
   * Called when DuckDB goes on although it was told to stop: some functions cannot be interrupted. Only the end of the
   * process stops them.
   */
  readonly onStuck?: (error: AgenttraceError) => void;
}

export interface WorkLimit {
  /** Runs a piece of the work, and throws what it ran into. */
  readonly within: <T>(work: () => Promise<T>) => Promise<T>;
}

const LOOK_MS = 50;
/** How long a statement may take to notice that it is to stop. */
const PATIENCE_MS = 3000;

/** Watches the time and the memory that work takes, and interrupts it when that is too much. */
export function limitWork(interrupt: () => void, { timeoutMs, memory, onStuck }: Limits): WorkLimit {
  let leftMs = timeoutMs;
  const before = memory?.used() ?? 0;
  const isAbove = (times: number): boolean =>
    memory !== undefined && memory.used() > before + times * memory.bytes;
  const faultAt = (now: number, start: number): AgenttraceError | undefined => {
    if (now - start >= leftMs) return timeError(timeoutMs);
    return isAbove(1) ? memoryError(memory?.bytes ?? 0) : undefined;
  };
  const within = async <T>(work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    let fault: AgenttraceError | undefined;
    let faultMs = 0;
    const timer = setInterval(
      () => {
        const now = performance.now();
        if (fault === undefined) {
          fault = faultAt(now, start);
          faultMs = now;
        }
        if (fault === undefined) return;
        interrupt();
        if (now - faultMs > PATIENCE_MS || isAbove(2)) onStuck?.(fault);
      },
      Math.min(LOOK_MS, leftMs),
    );
    try {
      const done = await work();
      // A stream of rows that was interrupted ends as if that were all.
      if (fault !== undefined) throw fault;
      return done;
    } catch (error) {
      throw fault ?? error;
    } finally {
      clearInterval(timer);
      leftMs = Math.max(1, leftMs - (performance.now() - start));
    }
  };
  return { within };
}

function timeError(timeoutMs: number): AgenttraceError {
  return new AgenttraceError({
    code: 'failed',
    message: `The query was stopped after ${timeoutMs / 1000} s.`,
    hint: 'Give it longer with --timeout SECONDS, or ask for less.',
  });
}

function memoryError(bytes: number): AgenttraceError {
  return new AgenttraceError({
    code: 'failed',
    message: `The query was stopped: it took more than ${Math.round(bytes / 1e6).toLocaleString('en-US')} MB of memory.`,
    hint: 'Ask for less, or give it more with --memory MEGABYTES. Many rows are best written as csv, jsonl, arrow or parquet.',
  });
}
