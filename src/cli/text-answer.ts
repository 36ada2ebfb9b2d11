import { AgenttraceError } from '../model/errors.ts';
import type { Cell } from '../model/result.ts';
import type { TableAnswer } from './answer.ts';
import { isBinary } from './format-choice.ts';
import type { Format } from './options.ts';

export interface TextRows {
  readonly title: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly emptyText?: string;
}

/** Rows that no SQL made, as an answer. Columns are texts; numbers stand as they are. */
export function textAnswer({ title, names, rows, emptyText }: TextRows): TableAnswer {
  const typeOf = (index: number): string =>
    rows.some((row) => typeof row[index] === 'bigint' || typeof row[index] === 'number')
      ? 'BIGINT'
      : 'VARCHAR';
  return {
    shape: 'table',
    title,
    result: { columns: names.map((name, index) => ({ name, type: typeOf(index) })), rows },
    ...(emptyText === undefined ? {} : { emptyText }),
  };
}

/** Parquet and Arrow are for rows that SQL made. */
export function refuseBinary(format: Format): void {
  if (!isBinary(format)) return;
  throw new AgenttraceError({
    code: 'usage',
    message: `${format} is for reports and queries.`,
    hint: 'Use -f json or -f csv here.',
  });
}
