import { posix } from 'node:path';
import type { Adapter } from '../../src/model/adapter.ts';
import { claudeCodePlan } from './plan.ts';

/** Claude Code deletes transcripts after `cleanupPeriodDays`, 30 unless set otherwise. */
const EXPIRES_AFTER_DAYS = 30;

const LINE_TYPES =
  /"type"\s*:\s*"(?:user|assistant|system|summary|progress|attachment|file-history-snapshot|attribution-snapshot|queue-operation|ai-title|custom-title|agent-name|last-prompt|permission-mode|mode|pr-link|tag|worktree-state|content-replacement)"/;

/** Claude Code: the command line, the Agent SDK and the desktop app's code sessions. */
export const claudeCode: Adapter = {
  id: 'claude-code',
  displayName: 'Claude Code',
  version: 1,
  plan: claudeCodePlan,
  normalizeSql: 'adapters/claude-code/normalize.sql',
  places: ({ home, env }) => {
    const configured = (env.CLAUDE_CONFIG_DIR ?? '')
      .split(',')
      .map((path) => path.trim())
      .filter((path) => path !== '');
    const roots =
      configured.length > 0
        ? configured
        : [
            posix.join(home, '.claude'),
            posix.join(env.XDG_CONFIG_HOME || posix.join(home, '.config'), 'claude'),
          ];
    return roots.map((root) => ({
      path: /[\\/]projects[\\/]?$/.test(root) ? root : posix.join(root, 'projects'),
      expiresAfterDays: EXPIRES_AFTER_DAYS,
    }));
  },
  isLog: (path) => path.endsWith('.jsonl'),
  recognise: (head) =>
    LINE_TYPES.test(head) &&
    (/"sessionId"\s*:/.test(head) ||
      /"leafUuid"\s*:/.test(head) ||
      /"type"\s*:\s*"file-history-snapshot"/.test(head)) &&
    !/"type"\s*:\s*"session_meta"/.test(head),
};
