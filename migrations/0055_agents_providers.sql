-- Who serves an agent's calls where its logs name nobody.

-- Made anew: DuckDB commits no rows of a table that one transaction gave two columns, one of them with a default.
create table raw.agents_with_providers (
    agent varchar primary key,
    display_name varchar not null,
    tells_stop_reason boolean default false,
    moves_logs boolean default false,
    provider varchar
);

insert into raw.agents_with_providers by name from raw.agents;

drop table raw.agents;

alter table raw.agents_with_providers rename to agents;
