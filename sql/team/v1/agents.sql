-- Agents, with the names of the products as this program knows them.
select
    agent,
    display_name,
from lake.agents
