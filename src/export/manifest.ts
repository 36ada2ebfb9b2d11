import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AgenttraceError } from '../model/errors.ts';
import { flushFile } from '../warehouse/flush-file.ts';

export const MANIFEST = 'manifest.json';

const FILE = z.object({
  /** Below the folder, with forward slashes. */
  path: z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\]+$/),
  /** The table it is a part of, or the view whose answer it is; null: `views.sql` or the notebook. */
  table: z.string().nullable(),
  /** UTC day of its rows; 1970-01-01: rows without a time; null: no fact. */
  day: z.string().nullable(),
  rows: z.number().nullable(),
  bytes: z.number(),
  sha256: z.string(),
  /** Sum over its rows: the file is written anew when it differs. */
  digest: z.string().nullable(),
});

/** What is read back: what files an export of whatever version wrote. */
const WRITTEN = z.object({
  format: z.literal('agenttrace-export'),
  format_version: z.literal(1),
  files: z.array(FILE),
});

export type ManifestFile = z.infer<typeof FILE>;

export interface ManifestColumn {
  readonly name: string;
  readonly type: string;
  readonly description: string;
}

export interface ManifestTable {
  readonly name: string;
  readonly kind: 'fact' | 'dimension' | 'answer';
  readonly title: string;
  readonly grain: readonly string[];
  readonly day_column: string | null;
  readonly rows: number;
  readonly columns: readonly ManifestColumn[];
  readonly left_out_columns: readonly string[];
}

/** What an export holds, and how it was made. It has no time of its own: the same warehouse gives the same manifest. */
export interface Manifest extends z.infer<typeof WRITTEN> {
  readonly program: { readonly name: string; readonly version: string };
  readonly contract: {
    readonly schema: string;
    readonly sha256: string;
    /** Version of each view. */
    readonly views: Readonly<Record<string, number>>;
  };
  readonly options: {
    readonly content: boolean;
    /** Names the key of the pseudonyms without giving it away; null: there are none. */
    readonly pseudonym_key: string | null;
    readonly events: boolean;
    readonly answers: boolean;
    readonly cost_mode: string;
    readonly agent: string | null;
    readonly project: string | null;
    readonly session: string | null;
    readonly since: string | null;
    readonly until: string | null;
  };
  readonly tables: readonly ManifestTable[];
}

/** Files that the manifest of a folder lists; undefined where there is none. Throws `bad_input` for one that is not ours. */
export function readManifestFiles(folder: string): readonly ManifestFile[] | undefined {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw unreadable(path, cause);
  }
  const { success, data, error } = WRITTEN.safeParse(value);
  if (!success) throw unreadable(path, error);
  return data.files;
}

function unreadable(path: string, cause: unknown): AgenttraceError {
  return new AgenttraceError({
    code: 'bad_input',
    message: 'This manifest is not that of an export of this agenttrace, so the folder was left as it is.',
    source: path,
    hint: 'Name a new folder, or remove this one.',
    cause,
  });
}

/** Writes a text beside, flushes it and gives it its name. Whether it differed from what was there. */
export function replaceText(path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  const draft = `${path}.tmp`;
  writeFileSync(draft, text);
  flushFile(draft);
  renameSync(draft, path);
  return true;
}

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 1)}\n`;
