/** Writing what an agent would write, counting the bytes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export function writeText(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return Buffer.byteLength(text);
}

export const writeLines = (path, records) =>
  writeText(path, `${records.map((record) => JSON.stringify(record)).join('\n')}\n`);

export const writeDocument = (path, value) => writeText(path, JSON.stringify(value));

export const iso = (milliseconds) => new Date(milliseconds).toISOString();

/** `2026-08-01 09:00:00`, in UTC. */
export const sqlTime = (milliseconds) => iso(milliseconds).slice(0, 19).replace('T', ' ');
