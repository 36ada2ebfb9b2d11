import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AgenttraceError } from '../model/errors.ts';

export const MANIFEST = 'manifest.json';

const FILE = z.object({
  /** Below the folder, with forward slashes. */
  path: z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\]+$/),
  /** The table it is a part of; null: `views.sql` or the notebook. */
  table: z.string().nullable(),
  /** UTC day of its rows; null: rows without a time, or no fact. */
  day: z.string().nullable(),
  rows: z.number().nullable(),
  bytes: z.number(),
  sha256: z.string(),
  /** Sum over its rows: the file is written anew when it differs. */
  digest: z.string().nullable(),
});

const MANIFEST_SHAPE = z.object({
  format: z.literal('agenttrace-export'),
  format_version: z.literal(1),
  program: z.object({ name: z.string(), version: z.string() }),
  contract: z.object({
    schema: z.string(),
    sha256: z.string(),
    views: z.record(z.string(), z.number()),
  }),
  options: z.object({
    content: z.boolean(),
    pseudonym_key: z.string().nullable(),
    events: z.boolean(),
    cost_mode: z.string(),
    agent: z.string().nullable(),
    project: z.string().nullable(),
    session: z.string().nullable(),
    since: z.string().nullable(),
    until: z.string().nullable(),
  }),
  tables: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['fact', 'dimension']),
      title: z.string(),
      grain: z.array(z.string()),
      day_column: z.string().nullable(),
      rows: z.number(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), description: z.string() })),
      left_out_columns: z.array(z.string()),
    }),
  ),
  files: z.array(FILE),
});

/** What an export holds, and how it was made. It has no time of its own: the same warehouse gives the same manifest. */
export type Manifest = z.infer<typeof MANIFEST_SHAPE>;
export type ManifestFile = z.infer<typeof FILE>;

/** The manifest of a folder; undefined where there is none. Throws `bad_input` for one that is not ours. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw unreadable(path, cause);
  }
  const { success, data, error } = MANIFEST_SHAPE.safeParse(value);
  if (!success) throw unreadable(path, error);
  return data;
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
  const fd = openSync(draft, 'r+');
  fsyncSync(fd);
  closeSync(fd);
  renameSync(draft, path);
  return true;
}

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 1)}\n`;
