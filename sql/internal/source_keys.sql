-- Public identity of every source.
--
-- The id is a hash of host and path, so that it is the same on every load and in every warehouse.
-- @version 1
-- @since   0.1.0
-- @grain   source_no
select
    source_no,
    left(md5(coalesce(host, '') || ':' || path), 16) as source_id,
    agent,
    host,
    user_name,
    path,
from raw.sources
