/** The text of src/library/view-rows.ts, made from the headers of the views and DuckDB's types of their columns. */
import { describeViews } from '../../src/cli/describe-views.ts';
import type { ColumnDescription, ViewDescription } from '../../src/model/view-description.ts';
import { readType } from '../../src/render/type-name.ts';

const HEAD = `/**
 * Rows of the public views as schemas of zod, by the view's name.
 *
 * Made from the headers in sql/v1 and the types of DuckDB by \`npm run accept\`; do not edit it. A column that names a row
 * is never null, but where its description says so; any other is null where the log does not say.
 */
import * as z from 'zod';

/** The digits of a DECIMAL. */
const decimal = (): z.ZodString => z.string().regex(/^-?\\d+(\\.\\d+)?$/);
/** ISO 8601 in UTC. */
const instant = (): z.ZodString => z.string().regex(/^-?\\d{4,}-\\d\\d-\\d\\dT[\\d:.]+Z$/);
/** \`YYYY-MM-DD\`. */
const day = (): z.ZodString => z.string().regex(/^-?\\d{4,}-\\d\\d-\\d\\d$/);
`;

const TAIL = `
/** Name of a public view. */
export type ViewName = keyof typeof viewRows;

/** A row of a view: \`ViewRow<'sessions'>\`. */
export type ViewRow<V extends ViewName> = z.infer<(typeof viewRows)[V]>;
`;

/** The module for these views. */
export async function viewRowsSource(): Promise<string> {
  const views = await describeViews();
  return `${HEAD}\nexport const viewRows = {\n${views.map(viewSource).join('')}};\n${TAIL}`;
}

function viewSource(view: ViewDescription): string {
  const columns = view.columns.map((column) => {
    const schema = `${schemaOf(column.type)}${isKnown(view, column) ? '' : '.nullable()'}`;
    return `    ${column.name}: ${schema}.describe(${quoted(column.description)}),\n`;
  });
  return `  /** ${view.title} One row per ${view.grain.join(', ')}. */\n  ${view.name}: z.object({\n${columns.join('')}  }),\n`;
}

/** Whether the value is there in every row: what names a row is, unless its description speaks of NULL. */
export const isKnown = ({ grain }: ViewDescription, { name, description }: ColumnDescription): boolean =>
  grain.includes(name) && !/\bNULL\b/.test(description);

function schemaOf(type: string): string {
  const shape = readType(type);
  if (shape.kind === 'list') return `z.array(${schemaOf(shape.item)}.nullable())`;
  if (shape.kind === 'struct') {
    return `z.object({ ${shape.fields.map((field) => `${field.name}: ${schemaOf(field.type)}.nullable()`).join(', ')} })`;
  }
  const map = /^MAP\((\w+), (.+)\)$/.exec(type);
  if (map !== null) return `z.record(${schemaOf(map[1] ?? '')}, ${schemaOf(map[2] ?? '')}.nullable())`;
  if (type.startsWith('DECIMAL')) return 'decimal()';
  const schema = SCHEMAS[type];
  if (schema === undefined) throw new Error(`no schema for the type ${type}`);
  return schema;
}

const SCHEMAS: Readonly<Record<string, string>> = {
  VARCHAR: 'z.string()',
  BIGINT: 'z.bigint()',
  UBIGINT: 'z.bigint()',
  INTEGER: 'z.int()',
  DOUBLE: 'z.number()',
  BOOLEAN: 'z.boolean()',
  DATE: 'day()',
  'TIMESTAMP WITH TIME ZONE': 'instant()',
};

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
