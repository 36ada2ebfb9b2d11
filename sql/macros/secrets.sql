-- Masking: what looks like a secret is replaced before a text reaches the warehouse (src/ingest/mask-stored.ts).
--
-- The forms of keys that services give out are those of gitleaks (sql/seeds/secret_rules.csv), in two variables:
-- `secret_signs`, one expression that finds every text worth a look, and `secret_rules`, a keyword and an expression
-- each. Only rules whose keyword a text has are run on it, so that their expressions are compiled for few texts. Beside
-- them stand rules of our own that go by a rare word (src/ingest/own-secret-rules.ts). What is found by where it stands,
-- whatever the words, is found by the rules below.

-- Whether a text may hold a secret at all: a cheap look that spares most texts the masking. No sign is empty, so that what
-- is found can be compared: DuckDB compiles a long expression three times for regexp_matches, and once to extract.
create or replace temp macro may_hold_secret(words) as regexp_extract(
    words,
    '(?i)-----BEGIN|\bsk-|[srp]k_(?:live|test)_|whsec_|gh[opsur]_|github_pat_|\bgl[a-z]{2,5}-|AKIA|ASIA|xox[a-z][.-]|xapp-|AIza|ya29\.|GOCSPX-|npm_|pypi-|\bhf_|gsk_|xai-|nvapi-|\br8_|tvly-|dckr_|\bhv[sb]\.|sgp_|shp(?:at|ca|pa|ss)_|do[opr]_v1_|eyJ|ATATT3|://[^\s@]*@|://[^/\s@:]*:[^/\s]*$|authorization|bearer\s|basic\s|cookie["''\\]*[\s:=]|\s--?u|\s-[sSfLkiv]+u\s|\s-[sSfLkiv]*b\s*["'']?[\w.-]+=|\s--proxy-u|sshpass|mysql|mariadb|mongo|redis-cli|\slogin\s'
    || '|(?:pass(?:word|wd|wort|phrase|code)|kennwort|contraseña|mot_de_passe|secret|token|(?:api|access|account|auth|encryption|private|signing|master)[_-]?key|credential|(?:\b|_|PG)(?:pass|pw|pwd)|_key|_auth)[\w-]*["''`\\\]]*\s*[=:＝：]'
    || '|-[\w-]*(?:pass(?:word|wd|phrase)|token|key|secret|credentials?)[\s=]|\bx-[\w-]*(?:key|auth|pass)["''\\]*\s*[:=]|subscription-key|pwd["''`\\\]]*\s*[=:]|[?&](?:sig|signature|x-[a-z-]+|key|auth)=|'
    || getvariable('secret_signs')
) <> '';

-- Keys and values by rules that go by a keyword.
create or replace temp macro without_known_keys(words) as list_reduce(
    list_prepend(
        words,
        list_transform(
            list_filter(getvariable('secret_rules'), lambda r: contains(lower(words), r.keyword)),
            lambda r: r.pattern
        )
    ),
    lambda masked_words, pattern: regexp_replace(masked_words, pattern, '\1[masked]\2', 'g')
);

-- Private keys, common keys that are cut short or of a form newer than the rules, and passwords in URLs, or a long name
-- there that is itself the key; also where the text ends before the host. A password with a slash in it begins with
-- something else than a port.
create or replace temp macro common_keys() as
    '(?s)-----BEGIN[A-Z0-9 _-]{0,40}PRIVATE KEY.*?(?:-----END[A-Z0-9 _-]{0,40}PRIVATE KEY(?: BLOCK)?-*|$)'
    || '|\b(?:sk-(?:ant|proj|svcacct|admin|or)-[\w-]{8,}|sk-[A-Za-z0-9]{16,}|[srp]k_(?:live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/]{16,}'
    || '|gh[opsur]_[A-Za-z0-9]{8,}|github_pat_\w{8,}|gl(?:pat|ptt|rt|dt|cbt|soat)-[\w-]{8,}|(?:AKIA|ASIA)[A-Z0-9]{8,}'
    || '|xox[a-z][.-][A-Za-z0-9.-]{8,}|xapp-[A-Za-z0-9-]{8,}|AIza[\w-]{12,}|ya29\.[\w-]{8,}|GOCSPX-[\w-]{8,}|npm_[A-Za-z0-9]{16,}|pypi-AgE[\w-]{8,}'
    || '|hf_[A-Za-z0-9]{16,}|gsk_[A-Za-z0-9]{16,}|xai-[A-Za-z0-9]{16,}|nvapi-[\w-]{16,}|r8_[A-Za-z0-9]{16,}|tvly-[\w-]{12,}|dckr_pat_[\w-]{8,}'
    || '|hv[sb]\.[\w-]{16,}|sgp_\w{16,}|shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{8,}|do[opr]_v1_[a-f0-9]{8,}|ATATT3[\w=-]{16,}|eyJ[\w-]{8,}(?:\.[\w-]*){0,2})'
    || '|(://)(?:[^/\s@:"''<>?#]*:[^/\s"''<>?#]*|[^/\s@:"''<>?#]{16,}|[^/\s@:"''<>?#[\]]*:[^/\s@"''<>?#${}]*[^/\s@"''<>?#${}0-9][^/\s@"''<>?#${}]*[/?#][^\s@"''<>]*)(@)'
    || '|(://[^/\s@:"''<>]*:)[^/\s@"''<>${]*[A-Za-z][^/\s@"''<>]{5,}$';

create or replace temp macro without_common_keys(words) as regexp_replace(words, common_keys(), '\1\3[masked]\2', 'g');

-- What is looked for in paths and names: common keys, and values in the manner of `?password=…`.
set variable name_secrets = (
    select common_keys() || '|((?i:password|passwd|secret|token|api[_-]?key|access[_-]?key)=)[^\s/"''&;=>$][^\s/"''&;]{3,}'
);

-- Whether one of some lines, a path or a name each, may hold a secret; few others do. Short, since it is compiled for every
-- statement that stores names.
create or replace temp macro names_may_hold_secret(lines) as regexp_extract(
    lines,
    '-----BEGIN|(?:sk-|npm_|hf_|gsk_|xai-|nvapi-|r8_)[A-Za-z0-9]{16}'
    || '|(?:sk-(?:ant|proj|svcacct|admin|or)-|k_(?:live|test)_|whsec_|gh[opsur]_|github_pat_|gl[a-z]{2,4}-|AKIA|ASIA|xox[a-z][.-]|xapp-|AIza|ya29\.|GOCSPX-|pypi-AgE|nvapi-|tvly-|dckr_pat_|hv[sb]\.|sgp_|shp[a-z]{2}_|do[opr]_v1_|ATATT3|eyJ)[\w+/=-]{8}'
    || '|://(?:[^\s@/]*:[^\s@]*|[^\s@:/]{16,})@|://[^\s@:/]*:[^\s@/]*[A-Za-z][^\s@/]{5,}\s|(?i:password|passwd|secret|token|key)=[^\s/=>$]'
) <> '';

-- A path or a name with its secrets replaced. Those that hold one are few: made of the name, too, the expression is compiled
-- for these alone, and not for each column of each statement.
create or replace temp macro name_replaced(words) as
    regexp_replace(words, getvariable('name_secrets') || words[:0], '\1\3\4[masked]\2', 'g');

create or replace temp macro name_without_secrets(words) as
    case when names_may_hold_secret(words || chr(10)) then name_replaced(words) else words end;

-- Headers that prove who asks.
create or replace temp macro without_header_values(words) as regexp_replace(
    words,
    '(?i)(authorization["''\\]*\s*[:=]\s*["''\\]*(?:(?:bearer|basic|token|digest|negotiate|api-?key|bot)\s+)?)[^\s"''\\;]{4,}'
    || '|\b(bearer\s+)(?:[A-Za-z_.~+/=-]*[0-9][A-Za-z0-9._~+/=-]{4,}|[A-Za-z0-9._~+/=-]{20,})'
    || '|\b(basic\s+)(?-i:[A-Za-z0-9+/]*(?:[0-9=]|[a-z][A-Z])[A-Za-z0-9+/=]{4,})'
    || '|(cookie["''\\]*\s*:\s*["''\\]*)[^"''\\\n]{8,}'
    || '|\b((?:x-(?:[\w-]*-)?(?:key|auth|pass)|[\w-]*subscription-key)["''\\]*\s*[:=]\s*["''\\]*)[^\s"''\\,;$<{][^\s"''\\,;]{5,}',
    '\1\2\3\4\5[masked]',
    'g'
);

-- Options of commands.
create or replace temp macro without_option_values(words) as regexp_replace(
    words,
    '(?i)((?:^|\s)(?:(?-i:-[sSfLkiv]*u)|--user|--proxy-user)(?:\s+|=)?["'']?)[^\s"'':=]+:[^\s"'']*[^\s"''0-9][^\s"'']*'
    || '|((?:^|\s)--?[\w-]*(?:password|passwd|passphrase|token|api-?key|access-?key)(?:\s+|=)["'']?)[^\s"''-][^\s"'']{3,}'
    || '|((?:^|\s)--?[\w-]*(?:secret|private-?key|credentials?)(?:\s+|=)["'']?)[^\s"''./~-][^\s"'']{3,}'
    || '|(\b(?:sshpass|mysql\w*|mariadb[\w-]*|mongo\w*|redis-cli|(?:docker|podman|registry|npm)\s+login)\b[^\n|;&]*?\s(?-i:-p|-a)\s?["'']?)[^\s"''-][^\s"'']{2,}'
    || '|(\s(?:(?-i:-[sSfLkiv]*b)|--cookie)(?:\s+|=)["'']?[\w.-]+=)[^\s"'';&$]{8,}(?:;\s*[\w.-]+=[^\s"'';&]+)*',
    '\1\2\3\4\5[masked]',
    'g'
);

-- What stands between a name and its value. A value may also begin on the next line, as in YAML.
create or replace temp macro sets_value() as '["''`\\\]]*\s*(?:=>|:=|=|:|＝|：)\s*(?:[|>][+-]?[ \t]*\n\s*)?';

-- Names whose values are secrets, up to the value.
create or replace temp macro secret_names() as
    '(?:password|passwd|passwort|passphrase|passcode|kennwort|contraseña|mot_de_passe|secret(?:[_-]?(?:access[_-]?)?key)?|(?:api|access|account|auth|encryption|private|signing|master)[_-]?key|credentials?)'
    || '(?:[_-][\w-]*|[0-9]+)?' || sets_value();

-- A value that is no word: a digit stands in it.
create or replace temp macro value_with_digit() as
    '(?:[^\s"''`&;0-9$/~.=>(<{[\\][^\s"''`&;0-9(]{0,3}[0-9][^\s"''`&;(]{2,}|[^\s"''`&;0-9$/~.=>(<{[\\][^\s"''`&;0-9(]{4,}[0-9][^\s"''`&;(]*|[0-9]+[^\s0-9"''`&;,.)][^\s"''`&;(]{4,})';

-- Values of names such as `DB_PASSWORD=…`, `"apiKey": "…"`. A token's value has digits or is long: many a sentence has
-- the word before a colon.
create or replace temp macro without_named_values(words) as regexp_replace(
    words,
    '(?i)(' || secret_names() || '")(?:\\.|[^"\\\n]){3,}|(' || secret_names() || '\\+")(?:[^"\\\n]|\\+[^"\\\n]){3,}|(' || secret_names() || '[''`])[^''`\n]{3,}|(' || secret_names() || ')[^\s"''`&;\\]{4,}'
    || '|(token(?:[_-][\w-]*|[0-9]+|value)?["''`\\\]]*\s*=>?\s*["''`\\]*)(?:[0-9]+[^\s0-9"''`&;]|[^\s0-9"''`&;=>])[^\s"''`&;]{3,}'
    || '|(token(?:[_-][\w-]*|[0-9]+|value)?["''`\\\]]*\s*[:＝：]\s*["''`\\]*)(?:(?:[^\s0-9"''`&;]+[0-9]|[0-9]+[^\s0-9"''`&;])[^\s"''`&;]{6,}|[^\s0-9"''`&;]{16,})'
    || '|(pwd["''`\\\]]*\s*[=:]\s*["''`\\]*)[^\s"''`&;/$~.][^\s"''`&;]{3,}'
    || '|([?&](?:sig|signature|x-(?:amz|goog)-(?:signature|security-token|credential)|key|auth)=)[^\s"''&#]{8,}',
    '\1\2\3\4\5\6\7\8[masked]',
    'g'
);

-- Values of short names. A word for a password is a name before `=` or a quote, or behind `_`; a key is one only where it
-- is written as names of the environment are, and has a value with letters and digits in a row.
create or replace temp macro without_short_named_values(words) as regexp_replace(
    words,
    '(?i)((?-i:(?:\b|_|\bPG)(?:PASS|PW)=["''\\]*))[^\s"''`&;$/~.=\\][^\s"''`&;\\]{3,}'
    || '|((?:\b|_)(?:pass|pw)["''`\\\]]*\s?=>?\s?["''`\\]*|(?:\b|_)(?:pass|pw)["''\\]*\s*:\s*\\?["''`]|_(?:pass|pw)\s*:\s*)' || value_with_digit()
    || '|((?-i:\b[A-Z][A-Z0-9_]*_(?:KEY|AUTH))["''`\\\]]*\s*[=:]\s*["''`\\]*)(?:base64:[^\s"''`&;]{8,}|[\w+:-]*[0-9][A-Za-z0-9+]{6,}[^\s"''`&;]*)',
    '\1\2\3[masked]',
    'g'
);

-- A text with what looks like a secret replaced. For paths and names, which hold one once in a blue moon,
-- name_without_secrets does: to plan this one takes milliseconds, for each statement that has it.
create or replace temp macro without_secrets(words) as case
    when not may_hold_secret(words) then words
    else without_short_named_values(without_named_values(without_option_values(without_header_values(without_known_keys(without_common_keys(words))))))
end;

-- What an adapter says of a text that people, agents or tools wrote. The masking itself is done to every text that is
-- stored, whether its adapter says so or not.
create or replace temp macro masked(words) as words;
