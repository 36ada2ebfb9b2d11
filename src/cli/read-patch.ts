/** A file that a patch changes. */
export interface PatchedFile {
  /** Path after the patch, as the patch names it, without `a/` and `b/`. */
  readonly path: string;
  /** Path before, of a file that the patch renames. */
  readonly old_path: string | null;
  readonly operation: 'create' | 'edit' | 'delete' | 'rename';
  /** Null for a binary file. */
  readonly added_line_count: number | null;
  readonly removed_line_count: number | null;
}

interface Draft {
  before: string | null;
  after: string | null;
  operation: PatchedFile['operation'];
  added: number;
  removed: number;
  isBinary: boolean;
}

/**
 * The files of a unified diff: git's, with renames and binary files, or that of `diff -u`.
 *
 * Lines inside a hunk are told by the hunk's own counts, so that a removed line `-- x` is no heading.
 */
export function readPatch(text: string): readonly PatchedFile[] {
  const files: Draft[] = [];
  let file: Draft | undefined;
  let before: string | null = null;
  let left = { old: 0, new: 0 };
  const start = (): Draft => {
    file = { before: null, after: null, operation: 'edit', added: 0, removed: 0, isBinary: false };
    files.push(file);
    return file;
  };
  for (const line of text.split(/\r?\n/)) {
    if (file !== undefined && (left.old > 0 || left.new > 0)) {
      left = countLine(line, file, left);
      continue;
    }
    const [, word = '', rest = ''] = HEADING.exec(line) ?? [];
    switch (word) {
      case 'diff --git ':
        Object.assign(start(), gitNames(rest));
        break;
      case 'new file mode ':
        if (file !== undefined) file.operation = 'create';
        break;
      case 'deleted file mode ':
        if (file !== undefined) file.operation = 'delete';
        break;
      case 'rename from ':
        if (file !== undefined) Object.assign(file, { before: nameOf(rest), operation: 'rename' });
        break;
      case 'rename to ':
        if (file !== undefined) file.after = nameOf(rest);
        break;
      case 'Binary files ':
      case 'GIT binary patch':
        if (file !== undefined) file.isBinary = true;
        break;
      case '--- ':
        before = fileName(rest);
        break;
      case '+++ ':
        takeNames(isFresh(file) ? (file ?? start()) : start(), { before, after: fileName(rest) });
        break;
      case '@@ ':
        left = hunkSizes(rest);
    }
  }
  return files.map(toPatchedFile).filter(({ path }) => path !== '');
}

const HEADING =
  /^(diff --git |new file mode |deleted file mode |rename from |rename to |Binary files |GIT binary patch|--- |\+\+\+ |@@ )(.*)$/;

/** Whether no hunk of a file was read yet: then the names that follow are its own. */
const isFresh = (file: Draft | undefined): boolean =>
  file !== undefined && file.added + file.removed === 0 && !file.isBinary;

function countLine(
  line: string,
  file: Draft,
  left: { readonly old: number; readonly new: number },
): { old: number; new: number } {
  switch (line[0]) {
    case '+':
      file.added += 1;
      return { old: left.old, new: left.new - 1 };
    case '-':
      file.removed += 1;
      return { old: left.old - 1, new: left.new };
    case '\\':
      return { ...left };
    default:
      return { old: left.old - 1, new: left.new - 1 };
  }
}

function hunkSizes(rest: string): { old: number; new: number } {
  const sizes = /^-\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(rest);
  return sizes === null ? { old: 0, new: 0 } : { old: Number(sizes[1] ?? 1), new: Number(sizes[2] ?? 1) };
}

function takeNames(
  file: Draft,
  { before, after }: { readonly before: string | null; readonly after: string | null },
): void {
  if (before === null) file.operation = 'create';
  if (after === null) file.operation = 'delete';
  file.before = before ?? file.before;
  file.after = after ?? file.after ?? before;
}

/** Names of `diff --git a/x b/x`, which counts where no other line names the file: mode changes, empty files. */
function gitNames(rest: string): Pick<Draft, 'before' | 'after'> {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest);
  const half = rest.slice(0, (rest.length - 1) / 2);
  const after = quoted?.[2] ?? rest.slice(half.length + 1);
  return { before: fileName(quoted?.[1] ?? half), after: fileName(after) };
}

/** A name without its prefix and the time that `diff -u` puts behind a tab; null for `/dev/null`. */
function fileName(text: string): string | null {
  const name = nameOf(text.startsWith('"') ? text : (text.split('\t')[0] ?? ''));
  return name === '/dev/null' ? null : name.replace(/^(?:[abciow]|\.)\//, '');
}

/** Git puts a name with unusual bytes in quotes, the bytes in octal. */
function nameOf(text: string): string {
  const inner = /^"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (inner === undefined) return text.trimEnd();
  const bytes = [...inner.matchAll(/\\([0-7]{3}|.)|([^\\]+)/g)].flatMap(([, escaped, plain]) => {
    if (plain !== undefined) return [...Buffer.from(plain, 'utf8')];
    return /^[0-7]{3}$/.test(escaped ?? '')
      ? [Number.parseInt(escaped ?? '', 8)]
      : [...Buffer.from(ESCAPES[escaped ?? ''] ?? escaped ?? '', 'utf8')];
  });
  return Buffer.from(bytes).toString('utf8');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function toPatchedFile({ before, after, operation, added, removed, isBinary }: Draft): PatchedFile {
  return {
    path: after ?? before ?? '',
    old_path: operation === 'rename' ? before : null,
    operation,
    added_line_count: isBinary ? null : added,
    removed_line_count: isBinary ? null : removed,
  };
}
