import { describe, expect, it } from 'vitest';
import { parseReport } from '../../src/catalog/report.ts';
import { placedError } from './placed-error.ts';

describe('parseReport', () => {
  it('reads a report of rows', () => {
    expect(
      parseReport(
        'sql/reports/daily.sql',
        '-- Days.\n-- @title Cost by day\n-- @param since timestamptz null From then on.\n-- @param limit bigint 10 So many.\n-- @column day_on Day\n-- @empty None.\nselect day_on from v1.daily_cost where $since < now() limit $limit',
      ),
    ).toEqual({
      path: 'sql/reports/daily.sql',
      name: 'daily',
      shape: 'table',
      title: 'Cost by day',
      summary: 'Days.',
      description: '',
      parameters: [
        { name: 'since', type: 'timestamptz', default: null, description: 'From then on.' },
        { name: 'limit', type: 'bigint', default: '10', description: 'So many.' },
      ],
      columns: [{ name: 'day_on', label: 'Day', line: 5 }],
      sections: [],
      fields: [],
      emptyText: 'None.',
      examples: [],
      sql: 'select day_on from v1.daily_cost where $since < now() limit $limit',
      sqlLine: 7,
      dependencies: ['v1.daily_cost'],
    });
  });

  it('reads a report of one row', () => {
    const report = parseReport(
      'x.sql',
      '-- All.\n-- @section totals Totals\n-- @field version  Of keys.\nselect 1',
    );
    expect(report.shape).toBe('document');
    expect(report.sections).toEqual([{ name: 'totals', title: 'Totals', line: 2, isDetail: false }]);
    expect(report.fields).toEqual([{ name: 'version', description: 'Of keys.' }]);
  });

  it('takes a bare statement of a user', () => {
    expect(parseReport('/home/ann/reports/mine.sql', 'select 1;')).toMatchObject({
      name: 'mine',
      title: 'mine',
      shape: 'table',
      columns: [],
      parameters: [],
      sql: 'select 1',
    });
  });

  it('knows on which line the statement begins', () => {
    expect(parseReport('x.sql', '-- A.\n-- @title B\n\n\nselect 1').sqlLine).toBe(5);
    expect(parseReport('x.sql', '\n  select 1').sqlLine).toBe(2);
    expect(parseReport('x.sql', 'select 1').sqlLine).toBe(1);
  });

  it.each([
    [
      '-- A.\n-- @param since null\nselect $since',
      'x.sql:2: @param needs a name, a type, a default and a description.',
    ],
    ['-- A.\nselect $since', 'x.sql:2: The statement uses $since, but there is no @param since.'],
    [
      '-- A.\n-- @param since date null Then.\nselect 1',
      'x.sql:2: @param since is declared, but the statement does not use $since.',
    ],
    ['-- A.\n-- @column a A\n-- @section b B\nselect 1', 'x.sql:1: A report has either @column'],
    ['-- A.\n-- @titel B\nselect 1', 'x.sql:2: @titel is not known.'],
  ])('says where %j is wrong', (text, message) => {
    expect(placedError(() => parseReport('x.sql', text))).toContain(message);
  });
});
