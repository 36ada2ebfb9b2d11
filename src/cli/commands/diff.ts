import {
  FILTER_OPTIONS,
  GATE_OPTIONS,
  LOG_OPTIONS,
  PAGE_OUTPUT_OPTIONS,
  TEAM_OPTION,
} from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec, OptionSpec } from '../spec.ts';

const PATCH_OPTION: OptionSpec = {
  flags: '--patch <file>',
  description: 'hold the session against a unified diff that is known to be good; - is stdin',
  group: 'What to hold against:',
  completes: 'file',
};

export const DIFF: CommandSpec = {
  name: 'diff',
  summary: 'Two sessions side by side, or one and a patch: what they did differently',
  description:
    'A and B are ids, unique prefixes of them, or logs. Logs alone are read by themselves. Gates judge B; with --patch, A.',
  group: GROUPS.audit,
  argument: {
    name: 'ref',
    description: 'two sessions, or one with --patch',
    isRequired: true,
    isVariadic: true,
    completes: 'session',
  },
  options: [
    PATCH_OPTION,
    ...PAGE_OUTPUT_OPTIONS,
    ...LOG_OPTIONS,
    TEAM_OPTION,
    ...FILTER_OPTIONS.filter(({ flags }) => /--(cost-mode|limit|content)/.test(flags)),
    ...GATE_OPTIONS,
  ],
  examples: [
    { command: 'agenttrace diff 3f2a 91bc', says: 'two attempts at one task' },
    { command: 'agenttrace diff first.jsonl second.jsonl', says: 'two logs, wherever they lie' },
    { command: 'git diff main | agenttrace diff 3f2a --patch -', says: 'an attempt and what was merged' },
    { command: 'agenttrace diff 3f2a 91bc -f markdown', says: 'for an issue' },
  ],
  run: async (invocation) => {
    const { runDiff } = await import('../run-diff.ts');
    await runDiff(invocation);
  },
};
