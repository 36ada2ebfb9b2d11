import { LOG_OPTIONS, TEXT_OUTPUT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec, OptionSpec } from '../spec.ts';

const FORGET_OPTIONS: readonly OptionSpec[] = [
  { flags: '--yes', description: 'remove without asking', group: 'Forgetting:' },
  { flags: '--dry-run', description: 'say what would be removed, and remove nothing', group: 'Forgetting:' },
  {
    flags: '--undo',
    description: 'let what was forgotten be loaded again: REF as it was given then, or its id in the list',
    group: 'Forgetting:',
  },
];

export const FORGET: CommandSpec = {
  name: 'forget',
  summary: 'Remove a session or a log’s rows from the warehouse, for good; without REF, list what was',
  description:
    'A session goes with its subagents, wherever it was read. A log goes by its path; what other logs tell of its sessions stays. The logs on disk are left alone, and no load brings back what was forgotten, nor what is added to it, until --undo. The file is written anew, so that the bytes are gone from it.',
  group: GROUPS.data,
  argument: {
    name: 'ref',
    description: 'a session id, a unique prefix of one, or the path of a log',
    completes: 'session',
  },
  options: [
    ...FORGET_OPTIONS,
    ...TEXT_OUTPUT_OPTIONS,
    ...LOG_OPTIONS.filter(({ flags }) => flags.startsWith('--warehouse')),
  ],
  examples: [
    { command: 'agenttrace forget 3f2a --dry-run', says: 'what would go' },
    { command: 'agenttrace forget 3f2a', says: 'a session and its subagents, after a question' },
    { command: 'agenttrace forget ./rollout.jsonl --yes', says: 'what was read from one log' },
    { command: 'agenttrace forget', says: 'what was forgotten' },
    { command: 'agenttrace forget --undo 8c1d0f2b', says: 'let it be loaded again' },
  ],
  run: async (invocation) => {
    const { runForget } = await import('../run-forget.ts');
    await runForget(invocation);
  },
};
