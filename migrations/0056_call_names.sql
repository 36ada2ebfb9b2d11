-- A call may have two names, and be told elsewhere by one of them alone.

-- Another name of the call beside its response: the span that it was.
alter table raw.usage add column alias varchar;
