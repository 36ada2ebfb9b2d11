import type { ColumnKind, Plan, PlanColumn, PlanTable } from '../model/plan.ts';
import { columnsOf, type PhysicalColumn } from './physical-columns.ts';

/** What is written when a value is met at a node. */
export interface Sink {
  readonly kind: ColumnKind;
  /** The first of its columns, counted among the declared columns of the node's table. */
  readonly column: number;
  readonly limit: number;
  readonly tail: number;
  /** Bytes between which the hash is taken; empty: from the start, to the end. */
  readonly after: Uint8Array;
  readonly before: Uint8Array;
}

/** One step of the trie of all paths of a plan. */
export interface TrieNode {
  /** The table whose rows the node's sinks fill. */
  readonly owner: number;
  readonly children: Map<string, TrieNode>;
  readonly sinks: Sink[];
  /** Where an array's elements, or an object's entries, go on. */
  element?: TrieNode;
  entry?: TrieNode;
  /** On an element or entry: the table that gets a row for each. */
  table?: number;
  readonly isEntry?: boolean;
  /** On an entry: takes its key, as if it were a string. */
  key?: TrieNode;
}

export interface Trie {
  readonly root: TrieNode;
  readonly tables: readonly { readonly name: string; readonly columns: readonly PhysicalColumn[] }[];
  /** The longest `tail` of a digest, in characters. */
  readonly longestTail: number;
}

const TEXT_LIMIT = 1024;
const PREVIEW_LIMIT = 80;
const MOST_CHARACTERS = 1 << 20;
const LONGEST_MARK = 64;

/**
 * Turns a plan into the trie that the scanner walks.
 *
 * Throws on a plan that contradicts itself: that is a mistake in an adapter, which a test finds.
 */
export function compilePlan(plan: Plan): Trie {
  const root = newNode(0);
  const bases = plan.tables.map((table, index) => {
    if (index === 0) {
      if (table.at !== undefined)
        throw new Error(`${plan.name}: the first table takes whole records, without "at"`);
      return root;
    }
    return placeTable({ plan, root, table, index });
  });
  plan.tables.forEach((table, index) => {
    let column = 0;
    const names = new Set<string>(['source_no', 'line_no', 'item_no']);
    for (const declared of table.columns) {
      const node = findColumn(bases[index] as TrieNode, declared);
      node.sinks.push(sinkOf(declared, column));
      for (const { name } of columnsOf(declared)) {
        if (names.has(name)) throw new Error(`${plan.name}.${table.name}: column ${name} stands twice`);
        names.add(name);
        column++;
      }
    }
  });
  const tails = plan.tables.flatMap((table) => table.columns.map((column) => column.tail ?? 0));
  return {
    root,
    tables: plan.tables.map(({ name, columns }) => ({ name, columns: columns.flatMap(columnsOf) })),
    longestTail: Math.max(0, ...tails),
  };
}

function newNode(owner: number): TrieNode {
  return { owner, children: new Map(), sinks: [] };
}

function childOf(node: TrieNode, key: string): TrieNode {
  const known = node.children.get(key);
  if (known) return known;
  const child = newNode(node.owner);
  node.children.set(key, child);
  return child;
}

/** Walks `message.content[]` or `payload.changes{}` down to the node that begins the table's rows. */
function placeTable(options: { plan: Plan; root: TrieNode; table: PlanTable; index: number }): TrieNode {
  const { plan, table, index } = options;
  const where = `${plan.name}.${table.name}`;
  const at = table.at;
  if (!at || !/(\[\]|\{\})$/.test(at)) throw new Error(`${where}: "at" must end with [] or {}`);
  let node = options.root;
  for (const step of at.split('.')) {
    const [, key = '', hops = ''] = /^(.*?)((?:\[\]|\{\})*)$/.exec(step) ?? [];
    if (key !== '') node = childOf(node, key);
    for (const hop of hops.match(/\[\]|\{\}/g) ?? []) {
      if (hop === '[]') node = node.element ??= newNode(index);
      else node = node.entry ??= { ...newNode(index), isEntry: true };
    }
  }
  if (node.table !== undefined) throw new Error(`${where}: another table stands at ${at}`);
  node.table = index;
  return adopt(node, index);
}

/** A node that began as a step towards a deeper table now begins rows of its own. */
function adopt(node: TrieNode, owner: number): TrieNode {
  Object.assign(node, { owner });
  for (const child of node.children.values()) adopt(child, owner);
  return node;
}

function findColumn(base: TrieNode, column: PlanColumn): TrieNode {
  if (column.path === '') return base;
  if (column.path === '$key') {
    if (!base.isEntry)
      throw new Error(`column ${column.name}: $key is the key of an entry, and the table has none`);
    base.key ??= newNode(base.owner);
    return base.key;
  }
  return column.path.split('.').reduce(childOf, base);
}

function sinkOf(column: PlanColumn, index: number): Sink {
  const limit = column.limit ?? (column.kind === 'digest' ? PREVIEW_LIMIT : TEXT_LIMIT);
  const tail = column.tail ?? 0;
  for (const count of [limit, tail])
    if (!Number.isInteger(count) || count < 0 || count > MOST_CHARACTERS)
      throw new Error(`column ${column.name}: ${count} characters are not between 0 and ${MOST_CHARACTERS}`);
  if (column.hashed && column.kind !== 'digest')
    throw new Error(`column ${column.name}: only a digest has a hash`);
  return {
    kind: column.kind,
    column: index,
    limit,
    tail,
    after: markOf(column, column.hashed?.after),
    before: markOf(column, column.hashed?.before),
  };
}

/** A mark as it stands within a JSON string. */
function markOf(column: PlanColumn, mark = ''): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(mark).slice(1, -1));
  if (bytes.length > LONGEST_MARK || bytes.some((byte) => byte > 0x7e))
    throw new Error(`column ${column.name}: a mark is ASCII and takes ${LONGEST_MARK} bytes at most`);
  return bytes;
}
