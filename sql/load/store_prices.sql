-- The rows of the price book, given as one JSON text, as a table.
insert into raw.model_prices
with price_rows as (
    select
        unnest(
            from_json(
                $rows::json,
                '[{
                    "model": "VARCHAR",
                    "provider": "VARCHAR",
                    "valid_from_on": "DATE",
                    "valid_to_on": "DATE",
                    "context_over_tokens": "BIGINT",
                    "context_up_to_tokens": "BIGINT",
                    "service_tier": "VARCHAR",
                    "uncached_input_usd": "VARCHAR",
                    "cache_read_usd": "VARCHAR",
                    "cache_write_5m_usd": "VARCHAR",
                    "cache_write_1h_usd": "VARCHAR",
                    "output_usd": "VARCHAR",
                    "reasoning_usd": "VARCHAR",
                    "web_search_usd": "VARCHAR",
                    "fast_multiplier": "VARCHAR",
                    "geo_multipliers": "MAP(VARCHAR, DECIMAL(9,4))",
                    "max_input_tokens": "BIGINT",
                    "derived": ["VARCHAR"],
                    "source": "VARCHAR"
                }]'
            ),
            recursive := true
        ),
)

select row_number() over (), *,
from price_rows
