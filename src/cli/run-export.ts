import { existsSync, realpathSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import type { ExportSummary, StarRequest } from '../export/export-star.ts';
import { AgenttraceError } from '../model/errors.ts';
import { explainFullDisk } from '../warehouse/full-disk.ts';
import type { DocumentAnswer } from './answer.ts';
import { type Prepared, prepareWarehouse } from './context.ts';
import { chooseFormat } from './format-choice.ts';
import { note } from './note.ts';
import { openOutputFile } from './output-file.ts';
import { columnsOf, section } from './plain-section.ts';
import { showStatus } from './progress.ts';
import { resolveSession } from './resolve-session.ts';
import type { Invocation } from './spec.ts';
import { VERSION } from './version.ts';
import { writeAnswer } from './write-answer.ts';

/** Writes the star schema into a folder and says what was written. */
export async function runExport(invocation: Invocation): Promise<void> {
  const { runtime, options, operands } = invocation;
  const format = chooseFormat(invocation, 'document');
  const folder = resolve(runtime.workingFolder, operands[0] ?? '');
  const startedMs = runtime.elapsedMs();
  const { exportStar } = await import('../export/export-star.ts');
  const { readPseudonymKey } = await import('../export/pseudonyms.ts');
  const { applySettings } = await import('../report/run-report.ts');
  const key =
    options.pseudonyms === undefined
      ? null
      : readPseudonymKey(resolve(runtime.workingFolder, options.pseudonyms));
  const prepared = await prepareWarehouse(invocation, { isReadOnly: true });
  try {
    const { connection, summary: load } = prepared;
    const logFolders = load?.places.map(({ path }) => path) ?? [];
    refuseLogFolder(folder, logFolders);
    const output = await openOutputFile(invocation, { format, stem: 'export', connection, logFolders });
    await applySettings(connection, { ...options, timeZone: 'UTC' });
    const status = showStatus({ runtime, isQuiet: options.isQuiet });
    const request: StarRequest = {
      connection,
      folder,
      filter: await filterOf(invocation, prepared),
      hasContent: options.hasContent,
      hasEvents: options.hasEvents,
      hasAnswers: options.hasAnswers,
      key,
      costMode: options.costMode,
      version: VERSION,
      onTable: (name) => status.say(() => `Exporting ${name} …`),
    };
    const summary = await exportStar(request)
      .catch((error: unknown) => {
        throw explainFullDisk(error, { folder });
      })
      .finally(status.stop);
    const spentMs = BigInt(Math.round(runtime.elapsedMs() - startedMs));
    await sayNotes(invocation, request, summary);
    await writeAnswer(invocation, {
      answer: exportAnswer(summary, { folder, spentMs }),
      format,
      file: output,
    });
  } finally {
    prepared.close();
  }
}

async function filterOf({ options }: Invocation, { connection }: Prepared): Promise<StarRequest['filter']> {
  return {
    agent: options.agent ?? null,
    project: options.project ?? null,
    session: options.session === undefined ? null : await resolveSession(connection, options.session),
    since: options.since?.toISOString() ?? null,
    until: options.until?.toISOString() ?? null,
  };
}

/** Nothing is written where agents keep their logs. */
function refuseLogFolder(folder: string, logFolders: readonly string[]): void {
  const real = realPath(folder);
  const place = logFolders.map(realPath).find((log) => real === log || real.startsWith(`${log}${sep}`));
  if (place === undefined) return;
  throw new AgenttraceError({
    code: 'usage',
    message: `This folder lies where an agent keeps its logs (${place}), so nothing is written there.`,
    source: folder,
    hint: 'Name another folder.',
  });
}

/** The real path of what is there already, with the rest as it is. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : `${realPath(parent)}${path.slice(parent.length)}`;
}

async function sayNotes(
  invocation: Invocation,
  { hasContent, key }: StarRequest,
  { isNotebookKept }: ExportSummary,
): Promise<void> {
  if (hasContent && key !== null)
    await note(invocation, 'commands and error texts leave as they are, and may name people and projects.');
  if (isNotebookKept)
    await note(invocation, 'the notebook was changed since it was written, and stays as it is.');
}

function exportAnswer(
  summary: ExportSummary,
  { folder, spentMs }: { readonly folder: string; readonly spentMs: bigint },
): DocumentAnswer {
  const counts = {
    session_count: summary.sessionCount,
    written_count: summary.writtenCount,
    unchanged_count: summary.keptCount,
    removed_count: summary.removedCount,
    total_bytes: BigInt(summary.tables.reduce((sum, { bytes }) => sum + bytes, 0)),
    duration_ms: spentMs,
  };
  const tables = summary.tables.map(({ name, kind, rowCount, fileCount, writtenCount, bytes }) => ({
    name,
    kind,
    row_count: rowCount,
    file_count: fileCount,
    written_count: writtenCount,
    size_bytes: BigInt(bytes),
  }));
  return {
    shape: 'document',
    entries: [
      ['folder', folder],
      ['summary', counts],
      ['tables', tables],
    ],
    view: {
      title: 'Export',
      subtitle: folder,
      sections: [
        section({ name: 'summary', title: 'Files', cell: counts }),
        section({
          name: 'tables',
          title: 'Tables',
          cell: tables,
          columns: columnsOf('name kind row_count file_count written_count size_bytes'),
        }),
      ],
      next: [
        ['duckdb -init views.sql', 'in that folder: the views in SQL'],
        ['jupyter lab start.ipynb', 'plots, pandas and Polars'],
      ],
    },
  };
}
