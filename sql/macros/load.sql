-- What adapters and marts share while a load runs. Temporary: nothing of it stays in the warehouse.

-- A count as a log states it: a negative one is a defect of the log, and no number.
create or replace temp macro counted(n) as case when n >= 0 then n end;

-- A small number as a log states it: one that has no room is a defect of the log, and no number.
create or replace temp macro small(n) as try_cast(n as integer);

-- Microseconds since 1970 as a time; what is beyond the year 9999 is a defect of the log, and no time.
create or replace temp macro instant(microseconds) as case
    when microseconds between -62135596800000000 and 253402300799999999 then make_timestamptz(microseconds::bigint)
end;

-- A time told in seconds that was read as milliseconds.
create or replace temp macro of_seconds(misread) as instant(epoch_us(misread)::hugeint * 1000);

-- What tokens cost at a rate in USD a token. A product of less than 1000 USD has room in DuckDB's small decimals, which are many
-- times as fast as its wide ones.
create or replace temp macro token_cost(tokens, rate) as case
    when tokens <= 1000000 and rate < 0.00099 then cast(cast(tokens as decimal(18, 0)) * rate as decimal(18, 9))
    else cast(cast(tokens as decimal(19, 0)) * rate as decimal(18, 9))
end;

-- Fresh input, where a log's input includes what was read from and written to the cache. (greatest skips NULL.)
create or replace temp macro uncached(input_tokens, cached_tokens, written_tokens) as case
    when input_tokens is not null then greatest(input_tokens - coalesce(cached_tokens, 0) - coalesce(written_tokens, 0), 0)
end;

-- What was read from a cache, where a log's input includes it: never more than the input.
create or replace temp macro cache_read(input_tokens, cached_tokens) as case
    when input_tokens is not null then least(coalesce(cached_tokens, 0), input_tokens)
end;

-- Cache writes by life: as the log splits them, or all for five minutes where it does not.
create or replace temp macro written_5m(five_minutes, one_hour, total) as case
    when coalesce(five_minutes, 0) + coalesce(one_hour, 0) > 0 then counted(coalesce(five_minutes, 0))
    else counted(total)
end;
create or replace temp macro written_1h(five_minutes, one_hour, total) as case
    when coalesce(five_minutes, 0) + coalesce(one_hour, 0) > 0 then counted(coalesce(one_hour, 0))
    when total is not null then 0
end;

-- The first text of a content array that was cut out as raw JSON; any other text as it is.
create or replace temp macro unwrapped(words) as case
    when starts_with(words, '[{') then
        replace(replace(replace(regexp_extract(words, '"text"\s*:\s*"((?:[^"\\]|\\.)*)', 1), '\n', chr(10)), '\"', '"'), '\\', '\')
    else words
end;

-- The kind of an API error, by HTTP status first and by the log's own words second.
create or replace temp macro api_error_kind(status, words) as case
    when status = 429 or words ilike '%rate_limit%' then 'rate_limit'
    when status in (503, 529) or words ilike '%overloaded%' then 'overloaded'
    when status in (401, 403) or words ilike '%auth%' or words ilike '%permission%' then 'auth'
    when status = 402 or words ilike '%billing%' or words ilike '%quota%' or words ilike '%usage_limit%' then 'quota'
    when status = 413 or words ilike '%context%' or words ilike '%too long%' then 'context_overflow'
    when status = 408 or words ilike '%timeout%' or words ilike '%timed out%' then 'timeout'
    when status >= 500 or words ilike '%server%' then 'server'
    when status >= 400 or words ilike '%invalid%' then 'invalid_request'
    when words ilike '%conn%' or words ilike '%network%' or words ilike '%ENOTFOUND%' then 'network'
    when words ilike '%abort%' then 'aborted'
    else 'other'
end;

-- A shell command without what comes before the program: changes of folder, variables, wrappers.
create or replace temp macro unprefixed(command) as case
    when not regexp_matches(
        command,
        '^(?:[\s#.]|cd\s|source\s|set\s|export\s|[A-Za-z_]\w*=|sudo\s|time\s|nohup\s|env\s|command\s|exec\s|timeout\s|\S*sh\s+-)'
    ) then command
    else regexp_replace(
        command,
        '^(?:\s+|#[^\n]*\n|cd\s+(?:"[^"]*"|''[^'']*''|[^\s;&|]+)\s*(?:&&|;|\n)|(?:source|\.)\s+\S+\s*(?:&&|;|\n)|(?:set|export)\s+[^;&|\n]+(?:&&|;|\n)|[A-Za-z_]\w*=(?:"[^"]*"|''[^'']*''|\S*)\s|(?:sudo|time|nohup|env|command|exec)\s+|timeout\s+(?:-\S+\s+)*\S+\s+|(?:\S*/)?(?:ba|z|da)?sh\s+-[a-z]*c\s+["'']?)*',
        ''
    )
end;

-- Program and subcommand of an unprefixed shell command: `git commit`, `npm run test`, `python -m pytest`, `ls`.
create or replace temp macro program_of(words) as nullif(
    case
        when regexp_matches(words, '^(?:\S*/)?(?:git|npm|pnpm|yarn|bun|deno|npx|bunx|cargo|go|docker|podman|kubectl|helm|gh|glab|pip3?|uv|uvx|poetry|pdm|conda|brew|apt|apt-get|dnf|apk|systemctl|dotnet|mix|make|just|task|terraform|aws|gcloud|az|bazel|swift|rails|php|composer|bundle|gem|mvnw?|gradlew?|nx|turbo)\s')
            then trim(regexp_replace(
                regexp_extract(words, '^(?:\S*/)?([\w.+-]+(?:\s+(?:-C\s+\S+|-\S+))*(?:\s+(?:run|exec|compose))?(?:\s+[A-Za-z][\w:.@/-]*)?)', 1),
                '\s+(?:-C\s+\S+|-\S+)',
                '',
                'g'
            ))
        when regexp_matches(words, '^(?:\S*/)?python[0-9.]*\s+-m\s')
            then regexp_extract(words, '^(?:\S*/)?(python[0-9.]*\s+-m\s+[\w.]+)', 1)
        else regexp_extract(words, '^["''(\[{]*(?:\S*/)?([\w.+-]+)', 1)
    end,
    ''
);

-- What an unprefixed shell command verifies: `test`, `lint`, `types`, `build`; NULL: nothing.
create or replace temp macro verification_of(words) as case
    when not regexp_matches(words, 'test|lint|check|tsc|build|verify|ci\b|jest|vitest|mocha|ava|playwright|cypress|biome|prettier|ruff|mypy|pyright|rspec|rubocop|tox|nox|flake8|stan|clippy|nextest|fmt|vet|make|ninja|gradle|mvn|package|compile|credo|dialyzer|validate|plan|xcodebuild|ktlint')
        then null
    when regexp_matches(
        words,
        '(^|[\s;&|(/])((npm|pnpm|yarn|bun|deno|turbo|nx|rake|just|mise|composer|hatch|tox|nox)\s+((run|exec|task|-s|--silent)\s+)*test|((npx|bunx|pnpx|uvx)|(uv|poetry|pdm|pipenv|rye|bundle|pnpm|yarn|npm)\s+(run|exec|dlx))\s+(--?\S+\s+)*(jest|vitest|mocha|ava|playwright|cypress|pytest|rspec|tox)\b|(jest|vitest|mocha|pytest|py\.test|tox|nox|rspec|phpunit|ctest)(\s|$|;|&|\|)|python[0-9.]*\s+-m\s+(pytest|unittest)\b|cargo\s+(\+\S+\s+)?(test|nextest)\b|go\s+test\b|(\./)?(gradlew?|mvnw?)\s+(\S+\s+)*(test|check|verify)\b|make\s+(-\S+\s+)*(test|tests|check)\b|(dotnet|swift|bazel|mix)\s+test\b|node\s+--test\b)'
    ) then 'test'
    when regexp_matches(
        words,
        '(^|[\s;&|(/])((npm|pnpm|yarn|bun|deno|turbo|nx|just)\s+((run|exec|task|-s|--silent)\s+)*(type-?check|tsc|check-?types)\b|((npx|bunx|pnpx|uvx)|(uv|poetry|pdm|pipenv|rye|pnpm|yarn|npm)\s+(run|exec|dlx))\s+(--?\S+\s+)*(tsc|mypy|pyright)\b|(mypy|pyright|tsc|phpstan)(\s|$|;|&|\|)|python[0-9.]*\s+-m\s+(mypy|pyright)\b|cargo\s+(\+\S+\s+)?check\b|mix\s+dialyzer\b)'
    ) then 'types'
    when regexp_matches(
        words,
        '(^|[\s;&|(/])((npm|pnpm|yarn|bun|deno|turbo|nx|rake|just|mise|composer|hatch)\s+((run|exec|task|-s|--silent)\s+)*(lint|check|verify|ci)\b|((npx|bunx|pnpx|uvx)|(uv|poetry|pdm|pipenv|rye|bundle|pnpm|yarn|npm)\s+(run|exec|dlx))\s+(--?\S+\s+)*(eslint|biome|prettier|ruff|rubocop)\b|(ruff|flake8|pylint|eslint|biome|oxlint|stylelint|rubocop|shellcheck|golangci-lint|staticcheck|swiftlint|ktlint|hadolint|actionlint)(\s|$|;|&|\|)|python[0-9.]*\s+-m\s+(ruff|flake8|pylint)\b|cargo\s+(\+\S+\s+)?(clippy|fmt\s+(\S+\s+)*--check)\b|go\s+vet\b|make\s+(-\S+\s+)*lint\b|dotnet\s+format\s+(\S+\s+)*--verify|mix\s+credo\b|terraform\s+(validate|plan)\b|(\./)?gradlew?\s+(\S+\s+)*lint\b)'
    ) then 'lint'
    when regexp_matches(
        words,
        '(^|[\s;&|(/])((npm|pnpm|yarn|bun|deno|turbo|nx|rake|just|mise|composer|hatch)\s+((run|exec|task|-s|--silent)\s+)*build\b|python[0-9.]*\s+-m\s+(compileall|build)\b|cargo\s+(\+\S+\s+)?build\b|go\s+build\b|(\./)?(gradlew?|mvnw?)\s+(\S+\s+)*(build|package|compile)\b|(make|ninja)(\s+(-\S+\s+)*(all|build|verify)\b|\s*($|;|&|\|))|cmake\s+--build\b|(dotnet|swift|bazel)\s+build\b|xcodebuild\b|mix\s+compile\b)'
    ) then 'build'
end;

-- The project of a working directory: its last element. A worktree counts as the folder it belongs to:
-- `…/shop/.worktrees/fix` and `…/shop/.tool/worktrees/fix` are `shop`. Back slashes are read as slashes.
create or replace temp macro project_of(folder) as nullif(
    split_part(regexp_replace(rtrim(replace(folder, '\', '/'), '/'), '(/\.[^/]+)?/\.?worktrees/[^/]+$', ''), '/', -1),
    ''
);
