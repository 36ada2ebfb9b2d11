import { setTimeout as sleep } from 'node:timers/promises';
import { AgenttraceError } from '../model/errors.ts';

/** Whether an error says that another process holds the warehouse. */
export const isBusy = (error: unknown): boolean => error instanceof AgenttraceError && error.code === 'busy';

export interface Waiting {
  readonly waitMs: number;
  /** Called once when waiting takes longer than a second. */
  readonly onWait?: () => void;
  /** Ends the wait early, by its reason. */
  readonly signal?: AbortSignal;
}

/** Runs an attempt until it is not refused for being busy, waiting longer each time; undefined when the time is up. */
export async function whileBusy<T>(
  attempt: () => Promise<T>,
  { waitMs, onWait, signal }: Waiting,
): Promise<T | undefined> {
  const end = performance.now() + waitMs;
  let pause = 40;
  let hasSaid = false;
  const start = performance.now();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    signal?.throwIfAborted();
    const now = performance.now();
    if (now >= end) return undefined;
    if (!hasSaid && now - start > 1000) {
      hasSaid = true;
      onWait?.();
    }
    await sleep(Math.min(pause + Math.random() * pause, Math.max(end - now, 1)));
    pause = Math.min(pause * 1.5, 1000);
  }
}
