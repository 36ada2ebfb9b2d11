-- What the tables of an export share. Temporary: nothing of it stays in the warehouse.

-- Public id of a price row.
create or replace temp macro price_id(price) as left(
    md5(
        concat_ws(
            '|',
            price.model,
            price.valid_from_on,
            price.context_over_tokens,
            price.service_tier,
            price.source
        )
    ),
    16
);
