-- Classes that a call is charged by.
-- @version 1
-- @since   0.1.0
-- @grain   token_class
select token_class
from (
    values ('uncached_input'), ('cache_read'), ('cache_write_5m'), ('cache_write_1h'), ('output'), ('web_search')
) as classes(token_class)
