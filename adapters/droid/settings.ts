import { readFileSync } from 'node:fs';
import { isRecord } from '../../src/model/first-records.ts';

/** Where the settings and sums of a session stand. */
export const settingsPath = (sessionPath: string): string =>
  sessionPath.replace(/\.jsonl(?:\.zst)?$/, '.settings.json');

const USAGE = [
  'inputTokens',
  'outputTokens',
  'cacheCreationTokens',
  'cacheReadTokens',
  'thinkingTokens',
] as const;

/** The model and the sums of a session, as the settings beside it state them; the rest of the settings is the user's. */
export function settingsOf(sessionPath: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const settings: unknown = JSON.parse(readFileSync(settingsPath(sessionPath), 'utf8'));
    if (!isRecord(settings)) return undefined;
    const { model, providerLock, tokenUsage } = settings;
    const usage = isRecord(tokenUsage) ? tokenUsage : {};
    return {
      ...(typeof model === 'string' ? { model } : {}),
      ...(typeof providerLock === 'string' ? { provider: providerLock } : {}),
      ...Object.fromEntries(
        USAGE.flatMap((name) => (Number.isSafeInteger(usage[name]) ? [[name, usage[name]]] : [])),
      ),
    };
  } catch {
    return undefined;
  }
}
