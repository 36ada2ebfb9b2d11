import { posix, win32 } from 'node:path';
import type { Surroundings } from '../../src/model/adapter.ts';

/** Joins as the platform does. */
export const joiner = ({ platform }: Surroundings): ((...parts: readonly string[]) => string) =>
  platform === 'win32' ? win32.join : posix.join;

/** A folder that a variable names, `~` being the home; undefined where it names none. */
export function folderOf(surroundings: Surroundings, name: string): string | undefined {
  const value = surroundings.env[name]?.trim();
  if (value === undefined || value === '') return undefined;
  return /^~(?=[\\/]|$)/.test(value) ? joiner(surroundings)(surroundings.home, value.slice(1)) : value;
}

/** Whether a folder that a variable names for pi and Oh My Pi alike is Oh My Pi's. */
export const isOmpFolder = (path: string): boolean => /(?:^|[\\/])\.?(?:omp|oh-my-pi)(?:[\\/]|$)/.test(path);
