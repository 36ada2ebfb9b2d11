import { quoteName, quoteText } from '../catalog/sql-names.ts';
import type { ResultColumn } from '../model/result.ts';
import type { Connection } from './connection.ts';
import { describeRelation } from './describe-relation.ts';

/** A table or view of the open database, and the file to write. */
export interface ParquetTarget {
  readonly table: string;
  readonly file: string;
}

/** Writes a table as Parquet with zstd. */
export async function exportParquet(connection: Connection, { table, file }: ParquetTarget): Promise<void> {
  const columns = await describeRelation(connection, table);
  await connection.execute(parquetCopy({ table, columns, file }));
}

export interface ParquetCopy extends ParquetTarget {
  readonly columns: readonly ResultColumn[];
  readonly limit?: number | undefined;
}

/** The type with which Parquet keeps every digit, also of what is inside; names of fields and words of an ENUM are quoted. */
const storedType = (type: string): string =>
  type.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\bU?HUGEINT\b/g, (found) =>
    /^["']/.test(found) ? found : 'DECIMAL(38,0)',
  );

/** The statement that writes rows as Parquet. HUGEINT, which Parquet lacks, keeps its digits as DECIMAL(38,0). */
export function parquetCopy({ table, columns, file, limit }: ParquetCopy): string {
  const casts = columns
    .map(({ name, type }) => ({ name: quoteName(name), type, stored: storedType(type) }))
    .filter(({ type, stored }) => stored !== type)
    .map(({ name, stored }) => `cast(${name} as ${stored}) as ${name}`);
  const replaced = casts.length === 0 ? '' : ` replace (${casts.join(', ')})`;
  const limited = limit === undefined ? '' : ` limit ${limit}`;
  return `copy (select *${replaced} from ${table}${limited}) to ${quoteText(file)} (format parquet, compression zstd, use_tmp_file false)`;
}
