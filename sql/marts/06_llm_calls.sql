-- Billed API calls: one row each, whatever number of lines and files state it.
--
-- Which statements are one call: the same response, by its id or by another name (`alias`) that any statement of it gives;
-- and, where the provider's request is named on all of them and none is a sidechain's, the same request. Which statement
-- counts: the surest form, then the greatest output, then
-- the greatest total, then the owner's file, then the smaller path, then the last line. Who owns a call that stands in
-- several files: a transcript that is no sidechain and no fork, then the file whose first record is older, then the
-- smaller path.
-- Source of the rule: adapters/claude-code/README.md, "One call, many lines".

create or replace temp table call_names as
select alias, min(response_id) as response_id,
from raw.usage
where alias is not null
group by alias;

create or replace temp view statements as
select
    u.rowid as statement_no, u.source_no, u.line_no, u.item_no, u.session_no, u.occurred_at, u.form,
    coalesce(n.response_id, u.response_id) as response_id, u.request_key, u.is_fork, u.is_sidechain, u.provider, u.model_raw,
    u.uncached_input_tokens, u.cache_read_tokens, u.cache_write_5m_tokens, u.cache_write_1h_tokens, u.output_tokens,
    u.reasoning_tokens, u.web_search_count, u.service_tier, u.speed, u.inference_geo, u.stop_reason, u.reported_cost_usd,
    u.duration_ms, u.purpose, u.granularity, u.api_call_count, u.first_token_ms,
from raw.usage as u
left join call_names as n on n.alias = coalesce(u.alias, u.response_id)
union all
select
    -1 - rowid, source_no, line_no, 0, session_no, occurred_at, 'counter'::raw.usage_form, response_id, null, false, false, null,
    model_raw, uncached_input_tokens, cache_read_tokens, cache_write_tokens, 0, output_tokens, reasoning_tokens, null,
    service_tier, null, null, null, null, null, null, granularity, api_call_count, null,
from counter_usage;

create or replace temp table changed_names as
select response_id from raw.usage where rowid > getvariable('last_usage')
union
select alias from raw.usage where alias is not null and rowid > getvariable('last_usage')
union
select response_id from raw.usage where source_no in (select source_no from changed_sources where is_whole)
union
select alias from raw.usage where alias is not null and source_no in (select source_no from changed_sources where is_whole)
union
select response_id from touched_responses;

create or replace temp table changed_responses as
select response_id from changed_names
union
select response_id from raw.usage where alias in (select response_id from changed_names)
union
select response_id from counter_usage
union
select coalesce(response_id, llm_call_id) from mart.llm_calls where session_no in (select session_no from changed_sessions);

-- What a fuller account of the same session and model, or a source that tells the session more fully, makes void.
create or replace temp table outdone_responses as
with accounts as (
    select session_no, model_raw, response_id, account
    from raw.usage
    where account is not null and session_no in (select session_no from changed_sessions)
    union all
    select session_no, model_raw, response_id, account
    from counter_usage
    where account is not null
),

outdone as (
    select response_id
    from accounts
    qualify account < max(account) over (partition by session_no, model_raw)
)

select response_id from outdone
union
select u.response_id
from raw.usage as u
left join mart.outranked as o on o.source_no = u.source_no and o.session_no = u.session_no
where u.session_no in (select session_no from mart.outranked)
group by u.response_id
having count(o.source_no) = count(*);

create or replace temp table responses as
select
    s.response_id,
    count(s.request_key) = count(*) and min(s.request_key) <> max(s.request_key) and not bool_or(s.is_sidechain) as is_split,
    min(s.source_no) <> max(s.source_no) as is_repeated,
from statements as s
semi join changed_responses as c on c.response_id = s.response_id
anti join outdone_responses as o on o.response_id = s.response_id
group by s.response_id;

create or replace temp table owners as
with ages as (
    select source_no, min(occurred_at) as first_at,
    from raw.events
    where source_no in (
        select s.source_no
        from statements as s
        semi join (from responses where is_repeated) as r on r.response_id = s.response_id
    )
    group by source_no
)

select
    s.response_id,
    case when r.is_split then s.request_key end as request_key,
    s.source_no,
    s.session_no,
from statements as s
inner join (from responses where is_repeated) as r on r.response_id = s.response_id
left join ages as a on a.source_no = s.source_no
inner join source_ranks as k on k.source_no = s.source_no
qualify row_number() over (
    partition by s.response_id, case when r.is_split then s.request_key end
    order by s.form = 'progress', s.is_sidechain, s.is_fork, a.first_at, k.source_rank, s.line_no, s.item_no
) = 1;

-- The rank of a statement is one number, for speed: 2 bits of its form, 32 of its output, 34 of its total, 22 of its file,
-- 31 of its line and 6 of its place there.
create or replace temp table winners as
select
    s.response_id,
    case when r.is_split then s.request_key end as split_key,
    arg_max(
        s.statement_no,
        (
            (enum_code(s.form)::bigint * 4294967296 + least(coalesce(s.output_tokens, 0), 4294967295))::hugeint * 17179869184
            + least(
                coalesce(s.uncached_input_tokens, 0) + coalesce(s.cache_read_tokens, 0)
                + coalesce(s.cache_write_5m_tokens, 0) + coalesce(s.cache_write_1h_tokens, 0),
                17179869183
            )
        ) * 576460752303423488
        + (
            case when o.source_no is null or o.source_no = s.source_no then 4194303 else 4194303 - k.source_rank end * 137438953472
            + s.line_no::bigint * 64
            + least(s.item_no, 63)
        )
    ) as statement_no,
    any_value(o.session_no) as owner_session_no,
    min(s.occurred_at) filter (where o.source_no is null or o.source_no = s.source_no) as started_at,
    max(s.occurred_at) filter (where o.source_no is null or o.source_no = s.source_no) as ended_at,
    bool_or(s.stop_reason is not null) as has_stop_reason,
from statements as s
inner join responses as r on r.response_id = s.response_id
inner join source_ranks as k on k.source_no = s.source_no
left join owners as o
    on o.response_id = s.response_id
    and o.request_key is not distinct from case when r.is_split then s.request_key end
group by all;

insert into changed_sessions
select session_no from mart.llm_calls where coalesce(response_id, llm_call_id) in (select response_id from changed_responses)
union
select coalesce(w.owner_session_no, s.session_no) from winners as w inner join statements as s using (statement_no)
except
select session_no from changed_sessions;

delete from mart.llm_calls
where
    coalesce(response_id, llm_call_id) in (select response_id from changed_responses)
    or (form = 'counter' and session_no in (select session_no from changed_sessions));

insert into mart.llm_calls
with calls as (
    select
        s.*,
        w.split_key,
        coalesce(w.owner_session_no, s.session_no) as owner_session_no,
        w.started_at,
        w.ended_at,
        w.has_stop_reason,
    from winners as w
    inner join statements as s using (statement_no)
),

-- A statement that names no model is of the one that was set before it.
unnamed as (
    select c.statement_no, m.model_raw, m.service_tier,
    from (
        select s.statement_no, s.source_no, s.line_no,
        from statements as s
        semi join winners as w on w.statement_no = s.statement_no
        where s.model_raw is null
    ) as c
    asof left join (select source_no, line_no, model_raw, service_tier from raw.turn_contexts where model_raw is not null) as m
        on m.source_no = c.source_no and c.line_no >= m.line_no
),

session_agents as (
    select s.session_no, a.tells_stop_reason, a.provider,
    from raw.sessions as s
    inner join raw.agents as a using (agent)
),

providers as (
    select session_no, arg_min(provider, place) as provider,
    from placed_headers
    where provider is not null
    group by session_no
),

placed as (
    select
        c.* replace (
            coalesce(c.model_raw, u.model_raw) as model_raw,
            coalesce(c.service_tier, u.service_tier) as service_tier,
            coalesce(c.provider, p.provider, a.provider) as provider
        ),
        coalesce(a.tells_stop_reason, false) as tells_stop_reason,
    from calls as c
    left join session_agents as a on a.session_no = c.owner_session_no
    left join unnamed as u using (statement_no)
    left join providers as p on p.session_no = c.owner_session_no
),

rates as (
    select
        price_no,
        model,
        service_tier,
        -- The base band also holds a call without any context; what is open is closed far away, so that a hash join serves.
        case when context_over_tokens = 0 then -1 else context_over_tokens end as context_over_tokens,
        coalesce(context_up_to_tokens, 9223372036854775807) as context_up_to_tokens,
        valid_from_on,
        coalesce(valid_to_on, date '9999-12-31') as valid_to_on,
        fast_multiplier,
        geo_multipliers,
        web_search_usd,
        cast(uncached_input_usd * 0.000001 as decimal(18, 15)) as uncached_input_rate,
        cast(cache_read_usd * 0.000001 as decimal(18, 15)) as cache_read_rate,
        cast(cache_write_5m_usd * 0.000001 as decimal(18, 15)) as cache_write_5m_rate,
        cast(cache_write_1h_usd * 0.000001 as decimal(18, 15)) as cache_write_1h_rate,
        cast(output_usd * 0.000001 as decimal(18, 15)) as output_rate,
        cast(reasoning_usd * 0.000001 as decimal(18, 15)) as reasoning_rate,
    from raw.model_prices
    where model in (select price_model from raw.model_names)
),

-- Beside the rest: an asof join sorts whole rows.
turns as (
    select c.statement_no, t.turn_id,
    from (
        select s.statement_no, s.started_at, coalesce(r.root_session_no, s.owner_session_no) as root_session_no,
        from calls as s
        left join session_roots as r on r.session_no = s.owner_session_no
        where s.started_at is not null
    ) as c
    asof inner join turn_starts as t
        on t.root_session_no = c.root_session_no
        and c.started_at >= t.started_at
),

priced as (
    select
        c.*,
        n.price_model,
        t.turn_id,
        -- Bands are of one request: a sum of several is priced in the base band.
        case
            when c.granularity = 'call' then
                coalesce(c.uncached_input_tokens, 0) + coalesce(c.cache_read_tokens, 0)
                + coalesce(c.cache_write_5m_tokens, 0) + coalesce(c.cache_write_1h_tokens, 0)
            else 0
        end as context_tokens,
        case
            when c.service_tier in ('priority', 'fast') then 'priority'
            when c.service_tier in ('flex', 'batch') then c.service_tier
            else 'standard'
        end as price_tier,
        coalesce((c.started_at at time zone 'UTC')::date, date '9999-12-30') as called_on,
    from placed as c
    left join raw.model_names as n
        on n.model_raw = c.model_raw
        and n.provider is not distinct from c.provider
    left join turns as t using (statement_no)
),

multiplied as (
    select
        c.*,
        p.price_no,
        p.uncached_input_rate,
        p.cache_read_rate,
        p.cache_write_5m_rate,
        p.cache_write_1h_rate,
        p.output_rate,
        p.reasoning_rate,
        p.web_search_usd,
        case when c.speed = 'fast' then coalesce(p.fast_multiplier, 1) else 1 end
        * coalesce(p.geo_multipliers[lower(c.inference_geo)], 1) as multiplier,
    from priced as c
    left join rates as p
        on p.model = c.price_model
        and p.service_tier = c.price_tier
        and c.context_tokens > p.context_over_tokens
        and c.context_tokens <= p.context_up_to_tokens
        and c.called_on >= p.valid_from_on
        and c.called_on < p.valid_to_on
        -- Half of what a call used has no cost: it would pass for the whole.
        and c.output_tokens is not null
        and coalesce(c.uncached_input_tokens, c.cache_read_tokens, c.cache_write_5m_tokens, c.cache_write_1h_tokens) is not null
),

-- Fast mode and the place of inference raise the price of uncached input and output.
rated as (
    select
        * replace (
            case when multiplier = 1 then uncached_input_rate else cast(uncached_input_rate * multiplier as decimal(18, 15)) end as uncached_input_rate,
            case when multiplier = 1 then output_rate else cast(output_rate * multiplier as decimal(18, 15)) end as output_rate,
            case when multiplier = 1 then reasoning_rate else cast(reasoning_rate * multiplier as decimal(18, 15)) end as reasoning_rate
        ),
    from multiplied
)

select
    c.response_id || coalesce(':' || c.split_key, ''),
    case when c.split_key is not null then c.response_id end,
    c.owner_session_no,
    c.turn_id,
    c.source_no,
    c.line_no,
    c.item_no,
    c.form,
    c.provider,
    c.model_raw,
    c.started_at,
    c.ended_at,
    c.uncached_input_tokens,
    c.cache_read_tokens,
    c.cache_write_5m_tokens,
    c.cache_write_1h_tokens,
    c.output_tokens,
    c.reasoning_tokens,
    c.web_search_count,
    c.service_tier,
    c.speed,
    c.inference_geo,
    c.stop_reason,
    c.duration_ms,
    c.purpose,
    c.form in ('response', 'progress') and c.tells_stop_reason and not c.has_stop_reason,
    c.reported_cost_usd,
    c.price_no,
    -- The sum of v1.call_cost; a test holds the two equal for every call.
    case
        when c.price_no is null then null
        else
            coalesce(token_cost(c.uncached_input_tokens, c.uncached_input_rate), 0)
            + coalesce(token_cost(c.cache_read_tokens, c.cache_read_rate), 0)
            + coalesce(token_cost(c.cache_write_5m_tokens, c.cache_write_5m_rate), 0)
            + coalesce(token_cost(c.cache_write_1h_tokens, c.cache_write_1h_rate), 0)
            + coalesce(
                case
                    when c.reasoning_rate is null then token_cost(c.output_tokens, c.output_rate)
                    else
                        cast(
                            cast(c.output_tokens - least(coalesce(c.reasoning_tokens, 0), c.output_tokens) as decimal(19, 0))
                            * c.output_rate
                            + cast(least(coalesce(c.reasoning_tokens, 0), c.output_tokens) as decimal(19, 0))
                            * c.reasoning_rate
                            as decimal(18, 9)
                        )
                end,
                0
            )
            + coalesce(cast(cast(c.web_search_count as decimal(19, 0)) * c.web_search_usd as decimal(18, 9)), 0)
    end,
    c.granularity,
    c.api_call_count,
    c.first_token_ms,
from rated as c;
