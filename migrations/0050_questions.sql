-- Tools that ask a person: what passes until their result is that person's time.

-- Whether the tool puts a question or a plan before a person and waits for the answer.
alter table raw.tool_uses add column is_question boolean default false;
alter table mart.tool_calls add column is_question boolean default false;
