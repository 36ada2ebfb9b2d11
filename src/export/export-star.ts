import { join } from 'node:path';
import { contractSha256, publicViews } from '../catalog/contract.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { Connection } from '../warehouse/connection.ts';
import { withEnoughMemory } from '../warehouse/enough-memory.ts';
import { chooseSessions, type SessionFilter } from './choose-sessions.ts';
import { type ClaimedFolder, claimFolder } from './claim-folder.ts';
import { MANIFEST, type Manifest, type ManifestFile, manifestText, replaceText } from './manifest.ts';
import { notebookText } from './notebook.ts';
import { definePseudonyms, keyName, pseudonymOf } from './pseudonyms.ts';
import { stageTable, writeCell } from './stage-table.ts';
import { type StarTable, starTables } from './star-tables.ts';
import { fingerprint, isIntact, removeFiles, replaceFile } from './sync-files.ts';
import { derivedViews, type ExportedTable, viewsScript } from './views-script.ts';
import { type Answer, answerPath, writeAnswers } from './write-answers.ts';

export interface StarRequest {
  readonly connection: Connection;
  /** Absolute path of the folder. */
  readonly folder: string;
  readonly filter: SessionFilter;
  readonly hasContent: boolean;
  readonly hasEvents: boolean;
  /** Whether the rows of views that are no table are written too. */
  readonly hasAnswers: boolean;
  /** Key of pseudonyms; null: names leave as they are. */
  readonly key: Buffer | null;
  /** Cost mode that the connection is set to. */
  readonly costMode: string;
  readonly version: string;
  readonly onTable?: (name: string) => void;
}

export interface ExportedTableSummary {
  readonly name: string;
  readonly kind: StarTable['kind'] | 'answer';
  readonly rowCount: number;
  readonly fileCount: number;
  readonly writtenCount: number;
  readonly bytes: number;
}

export interface ExportSummary {
  readonly sessionCount: number;
  readonly tables: readonly ExportedTableSummary[];
  readonly writtenCount: number;
  readonly keptCount: number;
  readonly removedCount: number;
  /** A notebook that was changed by hand was left as it is. */
  readonly isNotebookKept: boolean;
}

/** Memory for the export of any amount of rows: what does not fit spills, and what cannot spill gets more. */
const MEMORY = '112MB';

const NOTEBOOK = 'start.ipynb';
const SCRIPT = 'views.sql';

/**
 * Writes the star schema of a warehouse into a folder, with `views.sql`, a notebook and a manifest.
 *
 * A file whose rows are as before keeps its bytes and its time of change. Each file is replaced as a whole, the manifest last. The
 * connection is the export's own from now on: it gets temporary tables, and macros that hold the key.
 */
export async function exportStar(request: StarRequest): Promise<ExportSummary> {
  const { connection, folder, key } = request;
  await connection.execute(`set memory_limit = '${MEMORY}'; set preserve_insertion_order = true`);
  const sessionCount = await chooseSessions(connection, request.filter);
  if (sessionCount === 0) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'There is no session to export.',
      hint: 'agenttrace sessions lists what there is; agenttrace doctor shows where logs are looked for.',
    });
  }
  if (key !== null) await definePseudonyms(connection, key);
  const claim = claimFolder(folder);
  const before = new Map(claim.files.map((file) => [file.path, file]));
  const tables: TableResult[] = [];
  for (const table of starTables()) {
    if (table.isOptional && !request.hasEvents) continue;
    request.onTable?.(table.name);
    tables.push(await exportTable({ request, table, claim, before }));
  }

  const script = viewsScript({ tables, costMode: request.costMode, version: request.version });
  const isScriptWritten = replaceText(join(folder, SCRIPT), script);
  if (request.hasAnswers) claim.announce(derivedViews().map(({ name }) => answerPath(name)));
  const answers = request.hasAnswers ? await writeAnswers({ folder, script, memory: MEMORY }) : [];
  const notebook = keepNotebook(folder, before.get(NOTEBOOK));
  const isNotebookWritten = notebook === null && replaceText(join(folder, NOTEBOOK), notebookText());
  const files = [
    ...tables.flatMap((table) => table.files),
    ...answers.map(answerFile),
    otherFile(folder, SCRIPT),
    notebook ?? otherFile(folder, NOTEBOOK),
  ];

  const known = new Set(files.map(({ path }) => path));
  const removedCount = removeFiles(
    folder,
    [...new Set([...before.keys(), ...claim.unfinished])].filter((path) => !known.has(path)),
  );
  replaceText(join(folder, MANIFEST), manifestText(manifestOf({ request, tables, answers, files })));
  claim.release();
  const writtenCount =
    tables.reduce((sum, { writtenCount: count }) => sum + count, 0) +
    answers.filter(({ isWritten }) => isWritten).length +
    Number(isScriptWritten) +
    Number(isNotebookWritten);
  return {
    sessionCount,
    tables: [
      ...tables.map(({ table, files: own, writtenCount: count }) => ({
        name: table.name,
        kind: table.kind,
        rowCount: own.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
        fileCount: own.length,
        writtenCount: count,
        bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      })),
      ...answers.map(({ view, rowCount, isWritten, bytes }) => ({
        name: view,
        kind: 'answer' as const,
        rowCount,
        fileCount: 1,
        writtenCount: Number(isWritten),
        bytes,
      })),
    ],
    writtenCount,
    keptCount: files.length - writtenCount,
    removedCount,
    isNotebookKept: notebook !== null && fingerprint(join(folder, NOTEBOOK))?.sha256 !== notebook.sha256,
  };
}

interface TableResult extends ExportedTable {
  readonly files: readonly ManifestFile[];
  readonly writtenCount: number;
}

interface TableExport {
  readonly request: StarRequest;
  readonly table: StarTable;
  readonly claim: ClaimedFolder;
  readonly before: ReadonlyMap<string, ManifestFile>;
}

async function exportTable({ request, table, claim, before }: TableExport): Promise<TableResult> {
  const { connection, folder, hasContent, key } = request;
  const disclosure = { hasContent, hasPseudonyms: key !== null };
  const { columns, cells } = await withEnoughMemory(connection, () =>
    stageTable(connection, { table, disclosure }),
  );
  const unchanged = new Map(
    cells.flatMap(({ path, digest }) => {
      const file = before.get(path);
      return file !== undefined && file.digest === digest && isIntact(folder, file) ? [[path, file]] : [];
    }),
  );
  claim.announce(cells.map(({ path }) => path).filter((path) => !unchanged.has(path)));
  const files: ManifestFile[] = [];
  let writtenCount = 0;
  for (const cell of cells) {
    const kept = unchanged.get(cell.path);
    if (kept !== undefined) {
      files.push(kept);
      continue;
    }
    const { bytes, sha256, isWritten } = await replaceFile(join(folder, cell.path), (draft) =>
      withEnoughMemory(connection, () => writeCell(connection, { cell, file: draft })),
    );
    const { path, day, rowCount, digest } = cell;
    files.push({ path, table: table.name, day, rows: rowCount, bytes, sha256, digest });
    writtenCount += Number(isWritten);
  }
  await connection.execute('drop table staged_rows');
  return { table, columns, files, writtenCount };
}

/** What the manifest says of a notebook that someone changed, and which therefore stays; null: it is as it was written. */
function keepNotebook(folder: string, before: ManifestFile | undefined): ManifestFile | null {
  const present = fingerprint(join(folder, NOTEBOOK));
  return before !== undefined && present !== undefined && present.sha256 !== before.sha256 ? before : null;
}

const answerFile = ({ path, view, rowCount, bytes, sha256 }: Answer): ManifestFile => ({
  path,
  table: view,
  day: null,
  rows: rowCount,
  bytes,
  sha256,
  digest: null,
});

function otherFile(folder: string, path: string): ManifestFile {
  const { bytes = 0, sha256 = '' } = fingerprint(join(folder, path)) ?? {};
  return { path, table: null, day: null, rows: null, bytes, sha256, digest: null };
}

interface ManifestParts {
  readonly request: StarRequest;
  readonly tables: readonly TableResult[];
  readonly answers: readonly Answer[];
  readonly files: readonly ManifestFile[];
}

function manifestOf({ request, tables, answers, files }: ManifestParts): Manifest {
  const { filter, hasContent, hasEvents, hasAnswers, key, costMode, version } = request;
  return {
    format: 'agenttrace-export',
    format_version: 1,
    program: { name: 'agenttrace', version },
    contract: {
      schema: 'v1',
      sha256: contractSha256(),
      views: Object.fromEntries(publicViews().map((view) => [view.name, view.version])),
    },
    options: {
      content: hasContent,
      pseudonym_key: key === null ? null : keyName(key),
      events: hasEvents,
      answers: hasAnswers,
      cost_mode: costMode,
      ...filter,
      project:
        filter.project === null || key === null
          ? filter.project
          : pseudonymOf(key, { kind: 'project', value: filter.project }),
    },
    tables: [
      ...tables.map(({ table, columns, files: own }) => ({
        name: table.name,
        kind: table.kind,
        title: table.title,
        grain: [...table.grain],
        day_column: table.dayColumn,
        rows: own.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
        columns: columns
          .filter(({ sql }) => sql !== null)
          .map(({ name, type }) => ({
            name,
            type,
            description: table.columns.find((column) => column.name === name)?.description ?? '',
          })),
        left_out_columns: columns.filter(({ sql }) => sql === null).map(({ name }) => name),
      })),
      ...answers.map(({ view, title, grain, columns, rowCount }) => ({
        name: view,
        kind: 'answer' as const,
        title,
        grain: [...grain],
        day_column: null,
        rows: rowCount,
        columns: [...columns],
        left_out_columns: [],
      })),
    ],
    files: [...files],
  };
}
