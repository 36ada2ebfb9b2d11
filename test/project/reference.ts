import { isDeepStrictEqual } from 'node:util';
import type { Plan, PlanColumn, PlanTable } from '../../src/model/plan.ts';
import { columnsOf } from '../../src/project/physical-columns.ts';
import { decodeBytes, parseTree, type Tree, toValue } from './json-tree.ts';
import { viablePrefix } from './viable-prefix.ts';
import { xxh64 } from './xxh64.ts';

/** A cell as DuckDB prints it; timestamps as microseconds since 1970. */
export type Cell = string | null;

export interface Row {
  readonly lineNo: number;
  readonly itemNo: number;
  readonly cells: readonly Cell[];
}

export interface Reading {
  /** Rows by table name. */
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly rejects: readonly {
    readonly lineNo: number;
    readonly byteOffset: number;
    readonly sizeBytes: number;
  }[];
  readonly parsedTo: number;
  readonly lineCount: number;
}

/** What the projector should make of a file, read the plain way: JSON.parse decides, one line after the other. */
export function readReference(plan: Plan, bytes: Buffer): Reading {
  const rows: Record<string, Row[]> = Object.fromEntries(plan.tables.map(({ name }) => [name, []]));
  const rejects: { lineNo: number; byteOffset: number; sizeBytes: number }[] = [];
  let lineNo = 0;
  let offset = 0;
  while (offset < bytes.length) {
    const newline = bytes.indexOf(10, offset);
    const isTail = newline < 0;
    const end = isTail ? bytes.length : newline;
    const { records, bad } = splitRecords(bytes, { start: offset, end });
    if (isTail && (bad !== undefined || records.length === 0)) break;
    lineNo++;
    const line = records.map((record) => readRecord(plan, record));
    for (const [index, table] of plan.tables.entries()) {
      let ordinal = 0;
      for (const [item, record] of line.entries())
        for (const cells of record[index] ?? []) {
          rows[table.name]?.push({ lineNo, itemNo: index === 0 ? item : item * 65_536 + ordinal, cells });
          ordinal++;
        }
    }
    if (bad !== undefined) {
      let stop = bad.end;
      if (stop === end) while (stop > bad.start && bytes[stop - 1] === 13) stop--;
      rejects.push({ lineNo, byteOffset: bad.start, sizeBytes: stop - bad.start });
    }
    offset = isTail ? end : end + 1;
  }
  return { rows, rejects, parsedTo: offset, lineCount: lineNo };
}

interface RecordText {
  readonly bytes: Buffer;
  readonly tree: Tree;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The objects that stand one after the other on a line, and what is none: the rest, or a torn one before the last. */
function splitRecords(
  bytes: Buffer,
  span: Span,
): { readonly records: readonly RecordText[]; readonly bad?: Span } {
  const hasMark = bytes.subarray(span.start, span.start + 3).equals(Buffer.from([0xef, 0xbb, 0xbf]));
  const first = hasMark ? span.start + 3 : span.start;
  const text = bytes.subarray(first, span.end).toString('latin1');
  const records: RecordText[] = [];
  const take = (whole: string): void => {
    const record = Buffer.from(whole, 'latin1');
    const tree = parseTree(whole);
    if (!isDeepStrictEqual(toValue(tree), JSON.parse(decodeBytes(record))))
      throw new Error('the reference itself disagrees with JSON.parse');
    records.push({ bytes: record, tree });
  };
  let p = 0;
  for (;;) {
    while (p < text.length && ' \t\r'.includes(text[p] as string)) p++;
    if (p === text.length) return { records };
    const whole = text.slice(p);
    const length = text[p] !== '{' ? undefined : isRecord(whole) ? whole.length : balancedLength(whole);
    if (length === undefined || !isRecord(whole.slice(0, length))) {
      const start = records.length === 0 ? span.start : first + p;
      const behind = recordBehind(whole);
      if (behind === undefined) return { records, bad: { start, end: span.end } };
      take(whole.slice(behind));
      return { records, bad: { start, end: first + p + behind } };
    }
    take(whole.slice(0, length));
    p += length;
  }
}

/** Where a record begins that ends the line, behind one that was cut: at the first byte that the cut one cannot go on with. */
function recordBehind(text: string): number | undefined {
  const stop = text[0] === '{' ? viablePrefix(text) : 0;
  const zeros = /^\0*/.exec(text.slice(stop))?.[0].length ?? 0;
  // The quote of its first key ends the text in which the cut one ended.
  const place = [stop - 2, stop + zeros].find((at) => at > 0 && text.startsWith('{"', at));
  return place !== undefined && isRecord(text.slice(place)) ? place : undefined;
}

function isRecord(text: string): boolean {
  try {
    const value: unknown = JSON.parse(decodeBytes(Buffer.from(text, 'latin1')));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Up to the brace that closes the first one. */
function balancedLength(text: string): number | undefined {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i + 1;
  }
  return undefined;
}

/** The rows of each table. */
function readRecord(plan: Plan, record: RecordText): readonly (readonly (readonly Cell[])[])[] {
  return plan.tables.map((table) =>
    placesOf(table, record.tree).map(({ tree, key }) =>
      table.columns.flatMap((column) =>
        cellsOf(column, { bytes: record.bytes, found: find(column, { tree, key }) }),
      ),
    ),
  );
}

interface Place {
  readonly tree: Tree;
  readonly key?: string | undefined;
}

function placesOf(table: PlanTable, root: Tree): readonly Place[] {
  if (table.at === undefined) return [{ tree: root }];
  let places: readonly Place[] = [{ tree: root }];
  for (const hop of table.at.match(/\[\]|\{\}|[^.[\]{}]+/g) ?? [])
    places = places.flatMap(({ tree }): readonly Place[] => {
      if (hop === '[]') return tree.type === 'array' ? tree.items.map((item) => ({ tree: item })) : [];
      if (tree.type !== 'object') return [];
      if (hop === '{}') return [...wellFormed(tree.entries)].map(([key, child]) => ({ tree: child, key }));
      const child = tree.entries.get(hop);
      return child ? [{ tree: child }] : [];
    });
  return places;
}

/** Keys that are the same once they are written as UTF-8, a lone surrogate as U+FFFD, are one: the last. */
function wellFormed(entries: ReadonlyMap<string, Tree>): ReadonlyMap<string, Tree> {
  const keys = new Map<string, Tree>();
  for (const [name, child] of entries) {
    const key = Buffer.from(name).toString();
    keys.delete(key);
    keys.set(key, child);
  }
  return keys;
}

function find(column: PlanColumn, place: Place): Tree | undefined {
  if (column.path === '$key') return { type: 'string', value: place.key ?? '', start: 0, end: 0 };
  let tree: Tree | undefined = place.tree;
  for (const key of column.path === '' ? [] : column.path.split('.'))
    tree = tree?.type === 'object' ? tree.entries.get(key) : undefined;
  return tree;
}

function cellsOf(
  column: PlanColumn,
  value: { readonly bytes: Buffer; readonly found: Tree | undefined },
): readonly Cell[] {
  const nothing = columnsOf(column).map(() => null);
  const { found } = value;
  if (!found) return nothing;
  const text = found.type === 'string' ? Buffer.from(found.value, 'utf8').toString('utf8') : undefined;
  switch (column.kind) {
    case 'text':
      return text === undefined ? nothing : [firstOf(text, column.limit ?? 1024)];
    case 'size':
      return text === undefined ? nothing : [String(Buffer.byteLength(text))];
    case 'lines':
      return text === undefined ? nothing : [String(linesOf(text).length)];
    case 'diff': {
      if (text === undefined) return nothing;
      const lines = linesOf(text);
      const count = (sign: string): string =>
        String(lines.filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3))).length);
      return [count('+'), count('-')];
    }
    case 'boolean':
      return found.type === 'boolean' ? [String(found.value)] : nothing;
    case 'integer':
      return found.type === 'number' ? [integerOf(found.text)] : nothing;
    case 'decimal':
      return found.type === 'number' ? [decimalOf(found.text)] : nothing;
    case 'timestamp':
      if (found.type === 'number') return [milliseconds(found.text)];
      return text === undefined ? nothing : [timeOf(text)];
    case 'uuid':
      return text === undefined ? nothing : [uuidOf(text)];
    case 'kind': {
      const kind = ['string', 'array', 'object', 'number', 'boolean'].indexOf(found.type) + 1;
      return kind ? [String(kind)] : nothing;
    }
    case 'digest': {
      if (text === undefined && found.type !== 'object' && found.type !== 'array') return nothing;
      const bytes = text === undefined ? value.bytes.subarray(found.start, found.end) : Buffer.from(text);
      const whole = text ?? decodeBytes(bytes);
      return [
        String(bytes.length),
        String(xxh64(hashedPart(column, { ...value, found, whole: bytes }))),
        firstOf(whole, column.limit ?? 80),
        ...(column.tail ? [lastOf(whole, column.tail)] : []),
      ];
    }
  }
}

/** What of a digest's text is hashed, found in the bytes of the log with the plainest means. */
function hashedPart(
  column: PlanColumn,
  value: { readonly bytes: Buffer; readonly found: Tree; readonly whole: Buffer },
): Buffer {
  const { after, before } = column.hashed ?? {};
  const { found } = value;
  if ((after === undefined && before === undefined) || column.path === '$key') return value.whole;
  const quotes = found.type === 'string' ? 1 : 0;
  const log = value.bytes.subarray(found.start + quotes, found.end - quotes).toString('latin1');
  const placesOf = (mark: string): readonly number[] => {
    const places: number[] = [];
    for (let at = log.indexOf(mark); at >= 0; at = log.indexOf(mark, at + 1))
      if ((/\\*$/.exec(log.slice(0, at)) as RegExpExecArray)[0].length % 2 === 0) places.push(at);
    return places;
  };
  const written = (mark: string): string => JSON.stringify(mark).slice(1, -1);
  let [from, to] = [0, log.length];
  if (after !== undefined) {
    const mark = written(after);
    const place = placesOf(mark).find((at) => at + mark.length <= 512);
    if (place !== undefined) from = place + mark.length;
  }
  if (before !== undefined) {
    const mark = written(before);
    const place = placesOf(mark).findLast((at) => at >= from && at >= log.length - 512);
    if (place !== undefined) to = place;
  }
  if (from === 0 && to === log.length) return value.whole;
  const part = Buffer.from(log.slice(from, to), 'latin1');
  return found.type === 'string' ? Buffer.from(JSON.parse(`"${decodeBytes(part)}"`), 'utf8') : part;
}

function firstOf(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return [...text.slice(0, limit * 2)].slice(0, limit).join('');
}

function lastOf(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const points = [...text.slice(-limit * 2 - 1)];
  return points.slice(-limit).join('');
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A JSON number as digits × 10^exponent. */
function exactly(text: string): { readonly digits: bigint; readonly exponent: number } {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = BigInt(whole + fraction);
  return { digits: sign ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

/** The number × 10^places, cut, and twice what was cut off as a fraction of one; undefined when it is absurdly large. */
function scale(
  text: string,
  places: number,
): { readonly cut: bigint; readonly isExact: boolean; readonly isHalf: boolean } | undefined {
  const { digits, exponent } = exactly(text);
  const by = exponent + places;
  if (digits === 0n) return { cut: 0n, isExact: true, isHalf: false };
  if (by > 400) return undefined;
  if (by >= 0) return { cut: digits * 10n ** BigInt(by), isExact: true, isHalf: false };
  if (by < -5000) return { cut: 0n, isExact: false, isHalf: false };
  const unit = 10n ** BigInt(-by);
  const rest = digits % unit;
  return { cut: digits / unit, isExact: rest === 0n, isHalf: (rest < 0n ? -rest : rest) * 2n >= unit };
}

function integerOf(text: string): Cell {
  const scaled = scale(text, 0);
  if (!scaled?.isExact || BigInt.asIntN(64, scaled.cut) !== scaled.cut) return null;
  return String(scaled.cut);
}

function decimalOf(text: string): Cell {
  const scaled = scale(text, 9);
  if (!scaled) return null;
  const value = scaled.cut + (scaled.isHalf ? (text.startsWith('-') ? -1n : 1n) : 0n);
  const size = value < 0n ? -value : value;
  if (size >= 10n ** 18n) return null;
  const digits = String(size).padStart(10, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

function milliseconds(text: string): Cell {
  const scaled = scale(text, 3);
  if (!scaled || scaled.cut < -62_135_596_800_000_000n || scaled.cut >= 253_402_300_800_000_000n) return null;
  return String(scaled.cut);
}

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/;

function timeOf(text: string): Cell {
  const match = TIME.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const isReal =
    year > 0 &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day;
  const hours = Number(match[9] ?? 0);
  const minutes = Number(match[10] ?? 0);
  if (!isReal || hours > 23 || minutes > 59) return null;
  const offset = (hours * 60 + minutes) * (match[8] === '-' ? -60_000 : 60_000);
  const micros = Number((match[7] ?? '').padEnd(6, '0').slice(0, 6));
  return String(BigInt(date.getTime() - offset) * 1000n + BigInt(micros));
}

function uuidOf(text: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
  const bytes = Buffer.from(text);
  const hex = [0n, 1n].map((seed) => xxh64(bytes, seed).toString(16).padStart(16, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
