import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import type { ResultSet } from '../model/result.ts';
import { fileStamp, warehouseStamp } from '../warehouse/file-stamp.ts';
import { type Discovery, messageOf } from './discover.ts';
import { PRICE_LIST, PRICE_OVERRIDES } from './price-places.ts';
import type { RefreshSummary } from './summary.ts';

/** What the state that an answer holds in is made of. */
export interface StateParts {
  /** Path of the warehouse. */
  readonly file: string;
  /** The logs as they are now. */
  readonly discovery: Discovery;
  readonly priceFolder: string | undefined;
  /** Changes with the program. */
  readonly program: string;
}

/**
 * Everything that answers depend on but the question: the logs, the warehouse, the program, the prices.
 *
 * Opening DuckDB and planning a report takes several times as long as looking whether any of it changed. What is kept beside
 * the warehouse has a name made of all this, so that nothing stale is ever found; what is of another state is removed
 * when something is added. It is readable by the owner alone.
 */
export interface State extends StateParts {
  /** The warehouse's stamp. */
  readonly warehouse: string;
  /** The stamps of the files with prices. */
  readonly prices: string;
}

/**
 * The state as it is now, to be looked at before anything is read. Undefined where it cannot be: whoever reads what could not be
 * looked at says why.
 */
export function stateNow(parts: StateParts): State | undefined {
  try {
    return { ...parts, warehouse: warehouseStamp(parts.file), prices: priceStamps(parts) };
  } catch {
    return undefined;
  }
}

const priceStamps = ({ priceFolder }: StateParts): string =>
  priceFolder === undefined
    ? ''
    : [PRICE_LIST, PRICE_OVERRIDES].map((name) => fileStamp(join(priceFolder, name)) ?? '-').join(' ');

/** Whether what is read from files that others may write meanwhile was the same from the look at the state until now. */
function isStill(state: State): boolean {
  const now = stateNow(state);
  return now?.warehouse === state.warehouse && now.prices === state.prices;
}

export interface AnswerQuestion extends State {
  /** The report and everything that it was asked with. */
  readonly asked: readonly unknown[];
}

/** The answer to this very question in this very state, if it was kept. */
export function readKeptAnswer(question: AnswerQuestion): ResultSet | undefined {
  const kept = readKept(question, keyOf(question)) as Partial<ResultSet> | null | undefined;
  return Array.isArray(kept?.columns) && Array.isArray(kept.rows) ? (kept as ResultSet) : undefined;
}

/** Keeps an answer that was read in this state: what the report printed and no more. That it cannot be kept is no error. */
export const keepAnswer = (question: AnswerQuestion, answer: ResultSet): void =>
  keep(question, keyOf(question), answer);

/** What a refresh said that found nothing to do in this very state, if one did. */
export function readUnchanged(state: State): RefreshSummary | undefined {
  const kept = readKept(state, UNCHANGED) as Partial<RefreshSummary> | null | undefined;
  return Array.isArray(kept?.places) ? (kept as RefreshSummary) : undefined;
}

/** Keeps that there is nothing to do. */
export const keepUnchanged = (state: State, summary: RefreshSummary): void => keep(state, UNCHANGED, summary);

const UNCHANGED = 'unchanged';

const keyOf = ({ asked }: AnswerQuestion): string =>
  createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 24);

function readKept(state: State, key: string): unknown {
  try {
    return revived(JSON.parse(readFileSync(join(keptAnswersFolder(state.file), nameOf(state, key)), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Files beyond which all are removed first. */
const MOST_KEPT = 64;

function keep(state: State, key: string, value: unknown): void {
  if (!isStill(state)) return;
  const folder = keptAnswersFolder(state.file);
  const name = nameOf(state, key);
  const path = join(folder, name);
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const kept = name.slice(0, STATE_LENGTH);
    const others = readdirSync(folder);
    for (const other of others)
      if (others.length > MOST_KEPT || !other.startsWith(kept)) rmSync(join(folder, other), { force: true });
    writeFileSync(draft, JSON.stringify(value, replace), { mode: 0o600 });
    renameSync(draft, path);
    // Who forgets a session writes the warehouse first and removes the answers then: this one may have come in between.
    if (!isStill(state)) rmSync(path, { force: true });
  } catch {
    // A folder that cannot be written costs the next answer its head start, and nothing else.
  }
}

const STATE_LENGTH = 24;

/** The folder beside a warehouse in which its answers are kept, and nothing else. */
const keptAnswersFolder = (file: string): string => `${file}.answers`;

/** Removes the answers that were kept of a warehouse, then works on; that they could not be removed is said when that is done. */
export async function withoutKeptAnswers(file: string, work: () => Promise<void>): Promise<void> {
  const folder = keptAnswersFolder(file);
  let failure: unknown;
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    failure = error;
  }
  await work();
  if (failure === undefined) return;
  throw new AgenttraceError({
    code: 'failed',
    message: `The warehouse no longer tells of it, but the answers that were kept before could not be removed: ${messageOf(failure)}`,
    source: folder,
    hint: 'Remove this folder; it holds nothing but such answers.',
    cause: failure,
  });
}

function nameOf({ program, warehouse, prices, discovery }: State, key: string): string {
  const state = createHash('sha256').update(JSON.stringify([program, warehouse, prices, sumOf(discovery)]));
  return `${state.digest('hex').slice(0, STATE_LENGTH)}-${key}.json`;
}

const sums = new WeakMap<Discovery, string>();

/** SHA-256 over the logs as they were found, made once: on the way to an answer that is not kept, a state is named four times. */
function sumOf(discovery: Discovery): string {
  const known = sums.get(discovery);
  if (known !== undefined) return known;
  const { files, places, ...rest } = discovery;
  const stamps = new BigUint64Array(3 * files.length);
  files.forEach(({ sizeBytes, modifiedNs, companionHash }, index) => {
    stamps[3 * index] = BigInt(sizeBytes);
    stamps[3 * index + 1] = modifiedNs;
    stamps[3 * index + 2] = companionHash ?? 0n;
  });
  const sum = createHash('sha256')
    .update(JSON.stringify([rest, places.map(({ path, exists }) => [path, exists])]))
    .update(files.map(({ path }) => path).join('\n'))
    .update(stamps)
    .digest('hex');
  sums.set(discovery, sum);
  return sum;
}

const replace = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? { $integer: value.toString() } : value;

/** What `replace` made, as it was, in place: handed to the parser it would take as long again as all the rest. */
function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) value[index] = revived(value[index]);
    return value;
  }
  const fields = value as Record<string, unknown>;
  if (typeof fields.$integer === 'string') return BigInt(fields.$integer);
  for (const key in fields) fields[key] = revived(fields[key]);
  return value;
}
