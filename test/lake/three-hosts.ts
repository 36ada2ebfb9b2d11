/** Three machines whose homes overlap, each with a warehouse of its own, and one warehouse that read all three homes. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { refresh } from '../../src/ingest/refresh.ts';
import { type PublishOptions, type PublishSummary, publish } from '../../src/lake/publish.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { ANSWER_MEMORY, openOnce } from '../../src/warehouse/open.ts';
import { FIXTURE_HOME, filesBelow, logsBelow, temporaryFolder } from '../adapters/load.ts';

export const NOW = new Date('2026-11-30T12:00:00Z');

export interface TestHost {
  readonly hostId: string;
  readonly hostName: string;
  readonly userName: string;
  readonly home: string;
  readonly connection: Connection;
}

/** The id of the machine with old copies is the smallest: it must not win by that. */
const HOSTS = [
  { hostId: 'bbbb000000000001', hostName: 'desk', userName: 'ann' },
  { hostId: 'cccc000000000002', hostName: 'laptop', userName: 'bo' },
  { hostId: 'aaaa000000000003', hostName: 'backup', userName: 'cy' },
] as const;

/**
 * Who has which log of the example home, by its place in the list: `whole`, or `old`, a copy that lacks the end.
 *
 * The desk has two thirds; the laptop one third of its own and some of the desk's (a synced folder); the backup old copies
 * of the desk's (a home that was copied, and the work went on at the desk) and whole ones of the laptop's.
 */
function shareOf(host: number, log: number, path: string): 'whole' | 'old' | 'none' {
  // What hangs together (a session, its subagent, its fork) lies where it was made.
  const isDesk = log % 3 !== 0 || /30c35031|560c0416|01a1cab1|01a1cad6/.test(path);
  if (host === 0) return isDesk ? 'whole' : 'none';
  if (host === 1) return !isDesk || log % 4 === 0 ? 'whole' : 'none';
  if (isDesk) return log % 5 === 0 ? 'old' : 'none';
  return log % 6 === 0 ? 'whole' : 'none';
}

/** The first two thirds of a log's lines. */
function olderCopy(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  return `${lines.slice(0, Math.ceil((lines.length * 2) / 3)).join('\n')}\n`;
}

function makeHome(host: number): string {
  const home = join(temporaryFolder(), 'home');
  logsBelow(FIXTURE_HOME).forEach((path, log) => {
    const share = shareOf(host, log, path);
    if (share === 'none') return;
    const target = join(home, relative(FIXTURE_HOME, path));
    mkdirSync(dirname(target), { recursive: true });
    if (share === 'whole') cpSync(path, target, { preserveTimestamps: true });
    else writeFileSync(target, olderCopy(readFileSync(path, 'utf8')));
  });
  return home;
}

/** Reads a home into a warehouse, as the machine and user that it belongs to. */
export async function loadAs(
  connection: Connection,
  { home, hostName, userName }: Pick<TestHost, 'home' | 'hostName' | 'userName'>,
  paths?: readonly string[],
): Promise<void> {
  await refresh({
    connection,
    home,
    env: {},
    now: NOW,
    host: hostName,
    userName,
    ...(paths === undefined ? {} : { paths }),
  });
}

/** A warehouse in memory, as the program opens one to answer from. */
export async function openWarehouse(): Promise<Connection> {
  const connection = await openOnce({ file: ':memory:', mode: 'write' });
  await connection.execute(`set memory_limit = '${ANSWER_MEMORY}'`);
  return connection;
}

/** The three machines, and the one warehouse that loaded everything. */
export async function openHosts(): Promise<{
  readonly hosts: readonly TestHost[];
  readonly whole: TestHost;
}> {
  const hosts: TestHost[] = [];
  for (const [index, identity] of HOSTS.entries()) {
    const host = { ...identity, home: makeHome(index), connection: await openWarehouse() };
    await loadAs(host.connection, host);
    hosts.push(host);
  }
  const connection = await openWarehouse();
  for (const host of hosts) await loadAs(connection, host, [host.home]);
  const whole = { hostId: 'dddd000000000004', hostName: 'all', userName: 'all', home: '', connection };
  return { hosts, whole };
}

/** Publishes a machine's facts as the command does, with content: then its views can be held against a warehouse's. */
export const publishHost = (
  { connection, hostId, hostName, userName }: TestHost,
  options: Pick<PublishOptions, 'lake'> & Partial<PublishOptions>,
): Promise<PublishSummary> =>
  publish({
    connection,
    hostId,
    hostName,
    userName,
    hasContent: true,
    program: '0.0.0',
    now: NOW,
    ...options,
  });

/** Every file of a folder with its bytes, as text that can be compared. */
export const bytesBelow = (folder: string): ReadonlyMap<string, string> =>
  new Map(filesBelow(folder).map((path) => [relative(folder, path), readFileSync(path, 'latin1')]));
