-- What the neighbours of a source said of it when it was loaded.

alter table raw.sources add column told_hash ubigint;
