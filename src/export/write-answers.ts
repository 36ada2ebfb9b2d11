import { join } from 'node:path';
import { quoteText } from '../catalog/sql-names.ts';
import { type Connection, connect } from '../warehouse/connection.ts';
import { describeRelation } from '../warehouse/describe-relation.ts';
import { withEnoughMemory } from '../warehouse/enough-memory.ts';
import { type Fingerprint, replaceFile } from './sync-files.ts';
import { derivedViews, setFolder } from './views-script.ts';

/** The rows of a view, in a file. */
export interface Answer extends Fingerprint {
  readonly view: string;
  readonly path: string;
  readonly title: string;
  readonly grain: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string }[];
  readonly rowCount: number;
  readonly isWritten: boolean;
}

export const answerPath = (view: string): string => `answers/${view}.parquet`;

/**
 * Writes the rows of every view that is no table of the export, as its own script answers over its files, with days cut in UTC: for
 * engines that do not speak DuckDB's SQL.
 */
export async function writeAnswers({
  folder,
  script,
  memory,
}: {
  readonly folder: string;
  readonly script: string;
  readonly memory: string;
}): Promise<readonly Answer[]> {
  const connection = await connect(':memory:', { threads: '1', memory_limit: memory });
  try {
    await connection.execute(`set TimeZone = 'UTC'; ${setFolder(folder)}`);
    await connection.execute(script);
    const answers: Answer[] = [];
    for (const view of derivedViews())
      answers.push(await withEnoughMemory(connection, () => writeAnswer(connection, { folder, view })));
    return answers;
  } finally {
    connection.close();
  }
}

async function writeAnswer(
  connection: Connection,
  { folder, view }: { readonly folder: string; readonly view: ReturnType<typeof derivedViews>[number] },
): Promise<Answer> {
  const { name, title, grain } = view;
  const path = answerPath(name);
  await connection.execute(`create or replace temp table answer as from v1.${name}`);
  const columns = await describeRelation(connection, 'answer');
  const counted = await connection.query('select count(*) from answer');
  const written = await replaceFile(join(folder, path), async (draft) => {
    const order = grain.map((column) => `${column} nulls last`).join(', ');
    await connection.execute(
      `copy (from answer order by ${order}) to ${quoteText(draft)} (format parquet, compression zstd)`,
    );
  });
  return {
    ...written,
    view: name,
    path,
    title,
    grain,
    columns: columns.map((column) => ({
      ...column,
      description: view.columns.find((known) => known.name === column.name)?.description ?? '',
    })),
    rowCount: Number(counted.rows[0]?.[0]),
  };
}
