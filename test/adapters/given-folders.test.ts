/** A folder that is given is read as the places of its agents are: what these leave out, it leaves out. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findLogs } from '../../src/ingest/find-logs.ts';
import { copySample, filesBelow, logsOf, ROOT, temporaryFolder } from './load.ts';

const given = (home: string, ...paths: readonly string[]): readonly string[] =>
  findLogs({ home, env: {}, paths: paths.length === 0 ? [home] : paths })
    .files.map(({ path }) => path)
    .sort();

const homeOf = (agent: string, sample: string): string => {
  const home = temporaryFolder();
  copySample(join(ROOT, 'adapters', agent, 'samples', sample, 'input'), home);
  return home;
};

describe('a home that is given as a folder holds the logs that it holds as a home', () => {
  test('OpenClaw: no traces, checkpoints and backups', () => {
    const home = homeOf('openclaw', 'archives');
    expect(logsOf(home)).toHaveLength(3);
    expect(given(home)).toEqual(logsOf(home));
  });

  test('Copilot: the folder of a session before the flat file of its name', () => {
    const home = homeOf('copilot-cli', 'folder-and-flat');
    const logs = logsOf(home);
    expect(given(join(home, '.copilot', 'session-state'))).toEqual(logs);
  });

  test('Kimi CLI: no parts of contexts that a compaction took out', () => {
    const home = homeOf('kimi-cli', 'context-only');
    const [log = ''] = logsOf(home);
    copyFileSync(log, join(dirname(log), 'context_1.jsonl'));
    expect(given(home)).toEqual(logsOf(home));
    expect(given(home)).toContain(log);
  });

  test('Qwen Code: no streams', () => {
    const home = homeOf('qwen-code', 'subagent');
    const [log = ''] = logsOf(home);
    copyFileSync(log, `${log}.stream`);
    expect(given(home)).toEqual(logsOf(home));
  });
});

test('a file that is named is read whatever its name', () => {
  const home = homeOf('openclaw', 'archives');
  const backup = filesBelow(home).find((path) => path.endsWith('.bak.1')) ?? '';
  expect(given(home, backup)).toEqual([backup]);
  expect(given(home, dirname(backup), backup)).toContain(backup);
});

test('logs that have a name in common and do not stand together are two', () => {
  const folder = temporaryFolder();
  const written = (name: string, id: string): string => {
    const path = join(folder, name, 'session.jsonl');
    const line = { type: 'session_meta', payload: { id }, timestamp: '2026-05-01T09:00:00.000Z' };
    mkdirSync(dirname(path));
    writeFileSync(path, `${JSON.stringify(line)}\n`);
    return path;
  };
  const logs = [written('a', '019e0000-1'), written('b', '019e0000-2')];
  expect(given(folder)).toEqual(logs);
});
