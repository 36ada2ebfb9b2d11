import { createHash } from 'node:crypto';
import { isoTime } from '../../src/read/iso-time.ts';

/**
 * Identity of what has none. Never of a path: a file that was copied or renamed holds the same sessions.
 */
export const sessionKey = (...parts: readonly (string | number)[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);

/** A local time without a zone as an instant of the machine's zone. */
export const localInstant = (text: string): string | undefined => isoTime(Date.parse(text.replace(' ', 'T')));
