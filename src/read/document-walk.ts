import { type CollectedText, createTextCollector } from './collect-text.ts';
import { decodeText } from './decode-text.ts';
import type { PathNode } from './document-paths.ts';
import {
  CLOSED,
  type JsonScan,
  KEY_BEGINS,
  KEY_ENDS,
  type ScanStop,
  VALUE_BEGINS,
  VALUE_ENDS,
} from './json-scan.ts';

/** A complete element of one of the arrays, or with `at` '' the remainder of a document; `bytes` as in CollectedText. */
export interface WalkedText extends CollectedText {
  readonly at: string;
  readonly index: number;
  readonly key: string | undefined;
  readonly parents: readonly number[];
}

/** Follows a scan along the paths and puts together what it passes. */
export interface DocumentWalk {
  readonly enter: (piece: Uint8Array) => void;
  readonly leave: (to: number) => void;
  /** To be called for each stop of the scan between `enter` and `leave`. */
  readonly take: (stop: ScanStop) => WalkedText | undefined;
  /** Ends where the scan is: what there is of the document, not closed, and how much of an element is lost. */
  readonly breakOff: () => { readonly remainder: WalkedText | undefined; readonly lostBytes: number };
}

/** An open container that paths lead into. */
interface Container {
  readonly node: PathNode;
  readonly isObject: boolean;
  /** What is below every element or entry; undefined where the key decides. */
  readonly each: PathNode | undefined;
  /** Of what lies in it. */
  readonly parents: readonly number[];
  /** Of the innermost entry that it is or lies in. */
  readonly outerKey: string | undefined;
  /** Of the current element or entry. */
  index: number;
  key: string | undefined;
}

const LONGEST_KEY = 64 << 10;
const NO_PARENTS: readonly number[] = [];
const REMAINDER = { at: '', index: 0, key: undefined, parents: NO_PARENTS };

export function createDocumentWalk(
  scan: JsonScan,
  options: { readonly root: PathNode; readonly limit: number },
): DocumentWalk {
  const { root, limit } = options;
  const texts = createTextCollector(limit);
  const keys = createTextCollector(LONGEST_KEY);
  const walked: Container[] = [];

  const begin = (): void => {
    const from = scan.at - 1;
    const parent = walked.at(-1);
    if (parent) parent.index++;
    if (parent === undefined || isRecords(parent)) texts.open(from);
    const node = parent === undefined ? root : nodeIn(parent);
    const first = scan.bytes[from];
    if (node === undefined || (first !== 123 && first !== 91)) return;
    const isObject = first === 123;
    const each = isObject ? node.entry : node.element;
    if (each === undefined && (!isObject || node.keys.size === 0)) return;
    const parents = parent ? parentsIn(parent) : NO_PARENTS;
    const outerKey = parent && entryKeyIn(parent);
    const container = { node, isObject, each, parents, outerKey, index: -1, key: undefined };
    walked.push(container);
    scan.watch = scan.depth;
    if (isRecords(container)) texts.drop(scan.at);
  };

  const end = (): WalkedText | undefined => {
    if (scan.depth === 0) return { ...REMAINDER, ...texts.close(scan.at) };
    const container = walked.at(-1);
    const at = container?.each?.at;
    if (container === undefined || at === undefined) return undefined;
    const { bytes, sizeBytes } = texts.close(scan.at);
    const { index, parents } = container;
    return { at, index, key: entryKeyIn(container), parents, bytes, sizeBytes };
  };

  return {
    enter: (piece) => {
      texts.enter(piece);
      keys.enter(piece);
    },
    leave: (to) => {
      texts.leave(to);
      keys.leave(to);
    },
    take: (stop) => {
      if (stop === VALUE_BEGINS) begin();
      else if (stop === VALUE_ENDS) return end();
      else if (stop === KEY_BEGINS) keys.open(scan.at);
      else if (stop === KEY_ENDS) {
        const container = walked.at(-1);
        const { bytes } = keys.close(scan.at - 1);
        if (container) container.key = bytes && decodeKey(bytes);
      } else if (stop === CLOSED) {
        const container = walked.pop();
        scan.watch = scan.depth;
        if (container && isRecords(container)) texts.keep(scan.at - 1);
        return end();
      }
      return undefined;
    },
    breakOff: () => {
      const lostBytes = texts.openCount() > 1 ? texts.close(scan.at).sizeBytes : 0;
      while (texts.openCount() > 1) texts.close(scan.at);
      if (texts.openCount() === 0) return { lostBytes, remainder: undefined };
      return { lostBytes, remainder: { ...REMAINDER, ...texts.close(scan.at) } };
    },
  };
}

const isRecords = ({ each }: Container): boolean => each?.at !== undefined;

function nodeIn({ node, each, key }: Container): PathNode | undefined {
  return each ?? (key === undefined ? undefined : node.keys.get(key));
}

const parentsIn = ({ each, parents, index }: Container): readonly number[] =>
  each ? [...parents, index] : parents;

const entryKeyIn = ({ each, isObject, key, outerKey }: Container): string | undefined =>
  each && isObject ? key : outerKey;

function decodeKey(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
