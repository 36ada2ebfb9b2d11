import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { HOST_ID, hostFile, hostsFolder, LAKE_TABLES } from './layout.ts';
import { writeWhole } from './write-whole.ts';

const CELL = z.object({
  table: z.enum(LAKE_TABLES),
  day: z.string().regex(/^\d{4,}-\d\d-\d\d$/),
  rows: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  /** Of the file. */
  sha256: z.string(),
  /** Of the rows, by which the host itself sees whether they changed. */
  digest: z.string(),
});

const SOURCES = z.object({
  agent: z.string(),
  host: z.string().nullable(),
  user_name: z.string().nullable(),
  source_count: z.number(),
  vanished_count: z.number(),
  size_bytes: z.number(),
  line_count: z.number(),
  reject_count: z.number(),
  last_loaded_at: z.string().nullable(),
});

const RECORD = z.object({
  host_id: z.string().regex(HOST_ID),
  /** Name of the machine and its user, or their pseudonyms. */
  name: z.string().nullable(),
  user_name: z.string().nullable(),
  /** Goes up with each publication that changed anything. */
  generation: z.number().int().positive(),
  contract: z.object({ name: z.string(), version: z.string() }),
  /** Version of the agenttrace that published. */
  program: z.string(),
  published_at: z.string(),
  has_content: z.boolean(),
  /** Names the key of the pseudonyms without giving it away; null: there are none. */
  pseudonym_key: z.string().nullable(),
  /** Logs behind the facts, by agent. */
  sources: z.array(SOURCES),
  cells: z.array(CELL),
});

/** What a host says of itself in `hosts/<host_id>.json`, written last: the cells of its whole generation. */
export type HostRecord = z.infer<typeof RECORD>;
export type CellRecord = z.infer<typeof CELL>;
export type HostSources = z.infer<typeof SOURCES>;

/** What the lake says of a host; undefined where it says nothing, or nothing that can be read. */
export function readHostRecord(lake: string, hostId: string): HostRecord | undefined {
  const path = hostFile(lake, hostId);
  if (!existsSync(path)) return undefined;
  try {
    const record = RECORD.parse(JSON.parse(readFileSync(path, 'utf8')));
    return record.host_id === hostId ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Ids of the hosts that have a record, in order. */
export function recordedHosts(lake: string): readonly string[] {
  if (!existsSync(hostsFolder(lake))) return [];
  return readdirSync(hostsFolder(lake))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((name) => HOST_ID.test(name))
    .sort();
}

/** Writes the record, one cell a line: in a version control system the difference of two generations is short. */
export async function writeHostRecord(lake: string, { cells, ...facts }: HostRecord): Promise<void> {
  const head = JSON.stringify(facts, null, 2).slice(0, -2);
  const lines = cells.map((cell) => `    ${JSON.stringify(cell)}`).join(',\n');
  const text = `${head},\n  "cells": [${lines === '' ? '' : `\n${lines}\n  `}]\n}\n`;
  await writeWhole(hostFile(lake, facts.host_id), (draft) => writeFileSync(draft, text));
}
