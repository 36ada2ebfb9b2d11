import { adapters } from '../../adapters/index.ts';
import type { Adapter } from '../model/adapter.ts';
import { createBookResolver, type PriceBook } from '../prices/price-book.ts';
import { projectFiles, type ScanJob } from '../project/project.ts';
import type { Connection } from '../warehouse/connection.ts';
import { type Comparison, compareSources, type KnownSource } from './compare.ts';
import type { Discovery } from './discover.ts';
import { findLogs } from './find-logs.ts';
import { removeSourceRows, startChanges } from './forget-rows.ts';
import { readKnownSources } from './known-sources.ts';
import { type LoadContext, loadBatch, type NumberedChange } from './load-batch.ts';
import { martsSha256, resetMarts, updateMarts } from './marts.ts';
import { resolveModelNames } from './model-names.ts';
import { type PriceTexts, priceBookOf, readPriceTexts } from './price-texts.ts';
import { readProperty, writeProperty } from './properties.ts';
import { defineMacros, installSchema, planSchema, type SchemaWork } from './schema.ts';
import { makeScratch, removeScratch } from './scratch.ts';
import { readShippedPrices } from './shipped-prices.ts';
import { storePrices } from './store-prices.ts';
import { type LoadedSource, type RefreshSummary, summarise } from './summary.ts';

export type { RefreshSummary } from './summary.ts';

export interface RefreshProgress {
  readonly phase: 'reading' | 'storing';
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly fileCount: number;
}

export interface RefreshOptions {
  /** Read-write. */
  readonly connection: Connection;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly now: Date;
  readonly host: string;
  readonly userName: string | null;
  /** Only these files and folders, recognised by content, rather than the known places of every agent. */
  readonly paths?: readonly string[];
  /** Stop after the newest logs of so many bytes; the next refresh goes on. */
  readonly newestBytes?: number;
  /** Folder of the user's price list and overrides. */
  readonly priceFolder?: string;
  readonly onProgress?: (progress: RefreshProgress) => void;
  /** The logs, where the caller has looked for them already. */
  readonly discovery?: Discovery;
}

/** Logs are staged and stored in portions of this size, so that memory does not depend on how many there are. */
const BATCH_BYTES = 512_000_000;

/**
 * Brings a warehouse up to date with the logs, in one transaction: tables and views first, where they are older than
 * the program; then what is new, grown or rewritten; then the marts of what that changed. Where nothing changed,
 * nothing is written.
 */
export async function refresh(options: RefreshOptions): Promise<RefreshSummary> {
  const { connection } = options;
  const plan = await planRefresh(options);
  if (!plan.hasWork) return plan.summary;
  const { schema, discovery, comparison, known, prices, isNew, isRepricing, isRuleOld } = plan;
  const shipped = readShippedPrices(prices.fingerprint);
  const book = (): PriceBook => priceBookOf(prices);
  return connection.transaction(async () => {
    await installSchema(connection, schema);
    await defineMacros(connection);
    await startChanges(connection);
    await storeAgents(connection, adapters);
    if (isRepricing) {
      await storePrices(connection, { shipped, book });
      await writeProperty(connection, 'price_fingerprint', prices.fingerprint);
      await writeProperty(connection, 'price_listed_on', shipped?.listedOn ?? book().listed_on);
    }
    const lastSourceNo = known.reduce((most, { sourceNo }) => Math.max(most, sourceNo), 0);
    const outcomes = await loadChanges({ options, comparison, lastSourceNo });
    await markVanished(connection, comparison.vanished);
    await resolveModelNames(connection, shipped?.resolver ?? (() => createBookResolver(book())));
    if (!isNew && (isRepricing || isRuleOld)) await resetMarts(connection);
    if (isNew || isRepricing || isRuleOld || comparison.changes.length > 0) await updateMarts(connection);
    await writeProperty(connection, 'marts_sha256', martsSha256());
    return summarise({ discovery, comparison, outcomes });
  });
}

/** What a refresh would do, found out by reading alone. */
export interface RefreshPlan {
  readonly hasWork: boolean;
  readonly schema: SchemaWork;
  readonly discovery: Discovery;
  readonly comparison: LimitedComparison;
  readonly known: readonly KnownSource[];
  readonly prices: PriceTexts;
  readonly isNew: boolean;
  readonly isRepricing: boolean;
  readonly isRuleOld: boolean;
  /** What a refresh would report if there is nothing to do. */
  readonly summary: RefreshSummary;
}

/** Compares the warehouse with the logs, the program's tables, views and rules, and the prices. Writes nothing. */
export async function planRefresh(options: RefreshOptions): Promise<RefreshPlan> {
  const { connection, newestBytes } = options;
  const schema = await planSchema(connection);
  const isNew = schema.migrations.length > 0;
  const discovery = options.discovery ?? findLogs(options);
  const known = isNew ? [] : await readKnownSources(connection);
  const comparison = limited(compareSources(discovery.files, known, discovery.roots), newestBytes);
  const prices = readPriceTexts(options.priceFolder);
  const isRepricing = isNew || (await readProperty(connection, 'price_fingerprint')) !== prices.fingerprint;
  const isRuleOld = !isNew && (await readProperty(connection, 'marts_sha256')) !== martsSha256();
  const isChanged = comparison.changes.length > 0 || comparison.vanished.length > 0;
  return {
    hasWork: schema.isContractOld || isRepricing || isRuleOld || isChanged,
    schema,
    discovery,
    comparison,
    known,
    prices,
    isNew,
    isRepricing,
    isRuleOld,
    summary: summarise({ discovery, comparison, outcomes: [] }),
  };
}

async function markVanished(connection: Connection, vanished: readonly KnownSource[]): Promise<void> {
  if (vanished.length === 0) return;
  const numbers = vanished.map(({ sourceNo }) => sourceNo).join(', ');
  await connection.execute(`update raw.sources set is_vanished = true where source_no in (${numbers})`);
}

export interface LimitedComparison extends Comparison {
  /** Changed logs left for the next refresh. */
  readonly notLoadedCount: number;
}

/** Keeps the newest changes up to a number of bytes; all of them without a limit. */
function limited(comparison: Comparison, newestBytes: number | undefined): LimitedComparison {
  if (newestBytes === undefined) return { ...comparison, notLoadedCount: 0 };
  const newestFirst = comparison.changes.toSorted((a, b) => Number(b.file.modifiedNs - a.file.modifiedNs));
  let bytes = 0;
  const kept = newestFirst.filter(({ file }) => {
    const isKept = bytes === 0 || bytes + file.sizeBytes <= newestBytes;
    bytes += file.sizeBytes;
    return isKept;
  });
  return { ...comparison, changes: kept, notLoadedCount: newestFirst.length - kept.length };
}

async function storeAgents(connection: Connection, known: readonly Adapter[]): Promise<void> {
  for (const { id, displayName } of known) {
    await connection.execute('insert or replace into raw.agents values ($id, $displayName)', {
      id,
      displayName,
    });
  }
}

async function loadChanges({
  options,
  comparison,
  lastSourceNo,
}: {
  readonly options: RefreshOptions;
  readonly comparison: Comparison;
  readonly lastSourceNo: number;
}): Promise<readonly LoadedSource[]> {
  const { connection } = options;
  let nextSourceNo = lastSourceNo + 1;
  const changes = comparison.changes.map((change): NumberedChange => {
    const sourceNo = change.known?.sourceNo ?? nextSourceNo++;
    return { ...change, sourceNo };
  });
  if (changes.length === 0) return [];
  await removeSourceRows(
    connection,
    changes.filter(({ kind }) => kind === 'rewritten').map(({ sourceNo }) => sourceNo),
  );
  const returned = changes.filter(({ kind }) => kind === 'returned').map(({ sourceNo }) => sourceNo);
  if (returned.length > 0) {
    await connection.execute(
      `update raw.sources set is_vanished = false where source_no in (${returned.join(', ')})`,
    );
  }
  return gather({ options, changes: changes.filter(({ kind }) => kind !== 'returned') });
}

async function gather({
  options,
  changes,
}: {
  readonly options: RefreshOptions;
  readonly changes: readonly NumberedChange[];
}): Promise<readonly LoadedSource[]> {
  const { connection, host, userName, now, onProgress } = options;
  const jobs = planJobs(changes);
  const bytesTotal = jobs.reduce((sum, { size, from }) => sum + size - from, 0);
  const progress = { bytesTotal, fileCount: jobs.length };
  const context: LoadContext = {
    connection,
    adapters,
    changes: new Map(changes.map((change) => [change.sourceNo, change])),
    host,
    userName,
    now,
  };
  const directory = makeScratch();
  try {
    const outcomes: LoadedSource[] = [];
    const batches = projectFiles({
      plans: adapters.map(({ plan }) => plan),
      jobs,
      directory,
      onProgress: (bytesDone) => onProgress?.({ phase: 'reading', bytesDone, ...progress }),
    });
    for await (const batch of batches) {
      await loadBatch(context, batch);
      for (const outcome of batch.outcomes) {
        outcomes.push({ ...outcome, path: context.changes.get(outcome.sourceNo)?.file.path ?? '' });
      }
    }
    onProgress?.({ phase: 'storing', bytesDone: bytesTotal, ...progress });
    return outcomes;
  } finally {
    removeScratch(directory);
  }
}

/** Big files first, so that the end of the queue is short; batches by bytes. */
function planJobs(changes: readonly NumberedChange[]): readonly ScanJob[] {
  const jobs = changes
    .map(({ kind, known, file, sourceNo }) => {
      const isGrown = kind === 'grown' && known !== undefined;
      return {
        sourceNo,
        path: file.path,
        plan: file.adapter.plan.name,
        from: isGrown ? known.parsedBytes : 0,
        lineNo: isGrown ? known.lineCount : 0,
        size: file.sizeBytes,
      };
    })
    .sort((a, b) => b.size - b.from - (a.size - a.from) || (a.path < b.path ? -1 : 1));
  let bytes = 0;
  return jobs.map((job) => {
    const batch = Math.floor(bytes / BATCH_BYTES);
    bytes += job.size - job.from;
    return { ...job, batch };
  });
}
