import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqlFile } from '../catalog/sql-files.ts';
import { AgenttraceError } from '../model/errors.ts';
import { canonicalModelName } from '../prices/name-forms.ts';
import { parseOverrides } from '../prices/overrides.ts';
import { assemblePriceBook, createBookResolver, type PriceBook } from '../prices/price-book.ts';
import { loadSeed, parsePriceFile } from '../prices/price-file.ts';
import type { PriceRow } from '../prices/price-row.ts';
import { RESOLVER_VERSION } from '../prices/resolve.ts';
import type { Connection, SqlValue } from '../warehouse/connection.ts';
import { PRICE_LIST, PRICE_OVERRIDES, PRICE_SEED } from './price-places.ts';

export interface PriceTexts {
  readonly seed: string;
  readonly list: string | undefined;
  readonly overrides: string | undefined;
  /** Equal texts, read by an equal program, price every call alike. */
  readonly fingerprint: string;
  readonly folder: string | undefined;
}

/** Reads what the prices are made of, without making them. */
export function readPriceTexts(folder: string | undefined): PriceTexts {
  const seed = sqlFile(PRICE_SEED);
  const list = folder === undefined ? undefined : readIfThere(join(folder, PRICE_LIST));
  const overrides = folder === undefined ? undefined : readIfThere(join(folder, PRICE_OVERRIDES));
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([RESOLVER_VERSION, seed, list ?? null, overrides ?? null]))
    .digest('hex');
  return { seed, list, overrides, fingerprint, folder };
}

let lastBook: { readonly fingerprint: string; readonly book: PriceBook } | undefined;

/** Makes the book of the prices in force; made once as long as its texts stay. */
export function priceBookOf(texts: PriceTexts): PriceBook {
  if (lastBook?.fingerprint !== texts.fingerprint) {
    lastBook = { fingerprint: texts.fingerprint, book: makeBook(texts) };
  }
  return lastBook.book;
}

function makeBook({ seed, list, overrides, folder }: PriceTexts): PriceBook {
  return assemblePriceBook({
    seed: loadSeed(seed),
    list: list === undefined ? null : parsePriceFile(list, join(folder ?? '', PRICE_LIST)),
    overrides:
      overrides === undefined ? null : parseOverrides(overrides, join(folder ?? '', PRICE_OVERRIDES)),
  });
}

/** Replaces the price table; what was resolved by the old one is forgotten. */
export async function storePrices(connection: Connection, book: PriceBook): Promise<void> {
  await connection.execute(`
    delete from raw.model_prices;
    delete from raw.model_names;
    create or replace temp table listed_prices (
        price_no integer, model varchar, provider varchar, valid_from_on varchar, valid_to_on varchar,
        context_over_tokens bigint, context_up_to_tokens bigint, service_tier varchar, uncached_input_usd varchar,
        cache_read_usd varchar, cache_write_5m_usd varchar, cache_write_1h_usd varchar, output_usd varchar,
        reasoning_usd varchar, web_search_usd varchar, fast_multiplier varchar, geo_multipliers varchar,
        max_input_tokens bigint, derived varchar, source varchar
    );
  `);
  await connection.append(
    { catalog: 'temp', schema: 'main', table: 'listed_prices' },
    book.rows.map(priceValues),
  );
  await connection.execute(`
    insert into raw.model_prices
    select * replace (
        case when geo_multipliers <> '' then from_json(geo_multipliers, '"MAP(VARCHAR, DECIMAL(9,4))"') end as geo_multipliers,
        case when derived <> '' then string_split(derived, ' ') end as derived
    )
    from listed_prices;
    drop table listed_prices;
  `);
}

function priceValues(row: PriceRow, index: number): readonly SqlValue[] {
  return [
    index + 1,
    row.model,
    row.provider,
    row.valid_from_on,
    row.valid_to_on,
    BigInt(row.context_over_tokens),
    row.context_up_to_tokens === null ? null : BigInt(row.context_up_to_tokens),
    row.service_tier,
    row.uncached_input_usd,
    row.cache_read_usd,
    row.cache_write_5m_usd,
    row.cache_write_1h_usd,
    row.output_usd,
    row.reasoning_usd,
    row.web_search_usd,
    row.fast_multiplier,
    Object.keys(row.geo_multipliers).length > 0 ? JSON.stringify(row.geo_multipliers) : '',
    row.max_input_tokens === null ? null : BigInt(row.max_input_tokens),
    row.derived.join(' '),
    row.source,
  ];
}

/** Model names in the raw tables that no price was looked up for yet. */
const UNRESOLVED_NAMES = `
  with named as (
      select distinct provider, model_raw from raw.usage where model_raw is not null
      union
      select distinct h.provider, u.model_raw
      from (select distinct session_no, model_raw from raw.usage where model_raw is not null and provider is null) as u
      inner join raw.session_headers as h using (session_no)
      union
      select distinct h.provider, t.model_raw
      from (select distinct session_no, model_raw from raw.turn_contexts where model_raw is not null) as t
      inner join raw.session_headers as h using (session_no)
  )
  select n.provider, n.model_raw
  from named as n
  where not exists (
      from raw.model_names as k where k.model_raw = n.model_raw and k.provider is not distinct from n.provider
  )`;

/** Finds, for every new name of a model, the name to show and the price to use. */
export async function resolveModelNames(connection: Connection, book: () => PriceBook): Promise<void> {
  const { rows } = await connection.query(UNRESOLVED_NAMES);
  if (rows.length === 0) return;
  const resolve = createBookResolver(book());
  const names = rows.map(([provider, model]): readonly SqlValue[] => {
    const logged = { provider: provider === null ? null : String(provider), model: String(model) };
    const { priceModel, rule } = resolve(logged);
    return [
      logged.provider,
      logged.model,
      canonicalModelName(logged.model) ?? logged.model,
      priceModel,
      rule,
    ];
  });
  await connection.append({ schema: 'raw', table: 'model_names' }, names);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AgenttraceError({
      code: 'bad_input',
      message: 'The prices could not be read.',
      source: path,
      hint: 'Make the file readable, or remove it to use the shipped prices.',
      cause: error,
    });
  }
}
