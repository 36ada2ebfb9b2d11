import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type DocumentReject, type SplitOptions, splitDocument } from '../../src/read/json-document.ts';

/** A piece with its text read, and for as long as one likes. */
export interface SplitPiece {
  readonly at: string;
  readonly ordinal: number;
  readonly index: number;
  readonly key?: string;
  readonly parents: readonly number[];
  readonly text: string;
}

export interface Split {
  readonly elements: readonly SplitPiece[];
  readonly remainders: readonly SplitPiece[];
  readonly rejects: readonly DocumentReject[];
}

export function withFile<T>(content: string | Uint8Array, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'agenttrace-read-'));
  try {
    const path = join(folder, 'session.json');
    writeFileSync(path, content);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function split(content: string | Uint8Array, options: SplitOptions): Split {
  return withFile(content, (path) => {
    const elements: SplitPiece[] = [];
    const remainders: SplitPiece[] = [];
    const rejects: DocumentReject[] = [];
    for (const piece of splitDocument(path, options)) {
      if ('reason' in piece) {
        rejects.push(piece);
        continue;
      }
      const { json, ...rest } = piece;
      (piece.at === '' ? remainders : elements).push({ ...rest, text: Buffer.from(json).toString() });
    }
    return { elements, remainders, rejects };
  });
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface ReferencePiece {
  readonly at: string;
  readonly index: number;
  readonly key?: string;
  readonly parents: readonly number[];
  readonly value: Json;
}

interface Place {
  readonly parents: readonly number[];
  readonly key?: string;
}

/** What splitting must come to, from the document as a whole. */
export function splitValue(value: Json, arrays: readonly string[]) {
  const pieces: ReferencePiece[] = [];
  type Path = readonly [at: string, ...steps: string[]];

  const below = (paths: readonly Path[], step: string): Path[] =>
    paths.flatMap(([at, first, ...rest]): Path[] => (first === step ? [[at, ...rest]] : []));

  const cut = (from: Json, state: { readonly paths: readonly Path[]; readonly place: Place }): Json => {
    const { paths, place } = state;
    if (from === null || typeof from !== 'object') return from;
    const isArray = Array.isArray(from);
    const each = below(paths, isArray ? '[]' : '{}');
    const record = each.find((path) => path.length === 1)?.[0];
    const kept = Object.entries(from).flatMap(([name, child], index): [string, Json][] => {
      if (each.length === 0)
        return [[name, isArray ? child : cut(child, { paths: below(paths, name), place })]];
      const own: Place = isArray ? place : { ...place, key: name };
      const inner = cut(child, { paths: each, place: { ...own, parents: [...place.parents, index] } });
      if (record === undefined) return [[name, inner]];
      pieces.push({ at: record, index, ...own, value: inner });
      return [];
    });
    return isArray ? kept.map(([, child]) => child) : Object.fromEntries(kept);
  };

  const paths = arrays.map((at): Path => [at, ...(at.match(/\[\]|\{\}|[^.[\]{}]+/g) ?? [])]);
  const remainder = cut(value, { paths, place: { parents: [] } });
  return { pieces, remainder };
}

const KEYS = ['a', 'b', 'c d', 'é"\\\n', ''] as const;
const STRINGS = ['', 'x', '"', '\\', '\\"', 'a\nb', '}],{[', '€𝄞', '\u0000', 'long '.repeat(30)] as const;

const { node } = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(null, true, false),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
      fc.constantFrom(...STRINGS),
    ),
    fc.array(tie('node'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('node'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

/** An object or array, of keys that the paths of `somePaths` name. */
export const someDocument: fc.Arbitrary<Json> = fc.oneof(
  fc.array(node, { maxLength: 6 }),
  fc.dictionary(fc.constantFrom(...KEYS), node, { maxKeys: 5, noNullPrototype: true }),
);

export const somePaths: fc.Arbitrary<readonly string[]> = fc.constantFrom<readonly string[]>(
  [],
  ['[]'],
  ['a[]'],
  ['a[].b[]'],
  ['a[]', 'a[].b[]'],
  ['a[].a[].a[]', 'b[]'],
  ['{}'],
  ['a{}', 'a{}.b[]'],
  ['{}.a[]', '[].a[]', '[]'],
  ['[]', '[][]', '[].b{}'],
  ['a[]', 'b{}', 'a[].a.b[]', 'c d[]'],
  ['a[]', 'a{}'],
);

/** JSON text with any white space between the tokens, taken from `spaces` in turn. */
export function write(value: Json, spaces: readonly string[]): string {
  let turn = 0;
  const space = (): string => (spaces.length === 0 ? '' : (spaces[turn++ % spaces.length] ?? ''));
  const text = (from: Json): string => {
    if (from === null || typeof from !== 'object') return JSON.stringify(from);
    const items = Array.isArray(from)
      ? from.map(text)
      : Object.entries(from).map(
          ([key, child]) => `${JSON.stringify(key)}${space()}:${space()}${text(child)}`,
        );
    const [open, close] = Array.isArray(from) ? '[]' : '{}';
    return `${open}${space()}${items.join(`${space()},${space()}`)}${space()}${close}`;
  };
  return `${space()}${text(value)}${space()}`;
}

export const someSpaces = fc.array(fc.constantFrom('', ' ', '\n', '\r\n', '\t', '\n    '), { maxLength: 7 });
