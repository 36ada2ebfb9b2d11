-- How findings are worded, and what they leave out.

-- A whole number with its thousands apart: `200,000`.
create or replace temp macro grouped(n) as format('{:,}', cast(n as bigint));

-- Whole seconds in words: `42 s`, `5 min 8 s`, `2 h 5 min`.
create or replace temp macro spoken_seconds(s) as case
    when s < 60 then s || ' s'
    when s < 3600 then (s // 60) || ' min' || case when s % 60 > 0 then ' ' || (s % 60) || ' s' else '' end
    else grouped((s + 30) // 3600) || ' h'
        || case when (s + 30) % 3600 >= 60 then ' ' || ((s + 30) % 3600 // 60) || ' min' else '' end
end;

-- A duration in words, rounded as tables round it.
create or replace temp macro spoken(ms) as spoken_seconds((ms + 500) // 1000);

-- A count with its noun: `1 file`, `3 files`.
create or replace temp macro counted_as(n, noun) as grouped(n) || ' ' || noun || case when n = 1 then '' else 's' end;

create or replace temp macro percent(part, whole) as round(100.0 * part / whole)::bigint || ' %';

create or replace temp macro file_name(path) as regexp_extract(path, '([^/\\]+)[/\\]*$', 1);

-- Whether a command is done at once, so that a long wait for it was one to be allowed.
create or replace temp macro is_quick_program(program) as regexp_matches(
    program,
    '^(?:ls|cat|head|tail|wc|pwd|echo|printf|mkdir|rmdir|touch|cp|mv|rm|ln|chmod|chown|which|type|stat|file|sort|uniq|cut|tr|grep|rg|sed|awk|diff|test|true|date|whoami|env|export|basename|dirname|realpath|tree|jq|git|git (?:add|am|apply|blame|branch|checkout|cherry-pick|clean|commit|config|diff|init|log|ls-files|merge|mv|rebase|remote|reset|restore|rev-parse|revert|rm|show|stash|status|submodule|switch|tag|worktree))$'
);

-- Whether a command only writes: after any other, a file is not changed blindly.
create or replace temp macro is_writing_program(program) as regexp_matches(
    program,
    '^(?:mkdir|touch|echo|printf|cp|mv|rm|ln|chmod|cd|pwd|date|true|which|export|git (?:init|add|commit|checkout|switch|branch|push|pull|fetch|clone|stash|merge|rebase)|(?:npm|pnpm|yarn|bun) (?:init|install|i|add|ci|create)|(?:pip3?|uv|poetry|brew|apt|apt-get|cargo|go) (?:init|new|install|add|mod|pip|sync)|npx|bunx)$'
);

-- Whether a file is prose, a picture or data: nothing that tests, linters or builds look at.
create or replace temp macro is_prose(path) as regexp_matches(
    lower(path),
    '\.(?:md|mdx|markdown|txt|rst|adoc|org|tex|csv|tsv|log|out|pdf|docx?|xlsx?|svg|png|jpe?g|gif|webp|ico|patch|diff|jsonl|lock)$|(?:^|[/\\])(?:license|copying|authors|notice|changelog|changes|readme|todo|codeowners|issue_template[/\\][^/\\]+|\.git[a-z]+|\.env[^/\\]*)$'
);

-- Whether a command may have tried out a file: it names it, or anything that sounds like a check.
create or replace temp macro may_verify(command, changed_file) as
contains(command, changed_file)
or regexp_matches(command, '(?i)(?:^|[^a-z])(?:tests?|specs?|checks?|lint\w*|build|rebuild|verify|validate|compile|typecheck|e2e|smoke|bench|run|start|serve|dev|curl|coverage|storybook|preview)(?:[^a-z]|$)');
