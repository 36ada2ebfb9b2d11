import { adapters } from '../../adapters/index.ts';
import { createBookResolver } from '../prices/price-book.ts';
import type { Resolver } from '../prices/resolve.ts';
import type { Connection } from '../warehouse/connection.ts';
import { withEnoughMemory } from '../warehouse/enough-memory.ts';
import {
  type Change,
  type ChangeKind,
  type Comparison,
  compareSources,
  type KnownSource,
  type Restamped,
} from './compare.ts';
import type { Discovery } from './discover.ts';
import { findLogs } from './find-logs.ts';
import { noteWholeSources, removeSourceRows, startChanges } from './forget-rows.ts';
import { dropForgotten, hasForgottenSessions, readForgottenSources, withoutForgotten } from './forgotten.ts';
import { readKnownSources } from './known-sources.ts';
import { isBigBatch, type LoadContext, loadBatch } from './load-batch.ts';
import { martsSha256, rebuildMarts, updateFacts, updateFindings } from './marts.ts';
import { resolveModelNames } from './model-names.ts';
import { type PriceTexts, priceBookOf, readPriceTexts } from './price-texts.ts';
import { type PropertyName, readProperty, writeProperty } from './properties.ts';
import { maskingSha256, remaskStored } from './remask-stored.ts';
import {
  numberChanges,
  type RunningScan,
  type ScanProgress,
  type StagedPortion,
  startScan,
} from './running-scan.ts';
import { defineMacros, defineStoredViews, installSchema, planSchema, type SchemaWork } from './schema.ts';
import { readShippedNames } from './shipped-prices.ts';
import { withStillThere } from './still-there.ts';
import { storeAgents } from './store-agents.ts';
import { storePrices } from './store-prices.ts';
import { type LoadedSource, type RefreshSummary, summarise } from './summary.ts';
import { dropSteps } from './temporary-steps.ts';

export type { RefreshSummary } from './summary.ts';

export type RefreshProgress = ScanProgress;

export interface RefreshOptions {
  /** Read-write. */
  readonly connection: Connection;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  /** The folder in which the program was called; left out: the home. */
  readonly cwd?: string;
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
  /** A scan of all these logs that was begun for a warehouse that is new. */
  readonly scan?: RunningScan;
  /** What the caller has planned for this very state of the warehouse. */
  readonly plan?: RefreshPlan;
  /** Given where nobody sees the warehouse before it is whole. */
  readonly unseen?: Unseen;
}

/**
 * A warehouse that nobody sees yet: what a portion stores is committed in steps. DuckDB holds what is not committed as it came, in
 * memory or, where that ends, in files of its own; what is committed it has packed and written once.
 */
export interface Unseen {
  /** Lets others see what is stored so far: so many whole portions. */
  readonly show: (portionCount: number) => Promise<void>;
}

/**
 * Brings a warehouse up to date with the logs: tables and views first, where they are older than the program; then what
 * is new, grown or rewritten, with the marts of what that changed. Where nothing changed, nothing is written.
 */
export async function refresh(options: RefreshOptions): Promise<RefreshSummary> {
  const { connection } = options;
  const plan = options.plan ?? (await planRefresh(options));
  if (!plan.hasWork) return plan.summary;
  const { schema, discovery, comparison, known, prices, isNew, isRepricing, isRuleOld } = plan;
  const lastSourceNo = known.reduce((most, { sourceNo }) => Math.max(most, sourceNo), 0);
  // Another process may have made the warehouse since that scan was begun: its numbers would be wrong.
  if (!isNew) await options.scan?.stop();
  const scan =
    (isNew ? options.scan : undefined) ??
    startScan(numberChanges(comparison.changes, lastSourceNo), options.onProgress);
  const resolver = async (): Promise<Resolver> =>
    readShippedNames(prices.fingerprint) ?? createBookResolver(await priceBookOf(prices));
  const prepare = async (): Promise<void> => {
    await installSchema(connection, schema);
    await defineMacros(connection);
    await defineStoredViews(connection);
    await startChanges(connection);
    await storeAgents(connection, adapters);
    if (isRepricing) {
      const { fingerprint } = prices;
      await storePrices(connection, { book: await priceBookOf(prices), fingerprint });
    }
    await markSources(connection, { scan, vanished: comparison.vanished });
    await restampSources(connection, comparison.restamped);
    await removeSourceRows(connection, numbersOf(scan, 'rewritten'));
    if (!isNew && isRuleOld && (await readProperty(connection, 'masking_sha256')) !== maskingSha256()) {
      // What it let through is in freed blocks of the file until that is written anew.
      if ((await remaskStored(connection)) > 0) await writeProperty(connection, 'is_rewrite_due', 'true');
    }
    if (!isNew && (isRepricing || isRuleOld)) {
      await resolveModelNames(connection, resolver);
      await rebuildMarts(connection);
    }
    if (isRuleOld) {
      await writeProperty(connection, 'marts_sha256', martsSha256());
      await writeProperty(connection, 'masking_sha256', maskingSha256());
    }
  };
  try {
    const outcomes = await loadPortions({ options, scan, resolver, prepare });
    await dropSteps(connection);
    return summarise({ discovery, comparison, outcomes });
  } finally {
    await scan.stop();
  }
}

interface Loading {
  readonly options: RefreshOptions;
  readonly scan: RunningScan;
  readonly resolver: () => Promise<Resolver>;
  /** What comes before the logs, in the transaction of the first portion. */
  readonly prepare: () => Promise<void>;
}

/**
 * Stores what changed, the marts following, one portion after the other: nearly always there is one. A portion is seen as
 * a whole or not at all. What a bigger load has stored when it is killed is whole logs with their marts, and the next
 * refresh goes on from there.
 */
async function loadPortions({ options, scan, resolver, prepare }: Loading): Promise<readonly LoadedSource[]> {
  const { connection, host, userName, now, unseen } = options;
  const byNumber = new Map(scan.changes.map((change) => [change.sourceNo, change]));
  const context: LoadContext = { connection, adapters, changes: byNumber, host, userName, now };
  const outcomes: LoadedSource[] = [];
  const batches = scan.batches();
  for (let portionCount = 0; ; ) {
    let staged: ReturnType<typeof batches.next> | undefined;
    /** Undefined where none is left. */
    let portion: StagedPortion | undefined;
    const store = async (): Promise<void> => {
      if (portionCount === 0) await prepare();
      // Rows have other numbers before a transaction ends than after it: which are new is noted anew.
      else await startChanges(connection);
      staged ??= batches.next();
      portion = (await staged).value;
      if (portion === undefined) return;
      scan.reportStored(0);
      await loadBatch(context, portion);
      if (await hasForgottenSessions(connection)) await dropForgotten(connection);
      await resolveModelNames(connection, resolver);
      if (unseen !== undefined) await noteWholeSources(connection);
    };
    const update = (marts: typeof updateFacts) => async (): Promise<void> => {
      if (portion === undefined) return;
      // To store takes about a third of the time, the marts and the commit the rest.
      await marts(connection, {
        isBig: isBigBatch(portion),
        onProgress: (ratio) => scan.reportStored(0.9 - 0.6 * (1 - ratio)),
      });
    };
    const steps = [store, update(updateFacts), update(updateFindings)];
    for (const together of unseen === undefined ? [steps] : steps.map((step) => [step])) {
      const work = async (): Promise<void> => {
        for (const step of together) await step();
      };
      await withEnoughMemory(connection, () => connection.transaction(work));
    }
    for (const outcome of portion?.outcomes ?? [])
      outcomes.push({ ...outcome, path: byNumber.get(outcome.sourceNo)?.file.path ?? '' });
    if (portion === undefined || portion.isLast) return outcomes;
    portionCount += 1;
    await unseen?.show(portionCount);
  }
}

const numbersOf = (scan: RunningScan, kind: ChangeKind): readonly number[] =>
  scan.changes.filter((change) => change.kind === kind).map(({ sourceNo }) => sourceNo);

/** What a refresh would do, found out by reading alone. */
export interface RefreshPlan {
  readonly hasWork: boolean;
  readonly schema: SchemaWork;
  readonly discovery: Discovery;
  readonly comparison: LimitedComparison;
  readonly known: readonly KnownSource[];
  readonly prices: PriceTexts;
  /** Whether it holds no log yet. */
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
  const hasForgotten = !schema.migrations.some(({ name }) => name.endsWith('_forgotten'));
  const forgotten = hasForgotten ? await readForgottenSources(connection) : new Set<string>();
  const known = schema.hasTables ? await readKnownSources(connection) : [];
  const found = withoutForgotten(options.discovery ?? findLogs(options), forgotten);
  // In its place, a log is known by its name.
  const discovery = options.paths === undefined ? found : withStillThere(found, { known, adapters });
  const isNew = known.length === 0;
  const comparison = limited(compareSources(discovery.files, known, discovery.roots), newestBytes);
  const prices = readPriceTexts(options.priceFolder);
  const property = async (name: PropertyName): Promise<string | undefined> =>
    schema.hasTables ? readProperty(connection, name) : undefined;
  const isRepricing = (await property('price_fingerprint')) !== prices.fingerprint;
  const isRuleOld = (await property('marts_sha256')) !== martsSha256();
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

/** Marks logs that are gone, and those that are back as they were. */
async function markSources(
  connection: Connection,
  { scan, vanished }: { readonly scan: RunningScan; readonly vanished: readonly KnownSource[] },
): Promise<void> {
  const mark = async (isVanished: boolean, sourceNos: readonly number[]): Promise<void> => {
    if (sourceNos.length === 0) return;
    await connection.execute(
      `update raw.sources set is_vanished = ${isVanished} where source_no in (${sourceNos.join(', ')})`,
    );
  };
  await mark(
    true,
    vanished.map(({ sourceNo }) => sourceNo),
  );
  await mark(false, numbersOf(scan, 'returned'));
}

/** So that what the neighbours of these say is not looked at again before they change. */
async function restampSources(connection: Connection, restamped: readonly Restamped[]): Promise<void> {
  if (restamped.length === 0) return;
  const rows = restamped.map(({ sourceNo, companionHash }) => `(${sourceNo}, ${companionHash})`);
  await connection.execute(`
    update raw.sources set companion_hash = restamped.companion_hash
    from (values ${rows.join(', ')}) as restamped (source_no, companion_hash)
    where sources.source_no = restamped.source_no`);
}

export interface LimitedComparison extends Comparison {
  /** Changed logs left for the next refresh. */
  readonly notLoadedCount: number;
}

/** What a refresh of a new warehouse would load: everything, or the newest. */
export function firstChanges(discovery: Discovery, newestBytes: number | undefined): readonly Change[] {
  return limited(compareSources(discovery.files, [], discovery.roots), newestBytes).changes;
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
