/**
 * From the model name in a log to a key of the price list: fixed steps, the first hit counts, and no guess.
 * The steps and their order are documented in docs/prices.md.
 */
import {
  canonicalModelName,
  findSeller,
  isLocalRuntime,
  listSpellings,
  listUnwrappedForms,
  type NameForm,
  stripDate,
  stripEffort,
  stripStage,
} from './name-forms.ts';
import { CLOUD_RANKS, indexNames, type NameIndex } from './name-index.ts';
import type { PriceRow } from './price-row.ts';
import { isClaude } from './published-rates.ts';

/** A model as a log names it. */
export interface LoggedModel {
  /** Who the log says was asked, where it says so. */
  readonly provider?: string | null | undefined;
  readonly model: string;
  /** The day of the call, `YYYY-MM-DD`. */
  readonly calledOn?: string | undefined;
  /** What a name that stands for "the agent's default" means for this call, where the caller knows. */
  readonly defaultModel?: string | undefined;
}

/** Which step found the price: documented in docs/prices.md in this order. */
export type ResolveRule =
  | 'override'
  | 'exact'
  | 'provider'
  | 'first_party'
  | 'unwrapped'
  | 'respelled'
  | 'dated'
  | 'effort'
  | 'alias'
  | 'case'
  | 'cloud'
  | 'reseller'
  | 'unpriced'
  | 'local'
  | 'unknown';

export interface Resolution {
  /** The price list's key; null: this model has no price. */
  readonly priceModel: string | null;
  readonly rule: ResolveRule;
}

export type Resolver = (name: LoggedModel) => Resolution;

export interface ResolverOptions {
  /** The price book's rows. */
  readonly rows: readonly PriceRow[];
  /** Models that the user priced. */
  readonly overridden?: ReadonlySet<string>;
  /** The user's own names for models, by name; null: no price, on purpose. */
  readonly aliases?: Readonly<Record<string, string | null>>;
}

/** Part of a price book's hash: raise it when a step changes, so that calls are priced anew. */
export const RESOLVER_VERSION = 1;

/** Names that some agents use for models of the list. */
const KNOWN_ALIASES: Readonly<Record<string, string>> = {
  'gemini-3-pro': 'gemini-3-pro-preview',
  'gemini-3-pro-high': 'gemini-3-pro-preview',
  'gemini-3-pro-low': 'gemini-3-pro-preview',
  'gemini-3.1-pro': 'gemini-3.1-pro-preview',
  'gemini-3-flash': 'gemini-3-flash-preview',
  k2p5: 'moonshot/kimi-k2.5',
  k2p6: 'moonshot/kimi-k2.6',
  'kimi-k2p5': 'moonshot/kimi-k2.5',
  'kimi-k2p6': 'moonshot/kimi-k2.6',
  'kimi-k2-0905': 'moonshot/kimi-k2-0905-preview',
  'kimi-k2-0711': 'moonshot/kimi-k2-0711-preview',
  'gpt-5.3-spark': 'gpt-5.3-codex-spark',
  'grok-4-fast': 'xai/grok-4-fast-reasoning',
  'claude-opus-41': 'claude-opus-4-1',
};

/** Names that name no model: the seller's choice, which the log does not tell. */
const UNPRICED_NAMES: ReadonlySet<string> = new Set([
  'default',
  'auto',
  'openrouter/auto',
  'openrouter/openrouter/auto',
  'kimi-for-coding',
  'unknown',
]);

/** Names that stand for the agent's default model of the day. */
const DEFAULT_NAMES: ReadonlySet<string> = new Set(['codex-auto-review']);

/** Makes the function that finds the price of a logged name. It remembers what it found. */
export function createResolver({ rows, overridden, aliases = {} }: ResolverOptions): Resolver {
  const index = indexNames(rows);
  const memory = new Map<string, Resolution>();
  const resolve = (name: LoggedModel): Resolution => {
    const own = findOverride(name, { index, aliases, overridden: overridden ?? new Set() });
    if (own !== null) return own;
    const model = name.model.trim();
    if (canonicalModelName(model) === null || UNPRICED_NAMES.has(model.toLowerCase())) {
      return { priceModel: null, rule: 'unpriced' };
    }
    if (DEFAULT_NAMES.has(canonicalModelName(model) ?? '')) {
      if (name.defaultModel === undefined || DEFAULT_NAMES.has(name.defaultModel)) {
        return { priceModel: null, rule: 'unpriced' };
      }
      const found = resolve({ provider: name.provider, model: name.defaultModel, calledOn: name.calledOn });
      return found.priceModel === null ? found : { ...found, rule: 'alias' };
    }
    if (isLocalRuntime(name.provider) || isLocalRuntime(model.split('/')[0])) {
      return { priceModel: null, rule: 'local' };
    }
    return findInList({ ...name, model }, index);
  };
  return (name) => {
    const key = JSON.stringify([
      name.provider ?? null,
      name.model,
      name.calledOn ?? null,
      name.defaultModel ?? null,
    ]);
    const known = memory.get(key);
    if (known !== undefined) return known;
    const found = resolve(name);
    memory.set(key, found);
    return found;
  };
}

interface OverrideTable {
  readonly index: NameIndex;
  readonly aliases: Readonly<Record<string, string | null>>;
  readonly overridden: ReadonlySet<string>;
}

/** Step 0: the user's table, by the name as logged, with its provider before it, or as reports show it. */
function findOverride(name: LoggedModel, { index, aliases, overridden }: OverrideTable): Resolution | null {
  const model = name.model.trim();
  const names = [model, ...(name.provider ? [`${name.provider}/${model}`] : []), canonicalModelName(model)];
  for (const candidate of names) {
    if (candidate === null) continue;
    const target = Object.hasOwn(aliases, candidate) ? aliases[candidate] : undefined;
    if (target === null) return { priceModel: null, rule: 'override' };
    if (target !== undefined) return { priceModel: index.hasKey(target) ? target : null, rule: 'override' };
    if (overridden.has(candidate)) return { priceModel: candidate, rule: 'override' };
  }
  return null;
}

/** Steps 1 to 8 over the price list. */
function findInList(name: LoggedModel, index: NameIndex): Resolution {
  const seller = findSeller(name.provider);
  const sellers = seller === null ? [] : [seller];
  const unwrapped = listUnwrappedForms(name.model, sellers);
  const [asLogged = { name: name.model, sellers }] = unwrapped;

  const direct = findDirect(asLogged, index);
  if (direct !== null) return direct;
  for (const form of unwrapped.slice(1)) {
    const found = findForm(form, index);
    if (found !== null) return { priceModel: found, rule: 'unwrapped' };
  }
  const seen: NameForm[] = [...unwrapped];
  const staged = unwrapped.flatMap((form) => listStaged(form, index));
  for (const form of staged) {
    const found = findForm(form, index);
    if (found !== null) return { priceModel: found, rule: 'unwrapped' };
  }
  seen.push(...staged);

  const spelled = findSpelled(seen, { index, calledOn: name.calledOn });
  if (spelled !== null) return spelled;

  const eased = seen.flatMap((form) => listEased(form, index));
  for (const form of eased) {
    const found =
      findForm(form, index) ?? findSpelled([form], { index, calledOn: name.calledOn })?.priceModel ?? null;
    if (found !== null) return { priceModel: found, rule: 'effort' };
  }
  seen.push(...eased);

  for (const form of seen) {
    const target = KNOWN_ALIASES[form.name.toLowerCase()];
    if (target !== undefined && index.hasKey(target)) return { priceModel: target, rule: 'alias' };
  }
  return findAnyCase(seen, index) ?? findElsewhere(seen, index) ?? { priceModel: null, rule: 'unknown' };
}

/** Steps 1 and 2 for the name as it stands. */
function findDirect(form: NameForm, index: NameIndex): Resolution | null {
  if (index.hasKey(form.name)) return { priceModel: form.name, rule: 'exact' };
  const sold = findSold(form, index);
  if (sold !== null) return { priceModel: sold, rule: 'provider' };
  const own = index.findRegional(form.name) ?? index.findBare(form.name, 0);
  return own === null ? null : { priceModel: own, rule: 'first_party' };
}

function findForm(form: NameForm, index: NameIndex): string | null {
  return findDirect(form, index)?.priceModel ?? null;
}

/** `<seller>/<name>` for each seller that the log or the name shows. */
function findSold({ name, sellers }: NameForm, index: NameIndex): string | null {
  for (const seller of sellers) {
    for (const prefix of seller === 'fireworks_ai'
      ? [seller, 'fireworks_ai/accounts/fireworks/models']
      : [seller]) {
      if (index.hasKey(`${prefix}/${name}`)) return `${prefix}/${name}`;
    }
  }
  return null;
}

/** The end of step 3: without `-thinking`, `-latest` or `-preview`, unless some key has that name. */
function listStaged(form: NameForm, index: NameIndex): readonly NameForm[] {
  if (index.isMakersNamePart(form.name)) return [];
  const stripped = stripStage(form.name);
  if (stripped === null) return [];
  const next: NameForm = { name: stripped.rest, sellers: form.sellers };
  if (stripped.stage.startsWith('preview')) {
    const key = findForm(next, index);
    if (key === null || index.hasOtherPreview(next.name, key)) return [];
  }
  return [next, ...listStaged(next, index)];
}

interface SpellingContext {
  readonly index: NameIndex;
  readonly calledOn: string | undefined;
}

/** Steps 4 and 5: other spellings, then without or with a date. */
function findSpelled(forms: readonly NameForm[], { index, calledOn }: SpellingContext): Resolution | null {
  const spelled = forms.flatMap((form) =>
    listSpellings(form.name).map((name): NameForm => ({ name, sellers: form.sellers })),
  );
  for (const form of spelled) {
    const found = findForm(form, index);
    if (found !== null) return { priceModel: found, rule: 'respelled' };
  }
  for (const form of [...spelled, ...forms]) {
    const undated = stripDate(form.name);
    const stem = undated ?? form.name;
    const found =
      (undated === null ? null : findForm({ name: undated, sellers: form.sellers }, index)) ??
      index.findDated(stem, { calledOn, isNewestMeant: isClaude(stem) });
    if (found !== null) return { priceModel: found, rule: 'dated' };
  }
  return null;
}

/** Step 6: without effort and speed suffixes, as long as no key has the name or continues it. */
function listEased(form: NameForm, index: NameIndex): readonly NameForm[] {
  if (index.isNamePart(form.name)) return [];
  const rest = stripEffort(form.name);
  if (rest === null) return [];
  const next: NameForm = { name: rest, sellers: form.sellers };
  return [next, ...listEased(next, index)];
}

/** Step 8: the same keys, whatever the case of letters. */
function findAnyCase(forms: readonly NameForm[], index: NameIndex): Resolution | null {
  for (const { name, sellers } of forms) {
    const keys = [name, ...sellers.map((seller) => `${seller}/${name}`)];
    const bare = index.findBareCase(name);
    const found =
      keys.map((key) => index.findAnyCase(key)).find((key) => key !== null) ??
      (bare === null ? null : index.findBare(bare, 0));
    if (found) return { priceModel: found, rule: 'case' };
  }
  return null;
}

/** Makers whose models the clouds sell under the same name; elsewhere a cloud is a seller like any other. */
const SOLD_BY_CLOUDS = /^(?:claude|gemini|gpt-\d|o\d)/;

/** After step 8: the same bare name, undated too, sold by a cloud; or by others, if all of them agree on the price. */
function findElsewhere(forms: readonly NameForm[], index: NameIndex): Resolution | null {
  const names = new Set(forms.flatMap(({ name }) => [name, ...listSpellings(name)]));
  for (const name of [...names]) names.add(stripDate(name) ?? name);
  for (const name of [...names]) names.add(index.findBareCase(name) ?? name);
  for (const rank of CLOUD_RANKS) {
    for (const name of names) {
      const found = SOLD_BY_CLOUDS.test(name) ? index.findBare(name, rank) : null;
      if (found !== null) return { priceModel: found, rule: 'cloud' };
    }
  }
  for (const name of names) {
    const found = index.findSoldOn(name);
    if (found !== null) return { priceModel: found, rule: 'reseller' };
  }
  return null;
}
