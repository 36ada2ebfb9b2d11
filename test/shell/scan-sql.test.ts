import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onOneLine, scanSql } from '../../src/cli/shell/scan-sql.ts';

test.each([
  ['select 1;', ['select 1']],
  ['select 1; select 2;', ['select 1', ' select 2']],
  [`select ';', ";", $$;$$, $a$ ; $$ $a$;`, [`select ';', ";", $$;$$, $a$ ; $$ $a$`]],
  [`select 'it''s;', e'\\';', 'a\\';`, [`select 'it''s;', e'\\';', 'a\\'`]],
  ['select 1 -- ; no\n;', ['select 1 -- ; no\n']],
  ['select /* ; /* ; */ ; */ 1;', ['select /* ; /* ; */ ; */ 1']],
  [`select name'x;' from a$b;`, [`select name'x;' from a$b`]],
  [';;', []],
  ['-- nothing;\n;', []],
  ["select 'naïve 数据; 🦆';", ["select 'naïve 数据; 🦆'"]],
])('%j ends where DuckDB would end it', (sql, statements) => {
  expect(scanSql(sql)).toEqual({ statements, rest: '', open: 'nothing' });
});

test.each([
  ['select 1', 'statement'],
  ["select 'a;", 'string'],
  ["select 'a'';", 'string'],
  ["select e'\\';", 'string'],
  ['select "a;', 'identifier'],
  ['select /* a; */ /* b;', 'comment'],
  ['select $$ a;', 'dollar'],
  ['-- only a comment', 'nothing'],
  ['  ', 'nothing'],
])('%j goes on inside of a %s', (sql, open) => {
  expect(scanSql(sql).open).toBe(open);
});

test('cuts every text the same whether it comes whole or line by line, and loses nothing', () => {
  const part = fc.constantFrom(
    "'",
    '"',
    '$$',
    '$t$',
    '--',
    '/*',
    '*/',
    ';',
    '\n',
    ' ',
    'e',
    'a',
    '\\',
    '1',
    'é',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const whole = scanSql(text);
      let rest = '';
      const statements: string[] = [];
      for (const line of text.split(/(?<=\n)/)) {
        const scanned = scanSql(rest + line);
        statements.push(...scanned.statements);
        rest = scanned.open === 'nothing' ? '' : scanned.rest;
      }
      // Comments before a statement begins are let go line by line.
      expect(statements).toHaveLength(whole.statements.length);
      statements.forEach((sql, index) => {
        expect(whole.statements[index]?.endsWith(sql)).toBe(true);
      });
      expect(whole.rest.endsWith(rest)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['select 1,\n  2\nfrom t', 'select 1, 2 from t'],
  ['select 1 -- one\n, 2', 'select 1 /* one */ , 2'],
  ["select 'a\nb'", undefined],
  ['select 1 -- a */\n', undefined],
])('%j is recalled as %j', (sql, line) => {
  expect(onOneLine(sql)).toBe(line);
});
