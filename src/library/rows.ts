import type { ZodType } from 'zod';
import { AgenttraceError } from '../model/errors.ts';
import { type Cell, isDecimal, type ResultSet } from '../model/result.ts';
import type { Row, Value } from './warehouse.ts';

/** The rows of an answer by the names of their columns. */
export function toRows({ columns, rows }: ResultSet): readonly Row[] {
  const names = numberedNames(columns.map(({ name }) => name));
  return rows.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, toValue(row[index] ?? null)])),
  );
}

/** Names of which each is another: `id`, `id_1`. */
function numberedNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let number = 1; seen.has(own) || (own !== name && taken.has(own)); number += 1)
      own = `${name}_${number}`;
    seen.add(own);
    return own;
  });
}

function toValue(cell: Cell): Value {
  if (cell === null || typeof cell !== 'object') return cell;
  if (isDecimal(cell)) return cell.decimal;
  if (Array.isArray(cell)) return cell.map(toValue);
  return Object.fromEntries(Object.entries(cell).map(([key, value]) => [key, toValue(value as Cell)]));
}

/** The rows as the schema types them. Throws for the first row that it does not fit. */
export function checkRows<T>(rows: readonly Row[], schema: ZodType<T>): readonly T[] {
  return rows.map((row, index) => {
    const checked = schema.safeParse(row);
    if (checked.success) return checked.data;
    const [issue] = checked.error.issues;
    throw new AgenttraceError({
      code: 'bad_input',
      message: `Row ${index + 1} does not fit its schema: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
      hint: 'Select the columns that the schema names, with the types that agenttrace schema VIEW shows.',
      cause: checked.error,
    });
  });
}
