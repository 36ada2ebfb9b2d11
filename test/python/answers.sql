-- Rows that are hard to carry: the ends of types, NULL, signs of every format, an empty text.
select
    n,
    big_tokens,
    huge,
    cost_usd::decimal(18, 9) as cost_usd,
    ratio,
    is_ok,
    text,
    at_zone,
    at_plain,
    on_day,
    list,
    nested
from (
    values
        (
            1,
            9223372036854775807::bigint,
            12345678901234567890123456789012345678::hugeint,
            123456789.123456789::decimal(18, 9),
            0.1::double,
            true,
            'plain',
            timestamptz '2026-01-31 23:59:59.123456+00',
            timestamp '2026-01-31 23:59:59.123456',
            date '2026-02-28',
            [1::bigint, null, 9223372036854775807],
            {'a': 1::bigint, 'b': 'x'}
        ),
        (
            2,
            -9223372036854775808,
            -1,
            -0.000000001,
            -1.5e300,
            false,
            'quotes " '' ` and, commas; | bars | \ * _ <b> [x](y) $a$',
            timestamptz '1969-12-31 23:59:59.999999+00',
            timestamp '0001-01-01 00:00:00',
            date '0001-01-01',
            [],
            {'a': null, 'b': '"'}
        ),
        (
            3,
            0,
            0,
            0,
            0,
            null,
            'two' || chr(10) || 'lines' || chr(13) || chr(10) || 'and' || chr(9) || 'a tab',
            timestamptz '2026-03-29 01:00:00+00',
            timestamp '2026-03-29 01:00:00',
            date '2026-03-29',
            [0],
            {'a': 0, 'b': ''}
        ),
        (4, null, null, null, null, null, null, null, null, null, null, null),
        (5, 1, 1, 0.1, 1, true, '', timestamptz 'epoch', timestamp 'epoch', date '1970-01-01', [1], {'a': 1, 'b': 'ü'}),
        (
            6,
            2,
            2,
            2,
            2,
            true,
            '日本語 한국어 👩‍👩‍👧 e' || chr(769) || ' ' || chr(8203) || 'ﬁ',
            timestamptz '9999-12-31 00:00:00+00',
            timestamp '9999-12-31 00:00:00',
            date '9999-12-31',
            [2],
            {'a': 2, 'b': '🙂'}
        )
) as t(n, big_tokens, huge, cost_usd, ratio, is_ok, text, at_zone, at_plain, on_day, list, nested)
order by n
