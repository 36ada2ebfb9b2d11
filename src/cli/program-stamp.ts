import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from './version.ts';

/** What differs between two builds of the program, whose file is named after its content. */
export function programStamp(): string {
  const file = fileURLToPath(import.meta.url);
  return `${VERSION} ${basename(file)} ${statSync(file).mtimeMs}`;
}
