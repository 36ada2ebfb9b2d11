/** What samples cannot show of Droid: sums beside a session that grow with it, and whose files are not its own. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { droid } from '../../adapters/droid/adapter.ts';
import { recogniseFile } from '../../src/ingest/recognise.ts';
import {
  copySample,
  differences,
  dump,
  load,
  logsOf,
  newWarehouse,
  ROOT,
  temporaryFolder,
  withHome,
} from './load.ts';

test('a session that grows, its sums before or after it, is as loaded at once', async () => {
  const home = temporaryFolder();
  copySample(join(ROOT, 'adapters/droid/samples/minimal/input'), home);
  const [log = ''] = logsOf(home);
  const settings = log.replace('.jsonl', '.settings.json');
  const [lines, sums] = [readFileSync(log, 'utf8').split(/(?<=\n)/), readFileSync(settings, 'utf8')];
  const connection = await newWarehouse();
  try {
    writeFileSync(log, '');
    for (const [index, line] of lines.entries()) {
      if (index === 2) writeFileSync(settings, sums.replace('1200', '700'));
      if (index === 4) writeFileSync(settings, sums);
      appendFileSync(log, line);
      await load(connection, home);
    }
    const grown = await dump(connection);
    expect(differences(await withHome(home, dump), grown)).toEqual([]);
  } finally {
    connection.close();
  }
}, 60_000);

test.each([
  ['any.jsonl', 'jsonl', '{"type":"session_start","id":"a","title":"t","cwd":"/home/dev"}\n'],
  ['owned.jsonl', 'jsonl', '{"type":"session_start","id":"a","owner":"dev"}\n'],
  [
    'other.jsonl',
    undefined,
    '{"type":"session_start","id":"a","model":"m","timestamp":"2026-05-08T06:00:00Z"}\n',
  ],
  ['pi.jsonl', undefined, '{"type":"message","id":"a","message":{"role":"user","content":[]}}\n'],
  ['any.settings.json', undefined, '{"model":"m","tokenUsage":{"inputTokens":1}}'],
])('%s is recognised as %s', (name, form, text) => {
  const path = join(temporaryFolder(), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  expect(recogniseFile(path, [droid])?.form).toBe(form);
});

test('places on every platform', () => {
  const at = (platform: NodeJS.Platform, home: string, env: Record<string, string> = {}): readonly string[] =>
    droid.places({ platform, home, env, cwd: home }).map(({ path }) => path);
  expect(at('linux', '/home/dev')).toEqual(['/home/dev/.factory/sessions']);
  expect(at('win32', 'C:\\Users\\dev')).toEqual(['C:\\Users\\dev\\.factory\\sessions']);
  expect(at('linux', '/home/dev', { FACTORY_DIR: '/data/factory' })).toEqual(['/data/factory/sessions']);
});
