import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '../warehouse/connection.ts';
import { type Answer, renderAnswer } from './answer.ts';
import type { Format } from './options.ts';
import { type OutputFile, writeOutput, writePieces } from './output-file.ts';
import type { Invocation } from './spec.ts';

export interface WriteRequest {
  readonly answer: Answer;
  readonly format: Format;
  readonly file: OutputFile | undefined;
}

/** Writes an answer as text where the options say. */
export async function writeAnswer(
  invocation: Invocation,
  { answer, format, file }: WriteRequest,
): Promise<void> {
  const data =
    format === 'html'
      ? (await import('./html-answer.ts')).htmlAnswer(answer, invocation)
      : renderAnswer(answer, { format, invocation });
  await writeOutput(invocation, { file, data });
}

export interface BinaryRequest {
  readonly connection: Connection;
  /** A temporary table that holds the rows. */
  readonly table: string;
  readonly format: 'parquet' | 'arrow';
  readonly file: OutputFile | undefined;
  /** Where DuckDB may write when there is no file. */
  readonly spool: Spool | undefined;
}

/** Writes a table as Parquet or as an Arrow stream where the options say. */
export async function writeBinary(invocation: Invocation, request: BinaryRequest): Promise<void> {
  const { connection, table, format, file, spool } = request;
  if (format === 'arrow') {
    const { arrowStream } = await import('../warehouse/arrow-stream.ts');
    const rows = await connection.driver.stream(`select * from ${table}`);
    return writePieces(invocation, { file, pieces: arrowStream(rows) });
  }
  const { exportParquet } = await import('../warehouse/parquet-file.ts');
  await writeParquet(invocation, {
    file,
    spool,
    write: (target) => exportParquet(connection, { table, file: target }),
  });
}

export interface ParquetRequest extends Pick<BinaryRequest, 'file' | 'spool'> {
  /** Has DuckDB write the file. */
  readonly write: (file: string) => Promise<void>;
}

/** Has Parquet written where the options say; to a pipe, which DuckDB cannot write to, by way of the spool. */
export async function writeParquet(
  invocation: Invocation,
  { file, spool, write }: ParquetRequest,
): Promise<void> {
  if (file === undefined) {
    if (spool === undefined) throw new Error('no place for Parquet');
    await write(spool.file);
    return writePieces(invocation, { file, pieces: createReadStream(spool.file) });
  }
  try {
    await write(file.temporary);
    await file.finish();
  } catch (error) {
    file.discard();
    throw error;
  }
}

export interface Spool {
  readonly file: string;
  readonly remove: () => void;
}

/** A private temporary file for Parquet on its way to a pipe, which DuckDB cannot write to. */
export function openSpool({ runtime }: Invocation): Spool {
  const folder = mkdtempSync(join(runtime.temporaryFolder, `agenttrace-${process.pid}-`));
  const drop = (): void => rmSync(folder, { recursive: true, force: true });
  const forget = runtime.onAbort(drop);
  return {
    file: join(folder, 'answer.parquet'),
    remove: () => {
      forget();
      drop();
    },
  };
}
