import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultSet } from '../model/result.ts';
import { fileStamp, warehouseStamp } from '../warehouse/file-stamp.ts';
import type { Discovery } from './discover.ts';
import { PRICE_LIST, PRICE_OVERRIDES } from './price-places.ts';
import type { RefreshSummary } from './summary.ts';

/**
 * Everything that answers depend on but the question: the logs, the warehouse, the program, the prices.
 *
 * Opening DuckDB and planning a report takes several times as long as looking whether any of it changed. What is kept beside
 * the warehouse has a name made of all this, so that nothing stale is ever found; what is of another state is removed
 * when something is added. It is readable by the owner alone.
 */
export interface State {
  /** Path of the warehouse. */
  readonly file: string;
  /** The logs as they are now. */
  readonly discovery: Discovery;
  readonly priceFolder: string | undefined;
  /** Changes with the program. */
  readonly program: string;
}

export interface AnswerQuestion extends State {
  /** The report and everything that it was asked with. */
  readonly asked: readonly unknown[];
}

export interface KeptAnswer {
  readonly result: ResultSet;
  readonly summary: RefreshSummary;
}

/** The answer to this very question in this very state, if it was kept. */
export const readKeptAnswer = (question: AnswerQuestion): KeptAnswer | undefined =>
  readKept(question, keyOf(question)) as KeptAnswer | undefined;

/** Keeps an answer, once the warehouse is closed: what the report printed and no more. That it cannot be kept is no error. */
export const keepAnswer = (question: AnswerQuestion, answer: KeptAnswer): void =>
  keep(question, keyOf(question), answer);

/** What a refresh said that found nothing to do in this very state, if one did. */
export const readUnchanged = (state: State): RefreshSummary | undefined =>
  readKept(state, UNCHANGED) as RefreshSummary | undefined;

/** Keeps that there is nothing to do. */
export const keepUnchanged = (state: State, summary: RefreshSummary): void => keep(state, UNCHANGED, summary);

const UNCHANGED = 'unchanged';

const keyOf = ({ asked }: AnswerQuestion): string =>
  createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 24);

function readKept(state: State, key: string): unknown {
  const name = nameOf(state, key);
  if (name === undefined) return undefined;
  try {
    return revived(JSON.parse(readFileSync(join(folderOf(state), name), 'utf8')));
  } catch {
    return undefined;
  }
}

function keep(state: State, key: string, value: unknown): void {
  const name = nameOf(state, key);
  if (name === undefined) return;
  const folder = folderOf(state);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const kept = name.slice(0, STATE_LENGTH);
    for (const other of readdirSync(folder))
      if (!other.startsWith(kept)) rmSync(join(folder, other), { force: true });
    const draft = join(folder, `${name}.${process.pid}`);
    writeFileSync(draft, JSON.stringify(value, replace), { mode: 0o600 });
    renameSync(draft, join(folder, name));
  } catch {
    // A folder that cannot be written costs the next answer its head start, and nothing else.
  }
}

const STATE_LENGTH = 24;

const folderOf = ({ file }: Pick<State, 'file'>): string => `${file}.answers`;

/** Removes every answer that was kept of a warehouse. */
export function dropKeptAnswers(file: string): void {
  rmSync(folderOf({ file }), { recursive: true, force: true });
}

function nameOf({ file, discovery, priceFolder, program }: State, key: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const prices =
    priceFolder === undefined
      ? []
      : [PRICE_LIST, PRICE_OVERRIDES].map((name) => fileStamp(join(priceFolder, name)));
  const state = createHash('sha256').update(
    JSON.stringify([program, warehouseStamp(file), prices, sumOf(discovery)]),
  );
  return `${state.digest('hex').slice(0, STATE_LENGTH)}-${key}.json`;
}

const sums = new WeakMap<Discovery, string>();

/** SHA-256 over the logs as they were found, made once: on the way to an answer that is not kept, a state is named four times. */
function sumOf(discovery: Discovery): string {
  const known = sums.get(discovery);
  if (known !== undefined) return known;
  const { files, unreadable, roots } = discovery;
  const stamps = new BigUint64Array(3 * files.length);
  files.forEach(({ sizeBytes, modifiedNs, companionHash }, index) => {
    stamps[3 * index] = BigInt(sizeBytes);
    stamps[3 * index + 1] = modifiedNs;
    stamps[3 * index + 2] = companionHash ?? 0n;
  });
  const sum = createHash('sha256')
    .update(JSON.stringify([unreadable, roots]))
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
