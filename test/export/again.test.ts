/** An export into a folder that is there already: what stays, what goes, what is refused, and what a broken off one leaves. */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { FIXTURE_HOME, filesBelow, load, ROOT, temporaryFolder } from '../adapters/load.ts';
import { exportHouse, manifestOf, NO_FILTER, stateOf } from './star-house.ts';

let house: Connection;
let home: string;
/** An export without a flag, to be copied. */
let made: string;
/** A log of the home that is loaded later. */
let late: { readonly path: string; readonly bytes: Buffer };
beforeAll(async () => {
  home = temporaryFolder();
  cpSync(join(FIXTURE_HOME, '.codex'), join(home, '.codex'), { recursive: true });
  const path = filesBelow(home)
    .filter((file) => /rollout-2026-11-1.*\.jsonl$/.test(file))
    .sort()
    .at(-1);
  if (path === undefined) throw new Error('the fixture home has no Codex log of that time');
  late = { path, bytes: readFileSync(path) };
  rmSync(path);
  house = await connect(':memory:');
  await load(house, home);
  made = temporaryFolder();
  await exportHouse(house, made);
}, 60_000);
afterAll(() => house.close());

/** A folder with that export in it. */
function exported(): string {
  const folder = temporaryFolder();
  cpSync(made, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

/** Names of files that differ between two states of a folder. */
function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .sort();
}

/** The same without times of change. */
const contentOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...stateOf(folder)].map(([name, state]) => [name, state.replace(/^\S+ /, '')]));

describe('again', () => {
  it('writes nothing when nothing changed: bytes and times stay, the manifest too', async () => {
    const folder = temporaryFolder();
    const first = await exportHouse(house, folder, { hasAnswers: true });
    const before = stateOf(folder);
    const second = await exportHouse(house, folder, { hasAnswers: true });
    expect(first.keptCount).toBe(0);
    expect(first.writtenCount).toBe(before.size - 1);
    expect(second).toMatchObject({ writtenCount: 0, keptCount: first.writtenCount, removedCount: 0 });
    expect(changed(before, stateOf(folder))).toEqual([]);
    await exportHouse(house, folder);
    expect(contentOf(folder)).toEqual(contentOf(made));
  });

  it('writes the days that a new log touches, and no other', async () => {
    const folder = temporaryFolder();
    const [other, place] = [await connect(':memory:'), temporaryFolder()];
    cpSync(home, place, { recursive: true, preserveTimestamps: true });
    await load(other, place);
    await exportHouse(other, folder);
    const before = stateOf(folder);
    writeFileSync(late.path.replace(home, place), late.bytes);
    await load(other, place);
    await exportHouse(other, folder);
    other.close();
    const different = changed(before, stateOf(folder));
    const days = new Set(
      different
        .filter((name) => name.startsWith('facts/'))
        .map((name) => /day=([\d-]+)/.exec(name)?.[1] ?? ''),
    );
    const ownDays = new Set(late.bytes.toString('utf8').match(/2026-11-\d\d(?=T)/g));
    expect(different).toContain('dimensions/sessions.parquet');
    expect([...days].sort()).toEqual([...ownDays].sort());
  });

  it('writes a file that was damaged as it was', async () => {
    const folder = exported();
    const before = contentOf(folder);
    const [victim = ''] = Object.keys(before).filter((name) => name.startsWith('facts/llm_calls/'));
    truncateSync(join(folder, victim), 100);
    rmSync(join(folder, 'dimensions/tools.parquet'));
    expect(await exportHouse(house, folder)).toMatchObject({ writtenCount: 2 });
    expect(contentOf(folder)).toEqual(before);
  });

  it('removes what no longer belongs to it, and nothing that it did not write', async () => {
    const folder = temporaryFolder();
    await exportHouse(house, folder, { hasEvents: true });
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    writeFileSync(join(folder, 'facts', 'turns', 'mine.csv'), 'mine');
    const narrowed = { filter: { ...NO_FILTER, project: 'payments-api' } };
    const { removedCount } = await exportHouse(house, folder, narrowed);
    expect(removedCount).toBeGreaterThan(10);
    expect(existsSync(join(folder, 'facts/events'))).toBe(false);
    const own = { 'notes.txt': 'mine', 'facts/turns/mine.csv': 'mine' };
    const fresh = temporaryFolder();
    await exportHouse(house, fresh, narrowed);
    expect(contentOf(folder)).toEqual({ ...contentOf(fresh), ...own });
  });

  it('leaves a notebook that was changed as it is, and brings an unchanged one up to date', async () => {
    const folder = exported();
    const notebook = join(folder, 'start.ipynb');
    const ours = readFileSync(notebook, 'utf8');
    writeFileSync(notebook, `${ours} `);
    expect(await exportHouse(house, folder)).toMatchObject({ isNotebookKept: true });
    expect(await exportHouse(house, folder)).toMatchObject({ isNotebookKept: true });
    expect(readFileSync(notebook, 'utf8')).toBe(`${ours} `);
    rmSync(notebook);
    expect(await exportHouse(house, folder)).toMatchObject({ isNotebookKept: false });
    expect(readFileSync(notebook, 'utf8')).toBe(ours);
  });
});

describe('a folder', () => {
  const refused = async (folder: string): Promise<unknown> => {
    const before = existsSync(folder) ? stateOf(folder) : undefined;
    const error = await exportHouse(house, folder).catch((thrown: unknown) => thrown);
    if (before !== undefined) expect(changed(before, stateOf(folder))).toEqual([]);
    return error;
  };

  it('with files and no manifest is refused, and left as it is', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    expect(await refused(folder)).toMatchObject({ code: 'bad_input', source: folder });
    expect(readdirSync(folder)).toEqual(['mine.txt']);
  });

  it('with an unfinished.json of someone else is refused, with a manifest and without', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'views.sql'), 'mine');
    for (const text of ['{"todo": ["mine"]}', '[]', 'mine']) {
      writeFileSync(join(folder, 'unfinished.json'), text);
      expect(await refused(folder)).toMatchObject({ code: 'bad_input', source: folder });
    }
    const ours = exported();
    writeFileSync(join(ours, 'unfinished.json'), 'mine');
    expect(await refused(ours)).toMatchObject({ code: 'bad_input', source: ours });
  });

  it.each([
    ['no JSON', '{'],
    ['that of another program', '{"format": "something", "files": []}'],
    ['of a later format', '{"format": "agenttrace-export", "format_version": 2, "files": []}'],
    [
      'with paths that lead out of it',
      '{"format": "agenttrace-export", "format_version": 1, "files": [{"path": "../x", "table": null, "day": null, "rows": null, "bytes": 1, "sha256": "", "digest": null}]}',
    ],
  ])('whose manifest is %s is refused', async (_, text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'manifest.json'), text);
    expect(await refused(folder)).toMatchObject({ code: 'bad_input' });
  });

  test('never loses a file that a manifest names and no export would write', async () => {
    const folder = exported();
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    const manifest = manifestOf(folder);
    const claimed = { ...manifest.files[0], path: 'mine.txt' };
    writeFileSync(
      join(folder, 'manifest.json'),
      JSON.stringify({ ...manifest, files: [...manifest.files, claimed] }),
    );
    await exportHouse(house, folder);
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('that another process is writing is refused as busy, until that one is gone', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'unfinished.json'), JSON.stringify({ pid: process.ppid, paths: [] }));
    expect(await refused(folder)).toMatchObject({ code: 'busy' });
    writeFileSync(join(folder, 'unfinished.json'), JSON.stringify({ pid: 2 ** 30, paths: [] }));
    await exportHouse(house, folder);
    expect(existsSync(join(folder, 'unfinished.json'))).toBe(false);
  });

  it('that is a file is refused', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(exportHouse(house, file)).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('broken off', () => {
  it('leaves each file old or new and the manifest old; the next export completes it', async () => {
    const folder = exported();
    const old = contentOf(folder);
    const broken = exportHouse(house, folder, {
      hasContent: true,
      onTable: (name) => {
        if (name === 'loops') throw new Error('killed');
      },
    });
    await expect(broken).rejects.toThrow('killed');
    const between = contentOf(folder);
    const fresh = temporaryFolder();
    await exportHouse(house, fresh, { hasContent: true });
    const wanted = contentOf(fresh);
    const { 'unfinished.json': journal, ...files } = between;
    expect(journal).toBeDefined();
    expect(files['manifest.json']).toBe(old['manifest.json']);
    for (const [name, bytes] of Object.entries(files)) expect([old[name], wanted[name]]).toContain(bytes);
    expect(Object.keys(files).filter((name) => files[name] !== old[name]).length).toBeGreaterThan(3);
    await exportHouse(house, folder, { hasContent: true });
    expect(contentOf(folder)).toEqual(wanted);
  });

  it('by a kill, knows the files that it began, so that a narrower export has none of them left', async () => {
    let folder = await killedExport();
    // On a busy machine the kill may come when all is done.
    for (let attempt = 1; attempt < 10 && existsSync(join(folder, 'manifest.json')); attempt += 1)
      folder = await killedExport();
    expect(existsSync(join(folder, 'manifest.json'))).toBe(false);
    expect(filesBelow(folder).length).toBeGreaterThan(10);
    // As where the kill came while a file was being written.
    const cell = join(folder, 'facts/events', readdirSync(join(folder, 'facts/events'))[0] ?? 'day=none');
    mkdirSync(cell, { recursive: true });
    writeFileSync(join(cell, 'part.parquet.tmp'), 'half');
    const narrowed = { filter: { ...NO_FILTER, project: 'storefront' } };
    await exportHouse(house, folder, narrowed);
    const fresh = temporaryFolder();
    await exportHouse(house, fresh, narrowed);
    expect(Object.keys(contentOf(folder))).toEqual(Object.keys(contentOf(fresh)));
  }, 60_000);
});

/** A folder with what an export wrote until it was killed. */
async function killedExport(): Promise<string> {
  const folder = join(temporaryFolder(), 'export');
  const child = spawn(
    process.execPath,
    [join(ROOT, 'dist/agenttrace.cjs'), 'export', folder, '--demo', '--events'],
    { env: { PATH: process.env.PATH, HOME: '/nonexistent', TZ: 'UTC' }, stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.on('close', resolve));
  const events = join(folder, 'facts/events');
  const hasBegun = (): boolean => existsSync(events) && readdirSync(events).length > 0;
  while (!hasBegun() && child.exitCode === null) await sleep(5);
  child.kill('SIGKILL');
  await ended;
  return folder;
}
