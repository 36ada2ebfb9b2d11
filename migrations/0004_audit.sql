-- What the audit asks of the logs beyond cost: where a person broke off, where reasoning was withheld, what was left
-- to run in the background.

-- Whether the record says that a person or the agent's host broke the work off.
alter table raw.events add column is_interruption boolean default false;
-- Whether the record holds reasoning that can be seen to be there, and not be read.
alter table raw.events add column has_withheld_reasoning boolean default false;
-- Whether the tool was asked to go on by itself: nobody waits for its end.
alter table raw.tool_uses add column is_background boolean default false;
