import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MOST_ENTRIES, openHistory } from '../../src/cli/shell/history.ts';
import { withFolder } from '../cli/run-cli.ts';

test('is its owner’s alone, newest first, and there again the next time', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'state', 'shell_history');
    const history = openHistory(file);
    for (const entry of ['select 1;', 'select 2;', 'select 2;', ' select secret;', '', 'select 1;'])
      history.add(entry);
    expect(history.entries()).toEqual(['select 1;', 'select 2;']);
    expect(openHistory(file).entries()).toEqual(['select 1;', 'select 2;']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, 'utf8')).not.toContain('secret');
  }));

test('a file that is much too long is cut to its newest entries', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'shell_history');
    const lines = Array.from({ length: 2 * MOST_ENTRIES + 1 }, (_, index) => `select ${index};`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    const { length, 0: newest } = openHistory(file).entries();
    expect({ length, newest }).toEqual({ length: MOST_ENTRIES, newest: lines.at(-1) });
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toEqual(lines.slice(-MOST_ENTRIES));
  }));

test('without a file, and where none can be written, it lasts as long as the shell', () => {
  for (const file of [undefined, '/dev/null/shell_history']) {
    const history = openHistory(file);
    history.add('select 1;');
    expect(history.entries()).toEqual(['select 1;']);
    if (file !== undefined) expect(existsSync(file)).toBe(false);
  }
});
