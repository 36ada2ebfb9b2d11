/** What is of interest at one place of a document, and below it. */
export interface PathNode {
  readonly keys: Map<string, PathNode>;
  /** Each element, if this is an array. */
  element?: PathNode;
  /** Each entry, if this is an object. */
  entry?: PathNode;
  /** Set: values here are records, and this is the path that says so. */
  at?: string;
}

const PATH = /^(?:[^.[\]{}]+|\[\]|\{\})(?:\.[^.[\]{}]+|\[\]|\{\})*$/;
const STEP = /\[\]|\{\}|[^.[\]{}]+/g;

/**
 * Paths as the root of a tree. A path is keys joined by dots, in which `[]` steps into the elements of an array and `{}` into
 * the entries of an object; it ends with such a step.
 *
 * Throws for what is no such path, and for paths that go into the same object both by `{}` and by a key.
 */
export function compilePaths(paths: readonly string[]): PathNode {
  const root: PathNode = { keys: new Map() };
  for (const path of paths) {
    if (!PATH.test(path) || !/[\]}]$/.test(path))
      throw new Error(`Not a path to elements or entries: ${path}`);
    let node = root;
    for (const [step] of path.matchAll(STEP)) {
      let next = step === '[]' ? node.element : step === '{}' ? node.entry : node.keys.get(step);
      next ??= { keys: new Map() };
      if (step === '[]') node.element = next;
      else if (step === '{}') node.entry = next;
      else node.keys.set(step, next);
      if (node.entry && node.keys.size > 0) throw new Error(`Entries and keys of one object: ${path}`);
      node = next;
    }
    node.at = path;
  }
  return root;
}
