/** The fixture home many times over, each copy with identities of its own. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { FIXTURE_HOME, logsBelow, temporaryFolder } from '../adapters/load.ts';

export function multipliedHome(times: number): string {
  const home = join(temporaryFolder(), 'home');
  const logs = logsBelow(FIXTURE_HOME).map((path) => ({
    path: relative(FIXTURE_HOME, path),
    text: readFileSync(path, 'utf8'),
  }));
  for (let copy = 0; copy < times; copy += 1) {
    const renamed = (text: string): string =>
      text
        .replaceAll(/\b[0-9a-f]{8}(?=-[0-9a-f]{4}-[47a])/g, (head) =>
          createHash('sha256').update(`${copy}/${head}`).digest('hex').slice(0, 8),
        )
        .replaceAll(/\b(msg|req|toolu|call)_/g, `$1_${copy}_`);
    for (const { path, text } of logs) {
      const file = join(home, renamed(path));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, renamed(text));
    }
  }
  return home;
}
