import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file that the build made; undefined where there is none. Beside this one once bundled, in `dist` when run from the sources. */
export function builtFile(name: string): string | undefined {
  return [new URL(name, import.meta.url), new URL(`../../dist/${name}`, import.meta.url)]
    .map((url) => fileURLToPath(url))
    .find((path) => existsSync(path));
}
