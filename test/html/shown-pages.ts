import { COMMANDS } from '../../src/cli/command-list.ts';

const DEAREST = 'claude-code:27ebb382-2b2b';
const OTHER = 'codex:01a1b04d-0500';

/** Pages of the example home that between them have every kind of section, table and chart. */
export const SHOWN_PAGES: readonly (readonly [name: string, words: readonly string[]])[] = [
  ['overview', ['overview']],
  ['session', ['session', DEAREST]],
  ['daily', ['daily']],
  ['compare', ['compare']],
  ['latency', ['latency']],
  ['tools', ['tools']],
  ['doctor', ['doctor']],
  ['query', ['query', `select *, repeat('x', 300) as long from tool_calls limit 5`]],
  ...(COMMANDS.some(({ name }) => name === 'diff') ? [['diff', ['diff', DEAREST, OTHER]] as const] : []),
];
