create table schema_version (version integer not null);
insert into schema_version values (8);
create table sessions (
    id text primary key, cwd text, repository text, host_type text, branch text, summary text, created_at text, updated_at text
);
insert into sessions values
    ('cs-7', '/home/dev/proj', 'dev/proj', 'github', 'main', 'words', '2026-05-08 06:00:00', '2026-05-08 06:00:10'),
    ('cs-8', '/home/dev/gone', 'dev/gone', 'github', 'topic', 'words', '2026-05-08T07:00:00.000Z', '2026-05-08T07:00:00.000Z');
create table assistant_usage_events (
    id integer primary key autoincrement, session_id text not null, turn_index integer, agent_id text, parent_tool_call_id text,
    model text not null, input_tokens integer, output_tokens integer, cache_read_tokens integer, cache_write_tokens integer,
    reasoning_tokens integer, total_nano_aiu integer, request_multiplier real, duration_ms integer, time_to_first_token_ms real,
    initiator text, finish_reason text, token_details_json text, created_at text default (datetime('now'))
);
insert into assistant_usage_events (id, session_id, turn_index, agent_id, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, total_nano_aiu, request_multiplier, duration_ms, time_to_first_token_ms, initiator, finish_reason, created_at)
values
    (1, 'cs-7', 0, null, 'claude-sonnet-4.5', 2000, 30, 1500, 100, 10, 900000000, 1.0, 2400, 812.5, 'user', 'tool_calls', '2026-05-08 06:00:04'),
    (2, 'cs-7', 0, 'sub-1', 'claude-sonnet-4.5', 2100, 12, 2000, 0, 0, 100000000, 0.0, 1500, null, 'agent', 'stop', '2026-05-08 06:00:06'),
    (3, 'cs-7', 0, null, 'gpt-5-mini', 800, 50, null, null, null, 0, 0.0, null, null, 'compaction', 'stop', '2026-05-08T06:00:08.000Z'),
    (5, 'cs-8', 0, null, 'gpt-5.4', 500, 9, 0, 0, 0, 0, 1.0, 700, null, 'user', 'stop', '2026-05-08 07:00:02');
create table turns (id integer primary key, session_id text, turn_index integer, user_message text, assistant_response text, timestamp text);
