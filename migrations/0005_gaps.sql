-- Every silence between neighbouring events of a transcript, by what was being waited for.

create type mart.gap_kind as enum ('model', 'tool', 'permission', 'human', 'unknown');

create table mart.gaps (
    session_no integer not null,
    started_at timestamptz not null,
    gap_ms bigint not null,
    gap_kind mart.gap_kind not null,
    -- The part of it in which the agent waited before it asked an API again.
    retry_ms bigint,
    -- The events at its ends, and where the first of them stands.
    before_event raw.event_type,
    after_event raw.event_type,
    source_no integer,
    line_no integer
);
