/** The price list's keys, arranged for looking names up: by key, by bare name, by dated stem, by Bedrock region. */
import { readBedrockForm, readDate, spellClaude, stripDate, unwrapName } from './name-forms.ts';
import { type PriceRow, TOKEN_CLASSES } from './price-row.ts';

/**
 * How near a key is to the maker of the model: 0 the maker itself, then the clouds that sell it under its maker's name
 * (1 Bedrock, 2 Vertex, 3 Azure), 4 everyone else.
 */
type Rank = 0 | 1 | 2 | 3 | 4;
export const CLOUD_RANKS: readonly Rank[] = [1, 2, 3];
const RESELLER_RANK: Rank = 4;

const MAKERS =
  /^(?:gemini|xai|deepseek|mistral|codestral|moonshot|dashscope|zai|minimax|meta|github_copilot)\//;

export interface NameIndex {
  readonly hasKey: (key: string) => boolean;
  /** The key with this bare name at this rank; null where there is none, or several that differ in price. */
  readonly findBare: (name: string, rank: Rank) => string | null;
  /** The key with this bare name from anyone but the maker; null where there is none, or several that differ in price. */
  readonly findSoldOn: (name: string) => string | null;
  /** Whether any key, whoever sells it, has this bare name or continues it after a dash. */
  readonly isNamePart: (name: string) => boolean;
  /** The same among the makers' keys. */
  readonly isMakersNamePart: (name: string) => boolean;
  /** The maker's key that is this name with a date; of several, the newest not after the day, where they cost the same or `isNewestMeant`. */
  readonly findDated: (name: string, options: DatedOptions) => string | null;
  /** The key of the same region for a name in Bedrock's form. */
  readonly findRegional: (name: string) => string | null;
  /** Whether a key `<name>-preview…` exists with another price than this key. */
  readonly hasOtherPreview: (name: string, key: string) => boolean;
  /** The key that differs only in case; null where there is none or several. */
  readonly findAnyCase: (name: string) => string | null;
  /** The bare name that differs only in case, as the keys spell it, the maker's first. */
  readonly findBareCase: (name: string) => string | null;
}

export interface DatedOptions {
  readonly calledOn?: string | undefined;
  readonly isNewestMeant: boolean;
}

/** Arranges the models of a price list. Only rows in force and of the standard tier decide whether two keys cost the same. */
export function indexNames(rows: readonly PriceRow[]): NameIndex {
  const prices = new Map<string, string>();
  for (const row of rows) {
    const isCompared = row.valid_to_on === null && row.service_tier === 'standard';
    const sum = isCompared
      ? `${row.context_over_tokens}:${TOKEN_CLASSES.map((name) => row[`${name}_usd`]).join()};`
      : '';
    prices.set(row.model, (prices.get(row.model) ?? '') + sum);
  }
  const bare = new Map<string, string[]>();
  const dated = new Map<string, string[]>();
  const regional = new Map<string, string[]>();
  const lower = new Map<string, string[]>();
  const bareLower = new Map<string, string>();
  const soldOn = new Map<string, string[]>();
  const parts = new Set<string>();
  const makersParts = new Set<string>();
  for (const key of [...prices.keys()].sort()) {
    add(lower, key.toLowerCase(), key);
    const bedrock = readBedrockForm(key);
    if (bedrock) add(regional, formatRegionKey(key) ?? '', key);
    if (isDearerRegion(key)) continue;
    const name = unwrapName(key);
    const rank = rankKey(key);
    add(bare, `${rank}|${name}`, key);
    if (rank > 0) add(soldOn, name, key);
    if (rank === 0 || !bareLower.has(name.toLowerCase())) bareLower.set(name.toLowerCase(), name);
    const stem = stripDate(name);
    if (stem !== null && rank === 0) add(dated, stem, key);
    for (let end = name.length; end > 0; end = name.lastIndexOf('-', end - 1)) {
      parts.add(name.slice(0, end));
      if (rank === 0) makersParts.add(name.slice(0, end));
    }
  }
  const pickSame = (keys: readonly string[] | undefined): string | null => {
    const [first] = keys ?? [];
    if (first === undefined) return null;
    return keys?.every((key) => prices.get(key) === prices.get(first)) ? first : null;
  };
  return {
    hasKey: (key) => prices.has(key),
    findBare: (name, rank) => pickSame(bare.get(`${rank}|${name}`)),
    findSoldOn: (name) => pickSame(soldOn.get(name)),
    isNamePart: (name) => parts.has(name),
    isMakersNamePart: (name) => makersParts.has(name),
    findDated: (name, { calledOn, isNewestMeant }) => {
      const all = dated.get(name) ?? [];
      const day = calledOn?.replaceAll('-', '');
      const earlier = day === undefined ? all : all.filter((key) => (dateOf(key) ?? '') <= day);
      const keys = [...(earlier.length > 0 ? earlier : all)].sort((left, right) =>
        (dateOf(left) ?? '') < (dateOf(right) ?? '') ? 1 : -1,
      );
      return isNewestMeant ? (keys[0] ?? null) : pickSame(keys);
    },
    findRegional: (name) => {
      const region = formatRegionKey(name);
      return region === null ? null : pickSame(regional.get(region));
    },
    hasOtherPreview: (name, key) => {
      const start = `${name}-preview`;
      return [...prices].some(
        ([other, price]) =>
          price !== prices.get(key) &&
          (unwrapName(other) === start || unwrapName(other).startsWith(`${start}-`)),
      );
    },
    findAnyCase: (name) => {
      const keys = lower.get(name.toLowerCase()) ?? [];
      return keys.length === 1 ? (keys[0] ?? null) : pickSame(keys);
    },
    findBareCase: (name) => bareLower.get(name.toLowerCase()) ?? null,
  };
}

function rankKey(key: string): Rank {
  if (readBedrockForm(key)) return 1;
  if (key.startsWith('vertex_ai/')) return 2;
  if (/^azure(?:_ai)?\//.test(key)) return 3;
  return MAKERS.test(key) || !key.includes('/') ? 0 : RESELLER_RANK;
}

/** Keys of a region cost more than the same model elsewhere: only a name that shows the region may find them. */
function isDearerRegion(key: string): boolean {
  const region = readBedrockForm(key)?.region ?? '';
  return (
    (region !== '' && region !== 'global') || /^azure(?:_ai)?\/(?:us|eu|global|global-standard)\//.test(key)
  );
}

/** Region, vendor and the undated name in its maker's spelling: the same for every way to write one Bedrock model. */
function formatRegionKey(name: string): string | null {
  const form = readBedrockForm(name);
  if (form === null) return null;
  const rest = unwrapName(form.rest.replace(/-v\d+(?::\d+)?$/, ''));
  return `${form.region}|${form.vendor}|${spellClaude(stripDate(rest) ?? rest)}`;
}

function dateOf(key: string): string | null {
  return readDate(unwrapName(key));
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const found = map.get(key);
  if (found) found.push(value);
  else map.set(key, [value]);
}
