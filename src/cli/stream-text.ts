import { csvRows } from '../render/csv.ts';
import { jsonLines, jsonRows } from '../render/json.ts';
import { markdownRows } from '../render/markdown.ts';
import type { RowsText } from '../render/rows-text.ts';
import type { SandboxStream } from '../warehouse/sandboxed-query.ts';
import { pageStyle } from './answer.ts';
import type { Format } from './options.ts';
import type { Invocation } from './spec.ts';

/** Rows as text while they come, in a format that needs no row to wait for another. */
export async function* streamText(
  { columns, rows }: Pick<SandboxStream, 'columns' | 'rows'>,
  { invocation, format }: { readonly invocation: Invocation; readonly format: Format },
): AsyncGenerator<string> {
  let left = invocation.options.limit ?? Number.POSITIVE_INFINITY;
  const text = rowsText(columns, { invocation, format });
  for await (const some of rows()) {
    yield text.some(some.length > left ? some.slice(0, left) : some);
    left -= some.length;
    if (left <= 0) break;
  }
  yield text.end();
}

function rowsText(
  columns: SandboxStream['columns'],
  { invocation, format }: { readonly invocation: Invocation; readonly format: Format },
): RowsText {
  switch (format) {
    case 'json':
      return jsonRows(columns);
    case 'jsonl':
      return jsonLines(columns);
    case 'csv':
      return csvRows(columns);
    default: {
      const labels = new Map(columns.map(({ name }) => [name, name]));
      const style = { ...pageStyle(invocation, { shape: 'table', isPrecise: true }), width: null };
      return markdownRows({ columns, labels }, style);
    }
  }
}
