/** What a newer price list changes, for people. */
import {
  formatRowKey,
  hasSamePrices,
  PRICE_CLASSES,
  type PriceClass,
  type PriceRow,
  type ServiceTier,
} from './price-row.ts';
import { omitDerivedTiers } from './service-tiers.ts';

/** One price of a changed row; USD per million tokens, for web search per request. */
export interface PriceStep {
  readonly price_class: PriceClass;
  readonly old_usd: string | null;
  readonly new_usd: string | null;
}

export interface PriceChange {
  /** `added` and `removed` speak of what the newer list names; a removed model keeps its price. */
  readonly kind: 'added' | 'removed' | 'changed';
  readonly model: string;
  readonly context_over_tokens: number;
  readonly service_tier: ServiceTier;
  readonly steps: readonly PriceStep[];
}

/** Compares the rows in force of two lists, by model, band and tier. Tiers without a price of their own are left out. */
export function diffPrices(before: readonly PriceRow[], after: readonly PriceRow[]): readonly PriceChange[] {
  const old = indexInForce(before);
  const next = indexInForce(after);
  const changes: PriceChange[] = [];
  for (const key of [...new Set([...old.keys(), ...next.keys()])].sort()) {
    const left = old.get(key);
    const right = next.get(key);
    const row = right ?? left;
    if (row === undefined || (left && right && hasSamePrices(left, right))) continue;
    changes.push({
      kind: left === undefined ? 'added' : right === undefined ? 'removed' : 'changed',
      model: row.model,
      context_over_tokens: row.context_over_tokens,
      service_tier: row.service_tier,
      steps: listSteps(left, right),
    });
  }
  return changes;
}

/** `changed claude-x (over 200000 tokens, flex): output 15 → 12` */
export function formatPriceChange(change: PriceChange): string {
  const place = [
    change.context_over_tokens > 0 ? `over ${change.context_over_tokens} tokens` : '',
    change.service_tier === 'standard' ? '' : change.service_tier,
  ].filter((text) => text !== '');
  const where = place.length > 0 ? ` (${place.join(', ')})` : '';
  const steps = change.steps.map((step) => {
    const name = step.price_class.replaceAll('_', ' ');
    if (change.kind === 'added') return `${name} ${step.new_usd}`;
    if (change.kind === 'removed') return `${name} ${step.old_usd}`;
    return `${name} ${step.old_usd ?? 'none'} → ${step.new_usd ?? 'none'}`;
  });
  return `${change.kind} ${change.model}${where}: ${steps.join(', ') || 'limits or multipliers'}`;
}

function indexInForce(rows: readonly PriceRow[]): ReadonlyMap<string, PriceRow> {
  const inForce = rows.filter((row) => row.valid_to_on === null);
  return new Map(omitDerivedTiers(inForce).map((row) => [formatRowKey(row), row]));
}

function listSteps(left: PriceRow | undefined, right: PriceRow | undefined): readonly PriceStep[] {
  return PRICE_CLASSES.map((name) => ({
    price_class: name,
    old_usd: left?.[`${name}_usd`] ?? null,
    new_usd: right?.[`${name}_usd`] ?? null,
  })).filter((step) => step.old_usd !== step.new_usd);
}
