import type { ResultColumn } from '../model/result.ts';

/** The shape of a DuckDB type, from its name. */
export type TypeShape =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'list'; readonly item: string }
  | { readonly kind: 'struct'; readonly fields: readonly ResultColumn[] };

/** Reads names such as `STRUCT("a" INTEGER, "b" VARCHAR[])[]`. */
export function readType(name: string): TypeShape {
  const list = /^(.*)\[\d*\]$/s.exec(name);
  if (list) return { kind: 'list', item: list[1] ?? '' };
  const struct = /^STRUCT\((.*)\)$/s.exec(name);
  if (!struct) return { kind: 'scalar', name };
  return { kind: 'struct', fields: splitFields(struct[1] ?? '').map(readField) };
}

/** Columns of a STRUCT or of a LIST of STRUCT; undefined for any other type. */
export function structColumns(name: string): readonly ResultColumn[] | undefined {
  const shape = readType(name);
  if (shape.kind === 'struct') return shape.fields;
  if (shape.kind !== 'list') return undefined;
  const item = readType(shape.item);
  return item.kind === 'struct' ? item.fields : undefined;
}

/** Splits at commas outside brackets and quotes. */
function splitFields(text: string): readonly string[] {
  const fields: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === ',' && depth === 0) {
      fields.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === '' ? fields : [...fields, last];
}

function readField(text: string): ResultColumn {
  const quoted = /^"((?:[^"]|"")*)"\s+(.*)$/s.exec(text);
  if (quoted) return { name: (quoted[1] ?? '').replaceAll('""', '"'), type: quoted[2] ?? '' };
  const split = text.indexOf(' ');
  return split < 0
    ? { name: text, type: '' }
    : { name: text.slice(0, split), type: text.slice(split + 1).trim() };
}
