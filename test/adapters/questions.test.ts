/** Tools that ask a person: each agent's, put in the place of another tool of a sample. What passes until the answer is the person's time. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { AGENT_FOLDERS, copySample, filesBelow, ROOT, rowsOf, temporaryFolder, withHome } from './load.ts';

/** Agent, sample, the tool that stands there, and the one that asks. */
const QUESTIONS = [
  ['claude-code', 'minimal', 'Bash', 'ExitPlanMode'],
  ['cline', 'cli-sessions', 'run_commands', 'ask_question'],
  ['codex', 'minimal', 'exec_command', 'request_user_input'],
  ['copilot-cli', 'tools', 'web_fetch', 'ask_user'],
  ['cursor', 'tool-endings', 'read_file', 'ask_question'],
  ['droid', 'tools', 'Grep', 'AskUser'],
  ['gemini-cli', 'tool-endings', 'write_file', 'exit_plan_mode'],
  ['generic', 'anthropic', 'Bash', 'AskUserQuestion'],
  ['hermes', 'tool-endings', 'web_search', 'clarify'],
  ['kimi-cli', 'minimal', 'Shell', 'AskUserQuestion'],
  ['kimi-code', 'minimal', 'Bash', 'ExitPlanMode'],
  ['opencode', 'minimal', 'bash', 'question'],
  ['pi', 'tools', 'write', 'ask'],
  ['qwen-code', 'minimal', 'run_shell_command', 'ask_user_question'],
] as const;

/** A home with each of the samples, its tool renamed where it stands as a JSON string. */
function homeOfQuestions(): string {
  const home = temporaryFolder();
  for (const [agent, sample, tool, question] of QUESTIONS) {
    const input = join(ROOT, 'adapters', agent, 'samples', sample, 'input');
    const renamed = temporaryFolder();
    for (const path of filesBelow(input)) {
      const target = join(renamed, relative(input, path));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, readFileSync(path, 'utf8').replaceAll(`"${tool}"`, `"${question}"`));
    }
    copySample(renamed, join(home, (AGENT_FOLDERS as Readonly<Record<string, string>>)[agent] ?? ''));
  }
  return home;
}

test('a tool that asks a person is known as one for every agent that has any, and its wait is human', async () => {
  await withHome(homeOfQuestions(), async (connection) => {
    const questions = await rowsOf(
      connection,
      `select distinct agent, tool_name, duration_ms from v1.tool_calls where is_question order by agent`,
    );
    expect(questions).toEqual(
      QUESTIONS.map(([agent, , , tool_name]) => ({ agent, tool_name, duration_ms: null })),
    );
    const kinds = await rowsOf(
      connection,
      `select calls.agent, gaps.gap_kind, count(*) as gap_count
       from v1.tool_calls as calls
       inner join v1.gaps as gaps
           on gaps.session_id = calls.session_id
           and gaps.started_at >= calls.called_at
           and gaps.ended_at <= calls.returned_at
       where
           calls.is_question
           -- Some samples let other tools run meanwhile.
           and not exists (
               from v1.tool_calls as others
               where
                   others.session_id = calls.session_id
                   and others.tool_call_id <> calls.tool_call_id
                   and others.called_at < calls.returned_at
                   and others.returned_at > calls.called_at
           )
       group by all`,
    );
    expect(kinds.length).toBeGreaterThan(5);
    expect(kinds.filter(({ gap_kind }) => gap_kind !== 'human')).toEqual([]);
  });
});
