/** The four service tiers: how a log's name maps to one, and how a tier without a published price is filled. */
import { divideHalfUp, fromNano, toNano } from './decimal.ts';
import {
  comparePriceRows,
  hasSamePrices,
  type PriceRow,
  SERVICE_TIERS,
  type ServiceTier,
} from './price-row.ts';

const TIER_NAMES: Readonly<Record<string, ServiceTier>> = {
  priority: 'priority',
  fast: 'priority',
  flex: 'flex',
  batch: 'batch',
  batches: 'batch',
};

/** The price tier of what a log calls its service tier. Nothing, `auto`, `default`, `standard` and unknown names: standard. */
export function parseServiceTier(raw: string | null | undefined): ServiceTier {
  return TIER_NAMES[(raw ?? '').toLowerCase()] ?? 'standard';
}

/** Half of a price, as the batch tier costs where no batch price is published. */
export function halve(usd: string): string {
  return fromNano(divideHalfUp(toNano(usd), 2n));
}

/** The stand-in for a tier that the list does not price: batch at half the standard price, the others at the standard price. */
export function deriveTierRow(standard: PriceRow, tier: ServiceTier): PriceRow {
  const row: PriceRow = {
    ...standard,
    service_tier: tier,
    derived: [...standard.derived, 'service_tier'],
  };
  if (tier !== 'batch') return row;
  return {
    ...row,
    uncached_input_usd: halve(row.uncached_input_usd),
    cache_read_usd: halve(row.cache_read_usd),
    cache_write_5m_usd: halve(row.cache_write_5m_usd),
    cache_write_1h_usd: halve(row.cache_write_1h_usd),
    output_usd: halve(row.output_usd),
    reasoning_usd: row.reasoning_usd === null ? null : halve(row.reasoning_usd),
  };
}

/** Adds the stand-ins: every standard row gets each tier that no row of the same model and band covers meanwhile. */
export function addDerivedTiers(rows: readonly PriceRow[]): readonly PriceRow[] {
  const byTier = new Map<string, PriceRow[]>();
  for (const row of rows) {
    const key = formatTierKey(row, row.service_tier);
    const found = byTier.get(key);
    if (found) found.push(row);
    else byTier.set(key, [row]);
  }
  const added: PriceRow[] = [];
  for (const row of rows) {
    if (row.service_tier !== 'standard') continue;
    for (const tier of SERVICE_TIERS) {
      const present = byTier.get(formatTierKey(row, tier)) ?? [];
      if (!present.some((other) => overlaps(row, other))) added.push(deriveTierRow(row, tier));
    }
  }
  return [...rows, ...added].sort(comparePriceRows);
}

/** Leaves out what {@link addDerivedTiers} puts back exactly: the form kept in files. */
export function omitDerivedTiers(rows: readonly PriceRow[]): readonly PriceRow[] {
  const standard = new Map<string, PriceRow>();
  for (const row of rows) if (row.service_tier === 'standard') standard.set(formatSpanKey(row), row);
  return rows.filter((row) => {
    if (row.service_tier === 'standard') return true;
    const base = standard.get(formatSpanKey(row));
    if (base === undefined) return true;
    const standIn = deriveTierRow(base, row.service_tier);
    const isSame =
      hasSamePrices(standIn, row) &&
      standIn.derived.join() === row.derived.join() &&
      standIn.source === row.source &&
      standIn.provider === row.provider &&
      standIn.max_input_tokens === row.max_input_tokens;
    return !isSame;
  });
}

function formatTierKey(row: PriceRow, tier: ServiceTier): string {
  return `${row.model}|${row.context_over_tokens}|${tier}`;
}

function formatSpanKey(row: PriceRow): string {
  return `${row.model}|${row.context_over_tokens}|${row.valid_from_on}|${row.valid_to_on}`;
}

function overlaps(left: PriceRow, right: PriceRow): boolean {
  return (
    (right.valid_to_on === null || left.valid_from_on < right.valid_to_on) &&
    (left.valid_to_on === null || right.valid_from_on < left.valid_to_on)
  );
}
