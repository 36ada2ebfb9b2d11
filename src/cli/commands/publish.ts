import { LOG_OPTIONS, PAGE_OUTPUT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec, OptionSpec } from '../spec.ts';

const DISCLOSURE = 'What is published:';

const PUBLISH_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--content',
    description: 'masked commands, errors and the paths of files too',
    group: DISCLOSURE,
  },
  {
    flags: '--pseudonyms <keyfile>',
    description: 'people, hosts, projects, paths and branches as keyed hashes; one key for the team',
    group: DISCLOSURE,
    completes: 'file',
  },
];

export const PUBLISH: CommandSpec = {
  name: 'publish',
  summary: 'Put this machine’s sessions into a shared folder, for a team without a server',
  description:
    'DIR is a lake: a git repository, a network disk or a synced bucket. What hosts publish are results: calls, tools, costs, findings; no prompt, no answer, and without --content no command and no path of a file. Publishing again replaces what changed and nothing else. Without DIR, AGENTTRACE_TEAM names it.',
  group: GROUPS.data,
  argument: { name: 'dir', description: 'folder of the lake; made where there is none', completes: 'file' },
  options: [
    ...PUBLISH_OPTIONS,
    ...PAGE_OUTPUT_OPTIONS.filter(({ flags }) => !flags.startsWith('--timezone')),
    ...LOG_OPTIONS.filter(({ flags }) => !flags.startsWith('-d')),
  ],
  examples: [
    { command: 'agenttrace publish ~/team-lake', says: 'from cron, or before a git push' },
    { command: 'agenttrace publish ~/lake --pseudonyms team.key', says: 'names as keyed hashes' },
    { command: 'agenttrace publish ./lake --demo', says: 'a lake to try it on' },
    { command: 'agenttrace team --team ./lake', says: 'then: what everyone’s sessions say' },
  ],
  run: async (invocation) => {
    const { runPublish } = await import('../run-publish.ts');
    await runPublish(invocation);
  },
};
