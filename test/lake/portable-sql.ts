/** What SQL that several engines run must not hold, and what to write instead. */
export interface PortableRule {
  readonly name: string;
  readonly instead: string;
  /** Held against the statement without comments, with its literals emptied. */
  readonly pattern: RegExp | ((code: string) => boolean);
  /** Statements that break it. */
  readonly breaks: readonly string[];
}

export const PORTABLE_RULES: readonly PortableRule[] = [
  {
    name: 'qualify',
    instead: 'row_number() in a subquery',
    pattern: /\bqualify\b/,
    breaks: ['select a from t qualify row_number() over (order by a) = 1'],
  },
  {
    name: 'filter on a window',
    instead: 'sum(case …) over',
    pattern: /\bfilter\s*\((?:[^()]|\([^()]*\))*\)\s*over\b/,
    breaks: ['select count(*) filter (where a > 0) over (partition by b) from t'],
  },
  {
    name: 'filter without where',
    instead: 'filter (where …)',
    pattern: /\bfilter\s*\((?!\s*where\b)/,
    breaks: ['select count(*) filter (a > 0) from t'],
  },
  {
    name: 'quantiles of an engine',
    instead: 'nearest rank over a cumulative histogram',
    pattern: /\b(quantile\w*|percentile\w*|approx_\w+|median|mad|mode)\s*\(/,
    breaks: [
      'select quantile_cont(a, 0.5) from t',
      'select median(a) from t',
      'select approx_percentile(a, 1) from t',
    ],
  },
  {
    name: 'time functions of an engine',
    instead: 'columns in _ms subtracted, date_trunc, cast(ts as date)',
    pattern:
      /\b(epoch\w*|date_diff|datediff|date_add|date_sub|dayofweek|extract|date_part|strftime|make_\w+|to_\w+|age|now|current_\w+|time_bucket)\s*\(/,
    breaks: [
      'select epoch_ms(a) from t',
      "select date_diff('day', a, b) from t",
      'select dayofweek(a) from t',
      'select now()',
    ],
  },
  {
    name: 'an interval that is no number in quotes and a unit',
    instead: "interval '30' minute",
    pattern: /\binterval\b(?!\s*''\s*(second|minute|hour|day|month|year)\b)/,
    breaks: ['select a + interval 30 minute from t', "select a + interval '30 minutes' from t"],
  },
  {
    name: 'group by all',
    instead: 'every column spelled out',
    pattern: /\b(group|order)\s+by\s+(all\b|\d)/,
    breaks: [
      'select a, count(*) from t group by all',
      'select a from t order by 1 nulls last',
      'select a from t order by all',
    ],
  },
  {
    name: 'a cast by two colons',
    instead: 'cast(x as type)',
    pattern: /::|\btry_cast\b/,
    breaks: ['select a::bigint from t', 'select try_cast(a as bigint) from t'],
  },
  {
    name: 'varchar without a length',
    instead: 'varchar(64)',
    pattern: /\b(varchar|string|text)\b(?!\s*\(\d)/,
    breaks: ['select cast(a as varchar) from t', 'select cast(a as text) from t'],
  },
  {
    name: 'whole numbers out of fractions by cast',
    instead: 'floor or round first',
    pattern: /\bcast\s*\(\s*\d+\.\d+\s+as\s+(int|integer|bigint)\b/,
    breaks: ['select cast(2.5 as int)'],
  },
  {
    name: 'the average of a decimal',
    instead: 'avg(cast(x as double))',
    pattern: /\bavg\s*\(\s*[\w.]*_usd\b/,
    breaks: ['select avg(t.cost_usd) from t'],
  },
  {
    name: 'a quotient without a double',
    instead: 'x * 1e0 / y, or cast(x as double) / y',
    pattern: /(?<!\b1e\d\s)(?<!\bas double\)\s)\/(?!\*)/,
    breaks: [
      'select a / b from t',
      'select sum(a) / count(*) from t',
      'select t.cost_usd / t.n from t',
      'select a // b from t',
    ],
  },
  {
    name: 'greatest and least',
    instead: 'case, or coalesce first: engines differ about NULL',
    pattern: /\b(greatest|least)\s*\((?!\s*coalesce\b)/,
    breaks: ['select greatest(a, b) from t', 'select least(t.a, 1) from t'],
  },
  {
    name: 'an order that leaves out NULL',
    instead: 'nulls first or nulls last on every key',
    pattern: (code) => hasBareKey(code),
    breaks: [
      'select a from t order by a',
      'select row_number() over (order by a asc nulls last, b) as n from t',
    ],
  },
  {
    name: 'names in quotes',
    instead: 'names that need none',
    pattern: /["`]/,
    breaks: ['select a as "A" from t', 'select `a` from t'],
  },
  {
    name: 'ilike, similar to, regular expressions, glob',
    instead: 'lower(x) like',
    pattern: /\b(ilike|similar\s+to|rlike|regexp\w*|glob|starts_with|ends_with|contains)\b/,
    breaks: [
      "select a from t where a ilike 'x%'",
      "select regexp_matches(a, 'x') from t",
      "select starts_with(a, 'x') from t",
    ],
  },
  {
    name: 'joins of one engine',
    instead: 'exists, not exists',
    pattern:
      /\b(semi|anti|asof|positional|lateral|natural)\s+(left\s+|inner\s+)?join\b|\blateral\b|\busing\s*\(/,
    breaks: [
      'select a from t semi join u on t.a = u.a',
      'select a from t anti join u on t.a = u.a',
      'select a from t asof join u on t.a >= u.a',
      'select a from t join u using (a)',
    ],
  },
  {
    name: 'lists, maps, lambdas, structs made, pivots',
    instead: 'rows',
    pattern:
      /\b(list\w*|array\w*|unnest|explode|struct_\w+|map\w*|row|lambda|pivot|unpivot|string_agg|group_concat|listagg|any_value|first|last|arg_max|arg_min|max_by|min_by|bool_or|bool_and)\s*\(|->|[[\]{}]/,
    breaks: [
      'select list(a) from t',
      "select a ->> 'x' from t",
      'select [1, 2]',
      'select {x: 1}',
      "select string_agg(a, ',' order by a) from t",
      'select arg_max(a, b) from t',
      'select bool_or(a) from t',
    ],
  },
  {
    name: 'if and ifnull',
    instead: 'case, coalesce',
    pattern: /\b(if|iff|ifnull|nvl|decode)\s*\(/,
    breaks: ['select if(a, 1, 2) from t', 'select ifnull(a, 1) from t'],
  },
  {
    name: 'a star but in count',
    instead: 'columns',
    pattern: /(\bselect\s+|,\s*|\.)\*|\bexclude\b|\breplace\b|\bcolumns\s*\(/,
    breaks: ['select * from t', 'select t.* from t', 'select a, * from t', 'select * exclude (a) from t'],
  },
  {
    name: 'a qualified column without its name',
    instead: 's.host as host',
    // In a select list: a column with its table and no more, up to the comma or the from.
    pattern: /(?<=\bselect\s+(?:distinct\s+)?|,\s*\n\s*)[a-z_]+\.[a-z_]+\s*(?=,\s*\n|\n\s*from\b)/,
    breaks: ['select\n    t.a,\n    t.b as b\nfrom t', 'select\n    t.b as b,\n    t.a\nfrom t'],
  },
  {
    name: 'a comma before from',
    instead: 'no comma there',
    pattern: /,\s*\n?\s*(from|where|group|order|\))/,
    breaks: ['select\n    a,\nfrom t'],
  },
  {
    name: 'limit',
    instead: 'row_number() as place, and where place <= $limit',
    pattern: /\b(limit|offset|fetch|top)\s+[$\d(]/,
    breaks: ['select a from t limit 10', 'select a from t limit $limit'],
  },
  {
    name: 'settings and variables',
    instead: 'parameters',
    pattern: /\b(getvariable|current_setting|set)\b/,
    breaks: ["select getvariable('x')"],
  },
  {
    name: 'more than one SELECT statement',
    instead: 'the body alone',
    pattern: /;|\b(create|insert|update|delete|merge|copy|attach|use)\b/,
    breaks: ['select a from t; select b from t', 'create table u as select a from t'],
  },
];

/** The names of the rules that a statement breaks; comments and literals do not count. */
export function brokenRules(sql: string): readonly string[] {
  const code = withoutLiterals(sql);
  return PORTABLE_RULES.filter(({ pattern }) =>
    typeof pattern === 'function' ? pattern(code) : pattern.test(code),
  ).map(({ name }) => name);
}

function withoutLiterals(sql: string): string {
  return sql
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, (match) =>
      match.startsWith("'") ? quotedNumber(match) : ' ',
    )
    .toLowerCase();
}

/** `'30'` stays a literal that is empty; one with more than a number in it is no interval of the subset. */
const quotedNumber = (literal: string): string =>
  /^'\d*'$/.test(literal) || !/^'\d+ /.test(literal) ? "''" : "'' x";

/** Whether a key of an `order by`, of a statement or a window, says nothing of NULL. */
function hasBareKey(code: string): boolean {
  for (const { index } of code.matchAll(/\border\s+by\b/g)) {
    const keys = keysFrom(code.slice(index).replace(/^order\s+by/, ''));
    if (keys.some((key) => !/\bnulls\s+(first|last)\b/.test(key))) return true;
  }
  return false;
}

function keysFrom(text: string): readonly string[] {
  const keys: string[] = [''];
  let depth = 0;
  for (const [word] of text.matchAll(/\b(?:rows|range|limit)\b|[\s\S]/g)) {
    if (word === ')' && depth === 0) break;
    if (depth === 0 && /^(rows|range|limit)$/.test(word)) break;
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (word === ',' && depth === 0) keys.push('');
    else keys[keys.length - 1] += word;
  }
  return keys;
}
