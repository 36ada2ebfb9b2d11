import { sqlFile } from '../catalog/sql-files.ts';
import type { Adapter } from '../model/adapter.ts';
import type { ScanOutcome, StagedBatch } from '../project/project.ts';
import type { Connection } from '../warehouse/connection.ts';
import { toldHash } from './companions.ts';
import { countLines } from './count-lines.ts';
import type { FoundFile } from './discover.ts';
import { removeRejectedLines, removeStagedLines } from './forget-rows.ts';
import { readerName } from './readers.ts';
import type { NumberedChange } from './running-scan.ts';
import { stageViews } from './stage-views.ts';
import { statementsFor } from './statements-for.ts';
import { dropSteps, temporaryNames } from './temporary-steps.ts';

export interface LoadContext {
  readonly connection: Connection;
  readonly adapters: readonly Adapter[];
  readonly changes: ReadonlyMap<number, NumberedChange>;
  readonly host: string;
  readonly userName: string | null;
  readonly now: Date;
}

/** Bytes of logs from which on they are many. */
export const MUCH_BYTES = 32_000_000;

/** Whether memory is worth giving back between the steps of a batch. */
export const isBigBatch = ({ outcomes }: StagedBatch): boolean =>
  outcomes.reduce((sum, { bytesRead }) => sum + bytesRead, 0) > MUCH_BYTES;

/** Stores one batch: its sources, its rejects, and by each adapter's SQL its rows. */
export async function loadBatch(context: LoadContext, batch: StagedBatch): Promise<void> {
  await storeSources(context, batch.outcomes);
  const { connection, adapters } = context;
  await removeRejectedLines(connection, goingOn(context));
  const common = await temporaryNames(connection);
  const isBig = isBigBatch(batch);
  if (isBig) await connection.releaseMemory();
  for (const adapter of adapters) {
    if (!Object.keys(batch.parts).some((key) => key.startsWith(`${adapter.plan.name}.`))) continue;
    await connection.execute(`
      set variable agent = '${adapter.id}';
      create or replace temp table batch_sources as
          select
              source_no, path, regexp_extract(path, '([^/\\\\]+?)(?:\\.jsonl?)?(?:\\.zst)?$', 1) as stem, form,
              context::json as context
          from staged_sources where agent = '${adapter.id}';
      ${stageViews(adapter, batch.parts)}`);
    await removeStagedLines(connection, { adapter, sourceNos: goingOn(context, adapter) });
    const hasRows = (table: string): boolean => batch.parts[`${adapter.plan.name}.${table}`] !== undefined;
    await run(connection, { statements: statementsFor(sqlFile(adapter.normalizeSql), hasRows), isBig });
    await dropSteps(connection, common);
  }
  await connection.execute('insert into raw.rejects select * from staged_rejects');
  await countLines(connection, readFromMarks(context, batch));
}

/** Runs the statements of an adapter, those over many rows one by one, so that each has the memory that the one before it took. */
async function run(
  connection: Connection,
  { statements, isBig }: { readonly statements: readonly string[]; readonly isBig: boolean },
): Promise<void> {
  if (!isBig) {
    await connection.execute(statements.join(';\n'));
    return;
  }
  for (const statement of statements) {
    await connection.execute(statement);
    await connection.releaseMemory();
  }
}

/** Sources that a reader went on with, those of one adapter or all: what comes again replaces what was there. */
function goingOn({ changes }: LoadContext, adapter?: Adapter): readonly number[] {
  return [...changes.values()]
    .filter(({ kind, file }) => kind === 'grown' && (adapter === undefined || file.adapter === adapter))
    .filter(({ file }) => readerName(file.adapter, file.form) !== undefined)
    .map(({ sourceNo }) => sourceNo);
}

/** Sources of the batch whose reader can go on from a mark, whether it did or not. */
function readFromMarks({ changes }: LoadContext, { outcomes }: StagedBatch): readonly number[] {
  return outcomes.flatMap(({ sourceNo }) => {
    const file = changes.get(sourceNo)?.file;
    return file?.adapter.forms[file.form]?.isIncremental === true ? [sourceNo] : [];
  });
}

async function storeSources(context: LoadContext, outcomes: readonly ScanOutcome[]): Promise<void> {
  const { connection, changes, host, userName, now } = context;
  await connection.execute(`
    create or replace temp table staged_sources (
        source_no integer, agent varchar, adapter_version integer, host varchar, user_name varchar, path varchar,
        format varchar, size_bytes bigint, modified_ns bigint, parsed_bytes bigint, line_count integer,
        head_bytes integer, head_hash ubigint, anchor_hash ubigint, pending_bytes bigint, last_error varchar,
        companion_hash ubigint, read_mark varchar, told_hash ubigint, form varchar, context varchar
    );
    create or replace temp table staged_rejects (
        source_no integer, line_no integer, byte_offset bigint, size_bytes bigint, reason varchar
    );`);
  const temporary = { catalog: 'temp', schema: 'main' };
  const known = outcomes.flatMap((outcome) => {
    const change = changes.get(outcome.sourceNo);
    return change === undefined ? [] : [{ outcome, change }];
  });
  await connection.append(
    { ...temporary, table: 'staged_sources' },
    known.map(({ outcome, change: { file, kind, known: before } }) => [
      outcome.sourceNo,
      file.adapter.id,
      file.adapter.version,
      host,
      userName,
      file.path,
      formatOf(file),
      BigInt(file.sizeBytes),
      file.modifiedNs,
      BigInt(outcome.parsedTo),
      outcome.lineCount,
      outcome.headBytes,
      outcome.headHash,
      outcome.anchorHash,
      BigInt(outcome.pendingBytes),
      outcome.error === undefined ? null : `${outcome.error.code}: ${outcome.error.message}`,
      file.companionHash,
      outcome.mark ?? null,
      toldHash(file.adapter.forms[file.form], file.path) ??
        (kind === 'grown' ? (before?.toldHash ?? null) : null),
      file.form,
      contextOf(file),
    ]),
  );
  await connection.append(
    { ...temporary, table: 'staged_rejects' },
    outcomes.flatMap(({ sourceNo, rejects }) =>
      rejects.map(({ lineNo, byteOffset, sizeBytes, reason }) => [
        sourceNo,
        lineNo,
        BigInt(byteOffset),
        BigInt(sizeBytes),
        reason,
      ]),
    ),
  );
  await connection.execute(
    `create or replace temp table first_loads as
        select source_no, first_loaded_at from raw.sources where source_no in (select source_no from staged_sources);
    delete from raw.sources where source_no in (select source_no from staged_sources);`,
  );
  await connection.execute(
    `insert into raw.sources
    select
        s.source_no, s.agent, s.adapter_version, s.host, s.user_name, s.path, s.format, s.size_bytes, s.modified_ns,
        s.parsed_bytes, s.line_count, s.head_bytes, s.head_hash, s.anchor_hash, s.pending_bytes,
        coalesce(f.first_loaded_at, $now::timestamptz), $now::timestamptz, false, s.last_error, s.companion_hash,
        s.read_mark, s.told_hash
    from staged_sources as s
    left join first_loads as f using (source_no)`,
    { now: now.toISOString() },
  );
  await connection.execute('insert into changed_sources select source_no, false from staged_sources');
}

function formatOf({ adapter, form, path }: FoundFile): string {
  const format = adapter.forms[form]?.format ?? 'jsonl';
  return path.endsWith('.zst') ? `${format}.zst` : format;
}

/** What stands beside a source and tells of it, as JSON. */
function contextOf({ adapter, form, path }: FoundFile): string | null {
  const context = adapter.forms[form]?.context?.(path);
  return context === undefined ? null : JSON.stringify(context);
}
