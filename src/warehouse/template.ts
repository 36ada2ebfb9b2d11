import { createHash } from 'node:crypto';
import { builtFile } from '../catalog/built-file.ts';
import { contractSha256 } from '../catalog/contract.ts';
import { sqlFile, sqlFilesBelow } from '../catalog/sql-files.ts';

/**
 * A warehouse without a log, made when the program is built: tables, views, comments and the shipped prices.
 *
 * A new warehouse begins as a copy of it. To run the hundreds of statements that make it takes longer than to load a
 * day's logs. Its name holds what it was made of, so that a program never takes one of another.
 */
export function templateName(): string {
  const hash = createHash('sha256').update(contractSha256());
  for (const path of sqlFilesBelow('migrations')) hash.update(sqlFile(path));
  return `warehouse-${hash.digest('hex').slice(0, 12)}.duckdb`;
}

/** Path of the template that belongs to this program; undefined where none was built, and the statements have to run. */
export const findTemplate = (): string | undefined => builtFile(templateName());
