-- The timeline: what each transcript's own records say, in order.
--
-- Records that repeat another transcript's history are left out. Tool calls stand here as one entry for the call and one
-- for its result.
-- @version 1
-- @since   0.1.0
-- @grain   event_id
-- @column  event_id         Id of the entry.
-- @column  session_id       Transcript it stands in.
-- @column  sequence_number  Its place in the transcript, from 1.
-- @column  occurred_at      When; NULL: the record bears no time, and stands last.
-- @column  event_type       What it is, such as `user_prompt`, `assistant`, `tool_call`, `tool_result` or `compaction`.
-- @column  turn_id          Turn of the root session that was under way; NULL: none was, or the record bears no time.
-- @column  llm_call_id      API call that it is a part of.
-- @column  tool_call_id     Tool call that it is a part of.
-- @column  text_bytes       Length of its text, input or result.
-- @column  source_id        Source that states it.
-- @column  source_line      Line there.
-- @example select sequence_number, occurred_at, event_type from events where session_id = '…' order by 1
with own_records as (
    select
        events.source_no,
        events.line_no,
        events.item_no,
        events.session_no,
        events.occurred_at,
        cast(events.event_type as varchar) as event_type,
        cast(events.uuid as varchar) as uuid,
        events.text_bytes,
    from raw.events as events
    left join mart.replays as replays using (source_no)
    anti join mart.event_copies as copies
        on copies.source_no = events.source_no
        and copies.line_no = events.line_no
        and copies.item_no = events.item_no
    where
        events.event_type not in ('tool_call', 'tool_result')
        and (replays.first_own_line_no is null or events.line_no >= replays.first_own_line_no)
),

call_lines as (
    select
        source_no,
        line_no,
        min(llm_call_id) as llm_call_id,
    from mart.llm_calls
    group by all
),

records as (
    select
        records.source_no,
        records.line_no,
        records.item_no,
        records.session_no,
        records.occurred_at,
        records.event_type,
        records.uuid || if(records.item_no = 0, '', ':' || records.item_no) as native_id,
        -- (An asof join finds something for NULL, too, where it sorts.)
        if(records.occurred_at is null, null, turns.turn_id) as turn_id,
        if(records.event_type in ('assistant', 'reasoning'), call_lines.llm_call_id, null) as llm_call_id,
        null as tool_call_id,
        records.text_bytes,
    from own_records as records
    left join mart.sessions as sessions on sessions.session_no = records.session_no
    asof left join internal.turn_starts as turns
        on turns.session_no = sessions.root_session_no
        and turns.started_at <= records.occurred_at
    left join call_lines
        on call_lines.source_no = records.source_no
        and call_lines.line_no = records.line_no
),

tool_steps as (
    select
        source_no,
        line_no,
        item_no,
        session_no,
        called_at as occurred_at,
        'tool_call' as event_type,
        tool_call_id || ':call' as native_id,
        turn_id,
        llm_call_id,
        tool_call_id,
        input_bytes as text_bytes,
    from mart.tool_calls
    union all
    select
        result_source_no,
        result_line_no,
        result_item_no,
        session_no,
        returned_at,
        'tool_result',
        tool_call_id || ':result',
        turn_id,
        llm_call_id,
        tool_call_id,
        result_bytes,
    from mart.tool_calls
    where result_source_no is not null
),

entries as (
    select * from records
    union all by name
    select * from tool_steps
)

select
    coalesce(
        entries.native_id,
        sessions.session_id
        || if(entries.source_no = sessions.source_no, '', ':' || sources.source_id)
        || ':' || entries.line_no
        || if(entries.item_no = 0, '', ':' || entries.item_no)
    ) as event_id,
    sessions.session_id,
    row_number() over (
        partition by sessions.session_id
        order by
            entries.occurred_at asc nulls last,
            sources.source_id,
            entries.line_no,
            entries.item_no,
            entries.event_type,
            entries.native_id
    ) as sequence_number,
    entries.occurred_at,
    entries.event_type,
    entries.turn_id,
    entries.llm_call_id,
    entries.tool_call_id,
    entries.text_bytes,
    sources.source_id,
    cast(entries.line_no as bigint) as source_line,
from entries
inner join internal.session_keys as sessions on sessions.session_no = entries.session_no
inner join internal.source_keys as sources on sources.source_no = entries.source_no
