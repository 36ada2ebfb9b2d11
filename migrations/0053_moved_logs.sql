-- Logs that agents move, compress or copy under another name are told apart from logs that tell of one session together.

-- Whether files that hold one transcript and begin alike are one log under several names.
alter table raw.agents add column moves_logs boolean default false;
