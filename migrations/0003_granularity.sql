-- What agents other than the first two state: usage that is no single call, several accounts of one session's usage,
-- sources that are no append-only file.

-- What a row of usage stands for: one API call, all calls of a session and model, a call in rounded figures, a guess.
create type raw.granularity as enum ('call', 'session', 'rounded', 'estimate');

alter table raw.usage add column granularity raw.granularity default 'call';
-- API calls that the row stands for; NULL: the log does not say how many.
alter table raw.usage add column api_call_count bigint default 1;
alter table raw.usage add column first_token_ms bigint;
-- Where logs keep several accounts of what a session used, which one this row belongs to: of a session and model, only
-- the highest counts. NULL: there is but one.
alter table raw.usage add column account tinyint;

alter table raw.usage_counters add column model_raw varchar;
alter table raw.usage_counters add column granularity raw.granularity default 'call';
alter table raw.usage_counters add column total_api_call_count bigint;
alter table raw.usage_counters add column account tinyint;

-- How fully this kind of source tells a session: of sources of several ranks, only the highest count.
alter table raw.session_headers add column rank tinyint default 0;

-- Of the neighbours that belong to a source; and where its reader goes on.
alter table raw.sources add column companion_hash ubigint;
alter table raw.sources add column read_mark varchar;

-- Sessions as a source tells them that is outranked by a fuller one.
create table mart.outranked (
    source_no integer not null,
    session_no integer not null
);

alter table mart.llm_calls add column granularity raw.granularity;
alter table mart.llm_calls add column api_call_count bigint;
alter table mart.llm_calls add column first_token_ms bigint;
alter table mart.sessions add column api_call_count bigint;
