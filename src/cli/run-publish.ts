import { resolve } from 'node:path';
import { identifyHost, keepHostId } from '../lake/host-id.ts';
import type { PublishSummary } from '../lake/publish.ts';
import { explainWriting } from '../warehouse/explain-writing.ts';
import { explainFullDisk } from '../warehouse/full-disk.ts';
import type { DocumentAnswer } from './answer.ts';
import { type Prepared, prepareWarehouse } from './context.ts';
import { chooseFormat } from './format-choice.ts';
import { note } from './note.ts';
import { openOutputFile } from './output-file.ts';
import { section } from './plain-section.ts';
import { showStatus } from './progress.ts';
import type { Invocation } from './spec.ts';
import { teamFolder } from './team-folder.ts';
import { VERSION } from './version.ts';
import { writeAnswer } from './write-answer.ts';

/** Whose lake a demo is: no warehouse is kept that could hold an id. */
const DEMO_HOST = '00000000000000de';

/** Brings the warehouse up to date and publishes it into a lake. */
export async function runPublish(invocation: Invocation): Promise<void> {
  const folder = teamFolder(invocation, invocation.operands[0]);
  try {
    await publishInto(folder, invocation);
  } catch (error) {
    throw explainFullDisk(error, { folder: resolve(invocation.runtime.workingFolder, folder) });
  }
}

async function publishInto(folder: string, invocation: Invocation): Promise<void> {
  const { runtime, options } = invocation;
  const lake = resolve(runtime.workingFolder, folder);
  const format = chooseFormat(invocation, 'document');
  const { ensureLake } = await import('../lake/lake-contract.ts');
  const { readPseudonymKey } = await import('../export/pseudonyms.ts');
  const { publish } = await import('../lake/publish.ts');
  const pseudonymKey =
    options.pseudonyms === undefined
      ? undefined
      : readPseudonymKey(resolve(runtime.workingFolder, options.pseudonyms));
  // A folder of another kind is refused before the work of a load.
  ensureLake(lake);
  const { prepared, hostId } = await openHost(invocation);
  const status = showStatus({ runtime, isQuiet: options.isQuiet });
  try {
    const file = await openOutputFile(invocation, { format, stem: 'publish' });
    const summary = await publish({
      connection: prepared.connection,
      lake,
      hostId,
      hostName: options.isDemo ? 'demo' : runtime.host,
      userName: options.isDemo ? 'demo' : runtime.userName,
      hasContent: options.hasContent,
      ...(pseudonymKey === undefined ? {} : { pseudonymKey }),
      program: VERSION,
      now: runtime.now,
      onProgress: ({ table, cellsWritten }) =>
        status.say(() => `Publishing ${table}: ${cellsWritten.toLocaleString('en-US')} cells written`),
    }).finally(status.stop);
    await writeAnswer(invocation, { answer: publishAnswer(summary, { lake, folder }), format, file });
  } finally {
    prepared.close();
  }
}

interface Host {
  readonly prepared: Prepared;
  readonly hostId: string;
}

/** The warehouse, up to date, and the id that it publishes under: kept in it when it is new. */
async function openHost(invocation: Invocation): Promise<Host> {
  const { runtime, options } = invocation;
  const prepared = await prepareWarehouse(invocation);
  if (options.isDemo && prepared.file === ':memory:') return { prepared, hostId: DEMO_HOST };
  const { machine } = runtime;
  const { hostId, isNew, copiedFrom } = await identifyHost(prepared.connection, machine).catch(
    (error: unknown) => {
      prepared.close();
      throw error;
    },
  );
  if (!isNew) return { prepared, hostId };
  // The connection may be read-only, or a copy of a file that another process writes.
  prepared.close();
  const { openToWrite } = await import('./open-to-write.ts');
  const writing = await openToWrite(invocation, {
    file: prepared.file,
    otherwise: 'Another agenttrace is writing the warehouse, so the id of this host cannot be kept in it.',
  });
  let kept = { hostId, copiedFrom };
  try {
    // Another publisher of this warehouse may have been first.
    const now = await identifyHost(writing, machine);
    if (now.isNew) await keepHostId(writing, { hostId: now.hostId, machine });
    kept = { hostId: now.hostId, copiedFrom: now.copiedFrom };
  } catch (error) {
    throw explainWriting(error, prepared.file);
  } finally {
    writing.close();
  }
  if (kept.copiedFrom !== null) {
    await note(
      invocation,
      `This warehouse was made on another machine, where it publishes as ${kept.copiedFrom}: here it is the host ${kept.hostId} from now on. Sessions that both have count once.`,
    );
  }
  const again = { ...invocation, options: { ...options, isRefreshing: false } };
  return { prepared: await prepareWarehouse(again), hostId: kept.hostId };
}

function publishAnswer(
  summary: PublishSummary,
  { lake, folder }: { readonly lake: string; readonly folder: string },
): DocumentAnswer {
  const counts = {
    host: summary.hostId,
    generation: summary.generation,
    row_count: summary.rowCount,
    written_cell_count: summary.writtenCount,
    kept_cell_count: summary.keptCount,
    emptied_cell_count: summary.emptiedCount,
    size_bytes: BigInt(summary.bytes),
    written_bytes: BigInt(summary.writtenBytes),
  };
  return {
    shape: 'document',
    entries: [
      ['lake', lake],
      ['is_unchanged', summary.isUnchanged],
      ['summary', counts],
    ],
    view: {
      title: summary.isUnchanged ? 'Published before, nothing changed' : 'Published',
      subtitle: lake,
      sections: [section({ name: 'summary', title: 'Cells', cell: counts })],
      next: [[`agenttrace team --team ${folder}`, 'What everyone’s sessions say.']],
    },
  };
}
