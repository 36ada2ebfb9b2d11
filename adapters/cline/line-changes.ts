type Value = Readonly<Record<string, unknown>>;

export interface LineChanges {
  readonly added: number;
  readonly removed: number;
  /** What they are counted in. */
  readonly evidence: 'patch' | 'diff' | 'args';
}

/** How many lines a change of a file adds and takes away, as far as the message says. */
export function lineChanges({ tool, diff, content, diffStats }: Value): LineChanges | undefined {
  if (isStats(diffStats)) return { added: diffStats.added, removed: diffStats.removed, evidence: 'diff' };
  for (const text of [content, diff]) {
    if (typeof text !== 'string') continue;
    if (/^@@ /m.test(text)) return unifiedChanges(text);
    const blocks = blockChanges(text);
    if (blocks !== undefined) return blocks;
  }
  if (tool !== 'newFileCreated' || typeof content !== 'string') return undefined;
  return { added: lineCount(content), removed: 0, evidence: 'args' };
}

const isStats = (value: unknown): value is { readonly added: number; readonly removed: number } =>
  typeof value === 'object' &&
  value !== null &&
  'added' in value &&
  typeof value.added === 'number' &&
  'removed' in value &&
  typeof value.removed === 'number';

function unifiedChanges(text: string): LineChanges {
  const lines = text.split('\n');
  return {
    added: lines.filter((line) => line.startsWith('+') && !line.startsWith('+++')).length,
    removed: lines.filter((line) => line.startsWith('-') && !line.startsWith('---')).length,
    evidence: 'diff',
  };
}

/** Blocks of what to look for and what to put in its place. */
function blockChanges(text: string): LineChanges | undefined {
  let part: 'none' | 'search' | 'replace' = 'none';
  let added = 0;
  let removed = 0;
  let isFound = false;
  for (const line of text.split('\n')) {
    if (/^(?:<{3,}|-{3,}) SEARCH>?\s*$/.test(line)) {
      part = 'search';
      isFound = true;
    } else if (part === 'search' && /^={3,}\s*$/.test(line)) part = 'replace';
    else if (part === 'replace' && /^(?:>{3,}|\+{3,}) REPLACE>?\s*$/.test(line)) part = 'none';
    else if (part === 'search' && !/^(?::start_line:\s*\d+|:end_line:\s*\d+|-{5,})\s*$/.test(line)) removed++;
    else if (part === 'replace') added++;
  }
  return isFound ? { added, removed, evidence: 'args' } : undefined;
}

export function lineCount(text: string): number {
  if (text === '') return 0;
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
