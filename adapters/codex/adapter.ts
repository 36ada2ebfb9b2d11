import { posix } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { codexPlan } from './plan.ts';

/** OpenAI Codex: the command line, the IDE extension and the desktop app. */
export const codex: Adapter = {
  id: 'codex',
  displayName: 'Codex CLI',
  version: 1,
  plan: codexPlan,
  normalizeSql: 'adapters/codex/normalize.sql',
  places: ({ home, env }) => {
    const configured = (env.CODEX_HOME ?? '')
      .split(',')
      .map((path) => path.trim())
      .filter((path) => path !== '');
    const roots = configured.length > 0 ? configured : [posix.join(home, '.codex')];
    return roots.flatMap((root) => [
      { path: posix.join(root, 'sessions') },
      { path: posix.join(root, 'archived_sessions') },
    ]);
  },
  isLog: (path) => /\.jsonl(?:\.zst)?$/.test(path),
  duplicateKey: (path) => path.replace(/^.*\//, '').replace(/\.zst$/, ''),
  recognise: (head) =>
    /"type"\s*:\s*"(?:session_meta|response_item|event_msg|turn_context|token_usage_record|thread\.started|turn\.completed|item\.completed)"/.test(
      head,
    ) || /"record_type"\s*:\s*"state"/.test(head),
};
