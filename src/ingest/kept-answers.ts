import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultSet } from '../model/result.ts';
import { fileStamp, warehouseStamp } from '../warehouse/file-stamp.ts';
import type { Discovery } from './discover.ts';
import { PRICE_LIST, PRICE_OVERRIDES } from './price-places.ts';
import type { RefreshSummary } from './summary.ts';

/**
 * Answers of reports, kept beside the warehouse until anything that they depend on changes.
 *
 * Opening DuckDB and planning a report takes several times as long as looking whether any log changed. Where none did,
 * nor the warehouse, the program or the prices, the answer is the same. The name of a kept answer is made of all these,
 * so that a stale one is never found; those of another state are removed when one is added. They hold what the report
 * printed and no more, readable by the owner alone.
 */
export interface AnswerQuestion {
  /** Path of the warehouse. */
  readonly file: string;
  /** The logs as they are now. */
  readonly discovery: Discovery;
  readonly priceFolder: string | undefined;
  /** Changes with the program. */
  readonly program: string;
  /** The report and everything that it was asked with. */
  readonly asked: readonly unknown[];
}

export interface KeptAnswer {
  readonly result: ResultSet;
  readonly summary: RefreshSummary;
}

/** The answer to this very question in this very state, if it was kept. */
export function readKeptAnswer(question: AnswerQuestion): KeptAnswer | undefined {
  const name = nameOf(question);
  if (name === undefined) return undefined;
  try {
    return revived(JSON.parse(readFileSync(join(folderOf(question), name), 'utf8'))) as KeptAnswer;
  } catch {
    return undefined;
  }
}

/** Keeps an answer, once the warehouse is closed. That it cannot be kept is no error. */
export function keepAnswer(question: AnswerQuestion, answer: KeptAnswer): void {
  const name = nameOf(question);
  if (name === undefined) return;
  const folder = folderOf(question);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const state = name.slice(0, STATE_LENGTH);
    for (const other of readdirSync(folder))
      if (!other.startsWith(state)) rmSync(join(folder, other), { force: true });
    const draft = join(folder, `${name}.${process.pid}`);
    writeFileSync(draft, JSON.stringify(answer, replace), { mode: 0o600 });
    renameSync(draft, join(folder, name));
  } catch {
    // A folder that cannot be written costs the next answer its head start, and nothing else.
  }
}

const STATE_LENGTH = 24;

const folderOf = ({ file }: Pick<AnswerQuestion, 'file'>): string => `${file}.answers`;

/** Removes every answer that was kept of a warehouse. */
export function dropKeptAnswers(file: string): void {
  rmSync(folderOf({ file }), { recursive: true, force: true });
}

function nameOf({ file, discovery, priceFolder, program, asked }: AnswerQuestion): string | undefined {
  if (!existsSync(file)) return undefined;
  const state = createHash('sha256');
  const prices =
    priceFolder === undefined
      ? []
      : [PRICE_LIST, PRICE_OVERRIDES].map((name) => fileStamp(join(priceFolder, name)));
  state.update(
    JSON.stringify([program, warehouseStamp(file), prices, discovery.unreadable, discovery.roots]),
  );
  const { files } = discovery;
  state.update(files.map(({ path }) => path).join('\n'));
  const stamps = new BigUint64Array(3 * files.length);
  files.forEach(({ sizeBytes, modifiedNs, companionHash }, index) => {
    stamps[3 * index] = BigInt(sizeBytes);
    stamps[3 * index + 1] = modifiedNs;
    stamps[3 * index + 2] = companionHash ?? 0n;
  });
  state.update(stamps);
  const question = createHash('sha256').update(JSON.stringify(asked));
  return `${state.digest('hex').slice(0, STATE_LENGTH)}-${question.digest('hex').slice(0, 24)}.json`;
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
