-- Parts of logs that could not be read.
-- @version 2
-- @since   0.1.0
-- @grain   source_id, line_number, offset_bytes
-- @column  source_id     Source it stands in.
-- @column  line_number   Line it begins on, from 1; of a database or document, the number of the record.
-- @column  offset_bytes  Where in the file it begins; 0 where only a record is known.
-- @column  size_bytes    How long it is.
-- @column  reason        Why it is no record.
-- @example select reason, count(*) from rejects group by reason
select
    keys.source_id,
    cast(rejects.line_no as bigint) as line_number,
    rejects.byte_offset as offset_bytes,
    rejects.size_bytes,
    rejects.reason,
from raw.rejects as rejects
inner join internal.source_keys as keys using (source_no)
