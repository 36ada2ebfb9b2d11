import { setTimeout as sleep } from 'node:timers/promises';
import { AgenttraceError } from '../model/errors.ts';

/** Whether an error says that another process holds the warehouse. */
export const isBusy = (error: unknown): boolean => error instanceof AgenttraceError && error.code === 'busy';

/** Runs an attempt until it is not refused for being busy, waiting longer each time; undefined when the time is up. */
export async function whileBusy<T>(
  attempt: () => Promise<T>,
  { waitMs, onWait }: { readonly waitMs: number; readonly onWait?: () => void },
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
