create table sessions (id text primary key, description text not null default '', working_dir text not null, created_at timestamp, updated_at timestamp, extension_data text, total_tokens integer, input_tokens integer, output_tokens integer, accumulated_total_tokens integer, accumulated_input_tokens integer, accumulated_output_tokens integer);
create table messages (id integer primary key autoincrement, session_id text not null, role text not null, content_json text not null, created_timestamp integer not null, timestamp timestamp, tokens integer, metadata_json text);
insert into sessions values ('20250901_080000', 'Old', '/home/dev/proj', '2025-09-01 08:00:00', '2025-09-01 08:10:00', '{}', 12, 10, 2, 360, 300, 60);
insert into sessions values ('20250902_080000', 'Thinking', '/home/dev/proj', '2025-09-02 08:00:00', '2025-09-02 08:10:00', '{}', 12, 10, 2, 560, 500, 50);
insert into messages values (1, '20250901_080000', 'user', '[{"type":"text","text":"hello"}]', 1756713601, null, null, null);
insert into messages values (2, '20250901_080000', 'assistant', '[{"type":"text","text":"hi"}]', 1756713602, null, null, null);
insert into messages values (3, '20250901_080000', 'assistant', 'cut', 1756713603, null, null, null);
