-- Agents whose logs this warehouse knows, with the names of the products.
-- @version 1
-- @since   0.1.0
-- @grain   agent
-- @column  agent         Id of the agent, as in every other view.
-- @column  display_name  The product's own name.
-- @example select display_name, count(*) from sessions join agents using (agent) group by all
select
    agent,
    display_name,
from raw.agents
