import type { Cell } from '../model/result.ts';
import type { SectionView } from '../render/document.ts';
import type { DocumentAnswer } from './answer.ts';
import type { DoctorFacts, Row } from './doctor-facts.ts';
import { section } from './plain-section.ts';
import { VERSION } from './version.ts';

export interface DoctorParts {
  readonly facts: DoctorFacts;
  readonly mode: 'auto-discovery' | 'custom directory' | 'demo sessions';
  readonly warehouse: { readonly path: string; readonly size_bytes: bigint | null; readonly is_new: boolean };
  readonly timeZone: string;
}

/** The facts as a page for people and as one object for programs. */
export function doctorAnswer({ facts, mode, warehouse, timeZone }: DoctorParts): DocumentAnswer {
  const recommendations = recommend(facts);
  const steps = [...facts.steps];
  const directories = facts.directories.map((directory) => ({ ...directory }));
  const present = directories.filter(({ exists }) => exists);
  const absent = directories.filter(({ exists }) => !exists);
  const state = { ...warehouse, schema_version: 'v1', schema_step: steps.at(-1) ?? null };
  const lists: readonly (readonly [name: string, title: string, rows: readonly Row[]])[] = [
    ['agents', 'Logs understood', facts.agents],
    ['knowledge', 'What these logs tell', facts.knowledge],
    ['unreadable', 'Files that could not be read in full', facts.unreadable],
    ['empty', 'Files without content', facts.empty],
    ['unrecognised', 'Files that no adapter knows', facts.unrecognised],
    ['rejects', 'Lines rejected', facts.rejects],
    ['unpriced_models', 'Models without a price', facts.unpriced],
    ['expiring', 'Logs that their agent deletes within seven days', facts.expiring],
  ];
  const sections: readonly SectionView[] = [
    section({
      name: 'warehouse',
      title: 'Warehouse',
      cell: {
        path: warehouse.path,
        size_bytes: warehouse.size_bytes,
        schema: state.schema_step,
        sources: facts.sourceCount,
      },
    }),
    ...(directories.length === 0
      ? []
      : [
          section({
            name: 'directories',
            title: 'Folders looked in',
            cell: present.map(({ name, path, files }) => ({ name, path, file_count: files })),
          }),
        ]),
    ...(absent.length === 0
      ? []
      : [
          section({
            name: 'absent',
            title: 'Looked for in vain',
            cell:
              facts.sourceCount === 0
                ? absent.map(({ name, path }) => ({ name, path }))
                : { place_count: absent.length, listed_by: 'agenttrace doctor -f json' },
          }),
        ]),
    ...lists
      .filter(([, , rows]) => rows.length > 0)
      .map(([name, title, rows]) => section({ name, title, cell: rows })),
    { column: { name: 'recommendations', type: 'VARCHAR[]' }, title: 'What to do', cell: recommendations },
  ];
  return {
    shape: 'document',
    view: { title: 'Doctor', subtitle: `agenttrace ${VERSION} · ${mode} · ${timeZone}`, sections, next: [] },
    entries: [
      ['version', VERSION],
      ['mode', mode],
      [
        'session_files',
        directories.length > 0 ? directories.reduce((sum, { files }) => sum + files, 0) : facts.sourceCount,
      ],
      ['directories', directories],
      ['recommendations', recommendations],
      ['warehouse', state],
      ...lists.map(([name, , rows]): readonly [string, Cell] => [name, rows]),
    ],
  };
}

/** The next steps, the most useful first. */
function recommend(facts: DoctorFacts): readonly string[] {
  const steps: string[] = [];
  const count = (rows: readonly Row[], name: string): bigint =>
    rows.reduce((sum, row) => sum + BigInt(typeof row[name] === 'bigint' ? row[name] : 0n), 0n);
  if (facts.sourceCount === 0) {
    steps.push(
      'No logs were found. Name a folder with -d DIR, or look at an example with agenttrace --demo.',
    );
  }
  if (facts.unreadable.length > 0) {
    const files = counted(facts.unreadable.length, 'file');
    const isBarred = facts.unreadable.some(({ message }) =>
      /not permitted|permission/i.test(String(message)),
    );
    steps.push(
      `${files} could not be read in full; what was read of them is counted. Put right what is said beside each${isBarred ? ', such as a missing permission' : ', or put a whole copy in its place'}; then run agenttrace load.`,
    );
  }
  if (facts.unpriced.length > 0) {
    steps.push(
      `${counted(facts.unpricedCalls, 'call')} of ${counted(facts.unpricedModels, 'model')} without a price, so the cost is unknown: agenttrace prices --update-pricing, or prices of your own in prices.json.`,
    );
  }
  if (facts.rejects.length > 0) {
    steps.push(
      `${counted(count(facts.rejects, 'reject_count'), 'rejected line')}; all others of their files count. agenttrace rejects lists them.`,
    );
  }
  if (facts.expiring.length > 0) {
    steps.push(
      'Some logs will be deleted by their agent soon. What is loaded stays in the warehouse; copy the files to keep their text.',
    );
  }
  if (steps.length === 0) steps.push('Nothing is wrong. agenttrace shows the overview.');
  return steps;
}

/** A number with its noun, in the singular where it is one. */
const counted = (count: bigint | number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${Number(count) === 1 ? '' : 's'}`;
