import { describe, expect, it } from 'vitest';
import { parseHeader } from '../../src/catalog/header.ts';
import { findDependencies, findParameters } from '../../src/catalog/sql-names.ts';
import { placedError } from './placed-error.ts';

describe('parseHeader', () => {
  it('parts title, description, tags and statement', () => {
    expect(
      parseHeader(
        'a.sql',
        '-- Calls.\n--\n-- One row\n-- a call.\n--\n-- Twice.\n-- @grain id\n-- @column id  First,\n--   then more.\nselect 1;\n',
      ),
    ).toEqual({
      path: 'a.sql',
      title: 'Calls.',
      description: 'One row a call.\n\nTwice.',
      tags: [
        { name: 'grain', text: 'id', line: 7 },
        { name: 'column', text: 'id  First, then more.', line: 8 },
      ],
      sql: 'select 1',
      sqlLine: 10,
    });
  });

  it('takes tags from the first line on, where that is one', () => {
    const text = '-- @title Mine\n-- @param least double 5 At least.\nselect $least';
    expect(parseHeader('a.sql', text)).toMatchObject({
      title: '',
      tags: [
        { name: 'title', text: 'Mine', line: 1 },
        { name: 'param', text: 'least double 5 At least.', line: 2 },
      ],
    });
  });

  it('takes a statement without any header', () => {
    expect(parseHeader('a.sql', '\uFEFFselect 1\r\n')).toMatchObject({
      title: '',
      tags: [],
      sql: 'select 1',
    });
  });

  it.each([
    ['-- Calls.\n-- @grain id\n', 'a.sql:3: There is no statement below the header.'],
    ['-- Calls.\n-- @Grain id\nselect 1', 'a.sql:2: "@Grain id" is no tag.'],
    [
      '-- Calls.\n-- @grain id\n-- stray\nselect 1',
      'a.sql:3: Text after @grain must be indented to belong to it.',
    ],
  ])('says where %j is wrong', (text, message) => {
    expect(placedError(() => parseHeader('a.sql', text))).toContain(message);
  });
});

describe('names in SQL', () => {
  const sql = `select raw.a.x, 'mart.no $no', internal.b.c -- v1.no $no
    from v1.d join main.raw.e /* raw.f */ on $one = $two and xraw.g`;

  it('are dependencies outside comments and texts', () => {
    expect(findDependencies(sql)).toEqual(['internal.b', 'raw.a', 'v1.d']);
  });

  it('are parameters outside comments and texts', () => {
    expect(findParameters(sql)).toEqual(['one', 'two']);
  });
});
