import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { isRecord } from '../../src/model/first-records.ts';
import type { Neighbours } from '../../src/model/reader.ts';

export interface ModelSetting {
  readonly model: string;
  /** As the settings name it, such as `managed:kimi-code`. */
  readonly provider?: string;
}

const HEADER = /^\s*\[+\s*(.*?)\s*\]+\s*(?:#.*)?$/;
const SETTING = /^\s*(default_model|model|provider)\s*=\s*["']([^"']*)["']/;
const MODEL_HEADER = /^models\s*\.\s*["']?([^"']+?)["']?$/;

/**
 * The default model of a `config.toml`, through its alias: the key `default_model`, and of the tables `[models.…]` the
 * keys `model` and `provider`. Every other line is passed over, those with keys of services above all.
 */
export function defaultModel(toml: string): ModelSetting | undefined {
  let section = '';
  let chosen = '';
  const models = new Map<string, Readonly<Record<string, string>>>();
  for (const line of toml.split('\n')) {
    const header = HEADER.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      continue;
    }
    const [, key = '', value = ''] = SETTING.exec(line) ?? [];
    if (section === '' && key === 'default_model') chosen = value;
    const alias = MODEL_HEADER.exec(section)?.[1];
    if (alias !== undefined && key !== '') models.set(alias, { ...models.get(alias), [key]: value });
  }
  if (chosen === '') return undefined;
  const { model = chosen, provider } = models.get(chosen) ?? {};
  return { model, ...(provider === undefined ? {} : { provider }) };
}

/** What stands beside a log: the model by the settings, and what its neighbours say. */
export function contextOf(path: string): Readonly<Record<string, unknown>> {
  const toml = textOf(`${foldersOf(path).root}/config.toml`);
  const setting = toml === undefined ? undefined : defaultModel(toml);
  return {
    ...(setting === undefined ? {} : { model: setting.model, provider: sellerOf(setting.provider) }),
    ...saidOf(path),
  };
}

/** Not the settings: today's default model is not that of the sessions of yesterday. */
export function neighboursOf(path: string): Neighbours {
  return { files: neighbourFiles(path), say: () => saidOf(path) };
}

function neighbourFiles(path: string): readonly [folders: string, state: string] {
  const { session, root } = foldersOf(path);
  return [`${root}/kimi.json`, `${session}/state.json`];
}

/** The work directory by its hash, and whether the session is a fork. */
function saidOf(path: string): Readonly<Record<string, unknown>> | undefined {
  const [foldersFile, stateFile] = neighbourFiles(path);
  const hash = posix.basename(foldersOf(path).bucket).replace(/^.*_/, '');
  const cwd = workDirectories(foldersFile).get(hash);
  const title = parsed(stateFile)?.custom_title;
  const isFork = typeof title === 'string' && title.startsWith('Fork: ');
  if (cwd === undefined && !isFork) return undefined;
  return { ...(cwd === undefined ? {} : { cwd }), ...(isFork ? { is_fork: true } : {}) };
}

let latest: { readonly text: string; readonly byHash: ReadonlyMap<string, string> } | undefined;

/** Of all sessions the same file: what was made of its text is kept. */
function workDirectories(file: string): ReadonlyMap<string, string> {
  const text = textOf(file) ?? '';
  if (latest?.text === text) return latest.byHash;
  const folders = document(text)?.work_dirs;
  const byHash = new Map(
    (Array.isArray(folders) ? folders : [])
      .map((folder: unknown) => (isRecord(folder) ? folder.path : undefined))
      .filter((folder) => typeof folder === 'string')
      .map((folder) => [md5(folder), folder] as const),
  );
  latest = { text, byHash };
  return byHash;
}

/** A log's session folder, the folder of its work directory, and the one that holds all. */
function foldersOf(path: string): {
  readonly session: string;
  readonly bucket: string;
  readonly root: string;
} {
  const folder = above(path.replaceAll('\\', '/'));
  const session = folder.replace(/\/subagents\/[^/]+$/, '');
  const isFlat = /\/(?:\w+_)?[0-9a-f]{32}$/.test(folder);
  const bucket = isFlat ? folder : above(session);
  return { session, bucket, root: above(above(bucket)) };
}

/** Asked for every log at every look: `dirname` goes letter by letter, which takes longer than all the rest. */
const above = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Who sells the model: the agent's own services go by several names. */
const sellerOf = (provider: string | undefined): string | undefined =>
  provider !== undefined && /kimi|moonshot/i.test(provider) ? 'moonshot' : provider;

const md5 = (words: string): string => createHash('md5').update(words).digest('hex');

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const parsed = (path: string): Readonly<Record<string, unknown>> | undefined => document(textOf(path) ?? '');

function document(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
