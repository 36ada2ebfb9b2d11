import type { ViewDescription } from '../model/view-description.ts';
import { renderHangingTable } from './hanging-table.ts';
import { type PageStyle, PIPE_WIDTH } from './page.ts';
import { themeFor } from './theme.ts';
import { wrapText } from './width.ts';

/** Width from which the list has room for the grain of each view. */
const WIDE = 120;

/** The list of views for a terminal or a pipe. */
export function schemaText(views: readonly ViewDescription[], style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const hasGrain = style.width === null || style.width >= WIDE;
  const table = renderHangingTable(
    {
      headings: ['Name', 'Version', ...(hasGrain ? ['One row per'] : []), 'Holds'],
      rows: views.map(({ name, version, grain, title }) => [
        name,
        String(version),
        ...(hasGrain ? [grain.join(', ')] : []),
        title,
      ]),
    },
    style,
  );
  const next = 'agenttrace schema NAME shows grain, columns and examples of one.';
  return `${theme.title('Views of schema v1')}\n${table}\n${theme.faint(next)}\n`;
}

/** One view for a terminal or a pipe: everything that is to be known of it, nothing cut. */
export function viewText(view: ViewDescription, style: PageStyle): string {
  const theme = themeFor(style.hasColor);
  const width = style.width ?? PIPE_WIDTH;
  const paragraph = (text: string): string => `${wrapText(text, width).join('\n')}\n`;
  const columns = renderHangingTable(
    {
      headings: ['Column', 'Type', 'Unit', 'Meaning'],
      rows: view.columns.map(({ name, type, unit, description }) => [
        name,
        shortType(type),
        unit ?? '',
        description,
      ]),
    },
    style,
  );
  const facts = `One row per ${view.grain.join(', ')}. Version ${view.version}, since ${view.since}.`;
  const prose = [view.title, ...view.description.split('\n\n').filter((text) => text !== ''), facts];
  const examples = view.examples.map((sql) => `agenttrace query "${sql}"\n`).join('');
  return [
    `${theme.title(`v1.${view.name}`)}\n${prose.map(paragraph).join('\n')}`,
    columns,
    `${theme.title('Try')}\n${examples}`,
  ].join('\n');
}

/** Long names of types in the short form that DuckDB takes as well; of a STRUCT, that it is one. */
const shortType = (type: string): string =>
  type.replace('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ').replace(/^STRUCT\(.*\)/, 'STRUCT');
