import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of the keys, those that tell where a session ran; its name is content. */
const KEYS = new Set(['id', 'cwd', 'branch', 'repository', 'client_name']);
const MOST_BYTES = 65_536;

/** What `workspace.yaml` beside a session's events says of it. The file is flat: a key and a plain or quoted text a line. */
export function workspaceOf(eventsPath: string): Readonly<Record<string, string>> | undefined {
  const [file] = workspaceFiles(eventsPath);
  if (file === undefined) return undefined;
  try {
    const entries = readFileSync(file, 'utf8')
      .slice(0, MOST_BYTES)
      .split(/\r?\n/)
      .flatMap((line) => {
        const [, key = '', value = ''] = /^([a-z_]+):\s+(.+?)\s*$/.exec(line) ?? [];
        return KEYS.has(key) ? [[key, unquoted(value)] as const] : [];
      });
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  } catch {
    return undefined;
  }
}

export function workspaceFiles(eventsPath: string): readonly string[] {
  const folder = /^(.*)[\\/]events\.jsonl(?:\.zst)?$/.exec(eventsPath)?.[1];
  return folder === undefined ? [] : [join(folder, 'workspace.yaml')];
}

function unquoted(value: string): string {
  if (/^".*"$/.test(value)) {
    try {
      return String(JSON.parse(value));
    } catch {
      return value.slice(1, -1);
    }
  }
  return /^'.*'$/.test(value) ? value.slice(1, -1).replaceAll("''", "'") : value;
}
