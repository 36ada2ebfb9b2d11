import type { RefreshSummary } from '../ingest/refresh.ts';
import type { SectionView } from '../render/document.ts';
import type { DocumentAnswer } from './answer.ts';
import { prepareWarehouse } from './context.ts';
import { chooseFormat } from './format-choice.ts';
import { note } from './note.ts';
import { openOutputFile } from './output-file.ts';
import { columnsOf, section } from './plain-section.ts';
import type { Invocation } from './spec.ts';
import { writeAnswer } from './write-answer.ts';

/** Brings the warehouse up to date and says what was read. */
export async function runLoad(invocation: Invocation): Promise<void> {
  const format = chooseFormat(invocation, 'document');
  const startedMs = invocation.runtime.elapsedMs();
  const prepared = await prepareWarehouse(invocation, { paths: invocation.operands });
  try {
    const { connection, summary, file } = prepared;
    if (summary === null) {
      const { AgenttraceError } = await import('../model/errors.ts');
      throw new AgenttraceError({
        code: 'busy',
        message: 'Another agenttrace is loading the warehouse.',
        source: file,
        hint: 'Try again when it is done.',
      });
    }
    const spentMs = BigInt(Math.round(invocation.runtime.elapsedMs() - startedMs));
    const output = await openOutputFile(invocation, {
      format,
      stem: 'load',
      connection,
      logFolders: summary.places.map(({ path }) => path),
    });
    await writeAnswer(invocation, { answer: loadAnswer(summary, { spentMs, file }), format, file: output });
    if (file === ':memory:')
      await note(invocation, 'nothing was kept: name a file with --warehouse FILE to keep it');
  } finally {
    prepared.close();
  }
}

function loadAnswer(
  summary: RefreshSummary,
  { spentMs, file }: { spentMs: bigint; file: string },
): DocumentAnswer {
  const counts = {
    source_count: summary.sourceCount,
    new_count: summary.newCount,
    grown_count: summary.grownCount,
    rewritten_count: summary.rewrittenCount,
    unchanged_count: summary.unchangedCount,
    vanished_count: summary.vanishedCount,
    not_loaded_count: summary.notLoadedCount,
    reject_count: summary.rejectCount,
    read_bytes: BigInt(Math.round(summary.bytesRead)),
    duration_ms: spentMs,
  };
  const agents = summary.byAgent.map(({ agent, displayName, sourceCount, bytesRead }) => ({
    agent,
    name: displayName,
    source_count: sourceCount,
    read_bytes: BigInt(Math.round(bytesRead)),
  }));
  const unreadable = summary.unreadable.map(({ path, message }) => ({ path, message }));
  return {
    shape: 'document',
    entries: [
      ['warehouse', file],
      ['summary', counts],
      ['by_agent', agents],
      ['unreadable', unreadable],
      ['unrecognised', summary.unrecognised.map(({ path, tried }) => ({ path, tried: [...tried] }))],
    ],
    view: {
      title: 'Load',
      subtitle: file === ':memory:' ? 'nothing is kept' : file,
      sections: [
        section({ name: 'summary', title: 'Logs', cell: counts }),
        section({
          name: 'agents',
          title: 'By agent',
          cell: agents,
          columns: columnsOf('agent name source_count read_bytes'),
        }),
        ...(unreadable.length === 0
          ? []
          : [section({ name: 'unreadable', title: 'Could not be read in full', cell: unreadable })]),
        ...unrecognisedSections(summary),
      ],
      next:
        summary.sourceCount === 0
          ? [['agenttrace doctor', 'every folder looked in']]
          : [
              ['agenttrace', 'the overview'],
              ['agenttrace doctor', 'what was rejected, and why'],
            ],
    },
  };
}

/** Files that are no agent's log, and once for all what was tried. */
function unrecognisedSections({ unrecognised }: RefreshSummary): readonly SectionView[] {
  if (unrecognised.length === 0) return [];
  const tried = new Set(unrecognised.map((file) => file.tried.join(', ')));
  const list = ({
    name,
    title,
    cell,
  }: {
    name: string;
    title: string;
    cell: readonly string[];
  }): SectionView => ({
    column: { name, type: 'VARCHAR[]' },
    title,
    cell,
  });
  return [
    list({ name: 'unrecognised', title: 'Not recognised', cell: unrecognised.map(({ path }) => path) }),
    list({ name: 'tried', title: 'Tried as logs of', cell: [...tried] }),
  ];
}
