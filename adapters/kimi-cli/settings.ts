import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { isRecord } from '../../src/model/first-records.ts';

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

/** What the neighbours of a log say: the work directory by its hash, the model by the settings, whether it is a fork. */
export function contextOf(path: string): Readonly<Record<string, unknown>> {
  const { session, bucket, root } = foldersOf(path);
  const toml = textOf(`${root}/config.toml`);
  const setting = toml === undefined ? undefined : defaultModel(toml);
  const hash = posix.basename(bucket).replace(/^.*_/, '');
  const folders = parsed(`${root}/kimi.json`)?.work_dirs;
  const cwd = (Array.isArray(folders) ? folders : [])
    .map((folder: unknown) => (isRecord(folder) ? folder.path : undefined))
    .find((folder) => typeof folder === 'string' && md5(folder) === hash);
  const title = parsed(`${session}/state.json`)?.custom_title;
  return {
    ...(setting === undefined ? {} : { model: setting.model, provider: sellerOf(setting.provider) }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(typeof title === 'string' && title.startsWith('Fork: ') ? { is_fork: true } : {}),
  };
}

/** A log's session folder, the folder of its work directory, and the one that holds all. */
function foldersOf(path: string): {
  readonly session: string;
  readonly bucket: string;
  readonly root: string;
} {
  const folder = posix.dirname(path.replaceAll('\\', '/'));
  const session = folder.replace(/\/subagents\/[^/]+$/, '');
  const isFlat = /^(?:\w+_)?[0-9a-f]{32}$/.test(posix.basename(folder));
  const bucket = isFlat ? folder : posix.dirname(session);
  return { session, bucket, root: posix.dirname(posix.dirname(bucket)) };
}

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

function parsed(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(textOf(path) ?? '');
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
