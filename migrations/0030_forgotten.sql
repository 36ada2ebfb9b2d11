-- What was removed on purpose and is to stay away: known again by a hash, since its own name may be what was to go.
create table raw.forgotten (
    -- Of a log's path or a transcript's public id: see src/ingest/forgotten.ts.
    forgotten_id varchar not null,
    forgotten_kind varchar not null,
    -- What was forgotten in one go has the id of what was named.
    group_id varchar not null,
    agent varchar not null,
    forgotten_at timestamptz not null,
    -- Of a transcript: sources that tell of others too, and are read again when it is wanted back.
    source_nos integer[] not null,
    row_count bigint not null
);
