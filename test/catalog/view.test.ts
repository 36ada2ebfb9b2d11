import { describe, expect, it } from 'vitest';
import { parseView } from '../../src/catalog/view.ts';
import { placedError } from './placed-error.ts';

const PATH = 'sql/v1/work/calls.sql';

const header = (changes: Readonly<Record<string, string | null>> = {}): string => {
  const lines: Record<string, string | null> = {
    title: '-- Calls.',
    version: '-- @version 2',
    since: '-- @since 0.1.0',
    grain: '-- @grain id, class',
    id: '-- @column id  The call.',
    class: '-- @column class  Its class.',
    example: '-- @example select * from calls',
    ...changes,
  };
  return `${Object.values(lines)
    .filter((line) => line !== null)
    .join('\n')}\nselect id, class from raw.usage join internal.keys using (id)`;
};

describe('parseView', () => {
  it('reads what a view says of itself', () => {
    expect(parseView(PATH, header())).toEqual({
      path: PATH,
      schema: 'v1',
      name: 'calls',
      title: 'Calls.',
      description: '',
      version: 2,
      grain: ['id', 'class'],
      columns: [
        { name: 'id', description: 'The call.' },
        { name: 'class', description: 'Its class.' },
      ],
      examples: ['select * from calls'],
      since: '0.1.0',
      sql: 'select id, class from raw.usage join internal.keys using (id)',
      dependencies: ['internal.keys', 'raw.usage'],
    });
  });

  it('asks no columns of a private view', () => {
    expect(parseView('sql/internal/keys.sql', header({ id: null, class: null })).schema).toBe('internal');
  });

  it.each([
    [{ title: '-- Calls' }, ':1: Line 1 must be a comment holding one sentence.'],
    [{ version: null }, ':1: @version is missing.'],
    [{ version: '-- @version two' }, ':2: @version must be a whole number from 1.'],
    [{ since: null }, ':1: @since is missing.'],
    [{ grain: null }, ':1: @grain is missing.'],
    [{ grain: '-- @grain id, other' }, ':4: @grain names other, which is no @column.'],
    [{ id: null, class: null }, ':1: @column is missing.'],
    [{ class: '-- @column id  Again.' }, ':6: @column id stands twice.'],
    [{ class: '-- @column class' }, ':6: @column needs a name and a text.'],
    [
      { example: '-- @exmaple x' },
      ':7: @exmaple is not known. Known: @version, @since, @grain, @column, @example.',
    ],
    [{ example: '-- @grain id' }, ':7: @grain stands twice.'],
  ])('says where a header is wrong: %j', (changes, message) => {
    expect(placedError(() => parseView(PATH, header(changes)))).toContain(`${PATH}${message}`);
  });

  it('wants a view where views lie', () => {
    expect(placedError(() => parseView('sql/v2/calls.sql', header()))).toContain(
      'sql/v2/calls.sql:1: A view lies in',
    );
  });
});
