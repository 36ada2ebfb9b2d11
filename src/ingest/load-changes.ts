import { existsSync, statSync } from 'node:fs';
import { withSignal } from '../warehouse/abortable.ts';
import type { Connection } from '../warehouse/connection.ts';
import { openDraft } from '../warehouse/draft.ts';
import { warehouseStamp } from '../warehouse/file-stamp.ts';
import { ANSWER_MEMORY, openOnce } from '../warehouse/open.ts';
import { rewriteFile } from '../warehouse/rewrite-file.ts';
import type { Change } from './compare.ts';
import { AFTER_REWRITE, isRewriteDue } from './forget.ts';
import { withoutKeptAnswers } from './kept-answers.ts';
import { MUCH_BYTES } from './load-batch.ts';
import {
  type RefreshOptions,
  type RefreshPlan,
  type RefreshSummary,
  refresh,
  type Unseen,
} from './refresh.ts';

/** What is to be done, as found out when the warehouse had this stamp. */
export interface Planned {
  readonly plan: RefreshPlan;
  readonly stamp: string;
}

export interface Loading {
  /** Path of the warehouse, or `:memory:`. */
  readonly file: string;
  readonly signal: AbortSignal | undefined;
  readonly options: Omit<RefreshOptions, 'connection'>;
  /** Undefined where the warehouse is new. */
  readonly planned: Planned | undefined;
}

export interface Loaded {
  readonly connection: Connection;
  readonly isReadOnly: boolean;
  readonly summary: RefreshSummary;
  /** What the file was before it was opened to be read. */
  readonly stamp?: string;
}

/** Loads what changed, and opens the warehouse that holds it: much of it into a draft, the rest in place. */
export async function loadChanges(loading: Loading): Promise<Loaded> {
  if (!isMuch(loading)) return loadInPlace(loading);
  // Nobody sees this one at all.
  if (loading.file === ':memory:') return loadInPlace(loading, { show: async () => undefined });
  return (await loadAside(loading)) ?? loadInPlace(loading);
}

/** A load of much is worth a copy of the warehouse, if that is not many times as big. */
const MOST_TIMES_AS_BIG = 4;

function isMuch({ file, options, planned }: Loading): boolean {
  const changes = planned?.plan.comparison.changes ?? options.scan?.changes ?? [];
  const bytes = changes.reduce((sum, change) => sum + bytesToRead(change), 0);
  const warehouseBytes = existsSync(file) ? statSync(file).size : 0;
  return bytes >= MUCH_BYTES && warehouseBytes <= MOST_TIMES_AS_BIG * bytes;
}

const bytesToRead = ({ file, kind, known }: Change): number =>
  file.sizeBytes - (kind === 'grown' ? (known?.parsedBytes ?? 0) : 0);

async function loadInPlace({ file, signal, options, planned }: Loading, unseen?: Unseen): Promise<Loaded> {
  const writing = await openOnce({ file, mode: 'write' });
  const connection = withSignal(writing, signal);
  try {
    // The plan holds unless another process wrote in between.
    const plan = planned?.stamp === warehouseStamp(file) ? planned.plan : undefined;
    const summary = await refresh({
      ...options,
      connection,
      ...(plan && { plan }),
      ...(unseen && { unseen }),
    });
    if (planned?.plan.isRuleOld === true && (await isRewriteDue(writing)))
      return { ...(await rewritten(writing)), summary };
    // What is committed is no longer ended by the signal.
    await writing.limitMemory(ANSWER_MEMORY);
    return { connection, isReadOnly: false, summary };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Undefined where there can be no draft. */
async function loadAside({ file, signal, options, planned }: Loading): Promise<Loaded | undefined> {
  const draft = await openDraft(file, { stamp: planned?.stamp, signal });
  if (draft === undefined) return undefined;
  const { connection } = draft;
  const unseen: Unseen = { show: async (count) => (isPowerOfTwo(count) ? draft.show() : undefined) };
  let summary: RefreshSummary;
  let isDone: boolean;
  try {
    summary = await refresh({ ...options, connection, unseen, ...(planned && { plan: planned.plan }) });
    isDone = await draft.finish();
  } catch (error) {
    draft.discard();
    throw error;
  }
  if (!isDone) {
    // The scan of a new warehouse's logs is used up.
    const { scan: _, ...again } = options;
    return loadInPlace({ file, signal, options: again, planned });
  }
  if (planned?.plan.isRuleOld === true) {
    const writing = await openOnce({ file, mode: 'write' });
    if (await isRewriteDue(writing)) return { ...(await rewritten(writing)), summary };
    writing.close();
  }
  return { ...(await openedToRead(file)), summary };
}

async function openedToRead(file: string): Promise<Omit<Loaded, 'summary'>> {
  const stamp = warehouseStamp(file);
  return { connection: await openOnce({ file, mode: 'read' }), isReadOnly: true, stamp };
}

/** So that all the copies of a growing warehouse together are no more than twice the last. */
const isPowerOfTwo = (count: number): boolean => (count & (count - 1)) === 0;

/** Masked again by newer rules: nothing of what the older ones let through stays, in the file or in kept answers. */
async function rewritten(writing: Connection): Promise<Omit<Loaded, 'summary'>> {
  const { file } = writing;
  await withoutKeptAnswers(file, () => rewriteFile(writing, { afterwards: AFTER_REWRITE }));
  return openedToRead(file);
}
