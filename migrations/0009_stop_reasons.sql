-- Whether each complete answer of the agent's logs names why it ended: one that names nothing was cut off.
alter table raw.agents add column tells_stop_reason boolean default false;
