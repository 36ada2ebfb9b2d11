import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { VERSION } from './version.ts';

/** What differs between two builds of the program. */
export const programStamp = (): string => `${VERSION} ${statSync(fileURLToPath(import.meta.url)).mtimeMs}`;
