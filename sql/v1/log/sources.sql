-- Log files, databases and exports that were read.
--
-- A source whose file is gone stays, with its rows, until it is forgotten.
-- @version 1
-- @since   0.1.0
-- @grain   source_id
-- @column  source_id        Id: a hash of host and path.
-- @column  agent            Agent that wrote it.
-- @column  host             Machine it was read on; NULL: not known.
-- @column  user_name        Account it was read by.
-- @column  path             Where it lies.
-- @column  format           How it is built, such as `jsonl`.
-- @column  size_bytes       Size at the last load.
-- @column  modified_at      When it was last written to.
-- @column  first_loaded_at  When it was first read.
-- @column  last_loaded_at   When it was last read.
-- @column  line_count       Lines read; of a log that is read on from where the last load ended, such as a database, lines or rows that say something.
-- @column  reject_count     Parts that could not be read: see `rejects`.
-- @column  pending_bytes    Bytes at the end that are no whole record yet.
-- @column  is_vanished      The file is gone; its rows are kept.
-- @column  last_error       Why the last attempt to read it failed; NULL: it did not.
-- @column  adapter_version  Version of the reader.
-- @example select agent, count(*), sum(size_bytes) from sources group by agent
with reject_counts as (
    select
        source_no,
        count(*) as reject_count,
    from raw.rejects
    group by source_no
)

select
    left(md5(coalesce(sources.host, '') || ':' || sources.path), 16) as source_id,
    sources.agent,
    sources.host,
    sources.user_name,
    sources.path,
    sources.format,
    sources.size_bytes,
    make_timestamptz(sources.modified_ns // 1000) as modified_at,
    sources.first_loaded_at,
    sources.last_loaded_at,
    cast(sources.line_count as bigint) as line_count,
    coalesce(reject_counts.reject_count, 0) as reject_count,
    sources.pending_bytes,
    sources.is_vanished,
    sources.last_error,
    sources.adapter_version,
from raw.sources as sources
left join reject_counts using (source_no)
