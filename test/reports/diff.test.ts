/** Two attempts at one task held side by side: worked out by hand. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { shippedReport } from '../../src/catalog/contract.ts';
import { bindReport, type ReportValues } from '../../src/report/bind-report.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { type LineOfStory, type ToolOfStory, tell } from '../audit/story.ts';
import { EXAMPLE, runCli, withFolder } from '../cli/run-cli.ts';
import { rowsOf } from '../views/warehouse.ts';

type Fields = Readonly<Record<string, unknown>>;
type Step = ToolOfStory & Pick<LineOfStory, 'status' | 'changes'>;

const read = (id: string, file: string): Step => ({ id, name: 'Read', category: 'read', file });
const edit = (id: string, file: string): Step => ({
  id,
  name: 'Edit',
  category: 'edit',
  file,
  changes: [file],
});
const run = (id: string, command: string, status: 'ok' | 'failed'): Step => ({ id, command, status });

/** A prompt, then each step asked for and done in a second each at 0.0045 USD, then a last word at as much. */
function lines(steps: readonly Step[]): readonly LineOfStory[] {
  const at = (second: number): string => `10:00:${String(second).padStart(2, '0')}`;
  return [
    { at: at(0), prompt: 5 },
    ...steps.flatMap(({ status, changes, ...tool }, index): readonly LineOfStory[] => [
      { at: at(2 * index + 1), tools: [tool], usage: [1000, 0, 0, 0, 100] },
      {
        at: at(2 * index + 2),
        result: tool.id,
        status: status ?? 'ok',
        ...(changes === undefined ? {} : { changes }),
      },
    ]),
    { at: at(2 * steps.length + 1), says: 5, usage: [1000, 0, 0, 0, 100] },
  ];
}

const SHOP = '/home/dev/shop';
const TREE = '/home/dev/shop/.worktrees/fix';

const many = Array.from({ length: 1200 }, (_, index) => `m${index}`);

let house: Connection;
beforeAll(async () => {
  house = await tell([
    {
      session: 'a',
      cwd: SHOP,
      lines: lines([
        read('a1', `${SHOP}/src/one.ts`),
        read('a2', `${SHOP}/src/two.ts`),
        edit('a3', `${SHOP}/src/one.ts`),
        run('a4', 'npm test -- one', 'failed'),
        edit('a5', `${SHOP}/src/one.ts`),
        run('a6', 'npm test', 'ok'),
      ]),
    },
    {
      session: 'a-help',
      kind: 'subagent',
      parent: 'a',
      cwd: SHOP,
      lines: lines([read('h1', `${SHOP}/src/three.ts`)]).slice(0, 3),
    },
    {
      session: 'b',
      cwd: TREE,
      lines: lines([
        read('b1', `${TREE}/src/one.ts`),
        edit('b2', `${TREE}/src/one.ts`),
        edit('b3', `${TREE}/src/four.ts`),
      ]),
    },
    {
      session: 'many',
      cwd: SHOP,
      lines: [
        { at: '10:00:00', prompt: 5 },
        { at: '10:00:01', tools: many.map((id) => ({ id })), usage: [1000, 0, 0, 0, 100] },
        ...many.map((id): LineOfStory => ({ at: '10:00:02', result: id, status: 'failed' })),
        { at: '10:00:03', says: 5, model: 'unpriced', usage: [1, 0, 0, 0, 1] },
      ],
    },
    // The log says which files were changed, and of reading only that a command ran.
    {
      session: 'c',
      agent: 'agent-c',
      cwd: SHOP,
      lines: lines([
        run('c1', 'sed -n 1,20p src/one.ts', 'ok'),
        { id: 'c2', name: 'apply', category: 'edit', changes: [`${SHOP}/src/one.ts`] },
        run('c3', 'npm test', 'failed'),
      ]),
    },
  ]);
});
afterAll(() => house.close());

async function ask(name: string, values: ReportValues): Promise<Fields> {
  const report = shippedReport(name);
  if (report === undefined) throw new Error(`no report ${name}`);
  const sql = bindReport(report, values);
  const rows = (await rowsOf(house, sql)) as readonly Fields[];
  expect(rows).toHaveLength(1);
  return rows[0] as Fields;
}

const A = 'agent-a:a';
const B = 'agent-a:b';
const C = 'agent-c:c';

describe('diff', () => {
  it('says in words what two attempts did differently', async () => {
    expect((await ask('diff', { a: A, b: B })).findings).toEqual([
      // Six steps, a subagent's one and a last word; three and a last word.
      'B was 50 % cheaper ($0.0180 against $0.0360), and read 1 file where A read 3.',
      'B changed 1 file that A never opened.',
      'B ran no test; A ran 2.',
      'Models and tools took 7 s in B and 13 s in A.',
      '0 of 3 tool calls failed in B, 1 of 7 in A.',
      'B made 0 failed calls again, A 1.',
      'Their ways part at step 2: A Read src/two.ts, B Edit src/one.ts.',
    ]);
  });

  it('has the thousands of large numbers apart, as tables do', async () => {
    const { findings } = await ask('diff', { a: A, b: 'agent-a:many' });
    expect(findings).toEqual(
      expect.arrayContaining([
        'Costs are lower bounds: one call has no known price.',
        '1,200 of 1,200 tool calls failed in B, 1 of 7 in A.',
      ]),
    );
  });

  it('holds files, commands and verification side by side, worktrees as one place', async () => {
    const diff = await ask('diff', { a: A, b: B });
    const file = (
      file_path: string,
      changed_in: string | null,
      read_in: string | null,
      counts: readonly number[],
    ) => ({
      file_path,
      changed_in,
      read_in,
      a_edit_count: counts[0],
      b_edit_count: counts[1],
      a_read_count: counts[2],
      b_read_count: counts[3],
    });
    expect(diff.files).toEqual([
      file('src/four.ts', 'only B', null, [0, 1, 0, 0]),
      file('src/one.ts', 'both', 'both', [2, 1, 1, 1]),
      file('src/three.ts', null, 'only A', [0, 0, 1, 0]),
      file('src/two.ts', null, 'only A', [0, 0, 1, 0]),
    ]);
    expect(diff.commands).toEqual([
      {
        program: 'npm test',
        run_in: 'only A',
        a_run_count: 2,
        b_run_count: 0,
        a_failed_count: 1,
        b_failed_count: 0,
      },
    ]);
    expect(diff.verifications).toMatchObject([
      {
        verification_kind: 'test',
        program: 'npm test',
        missing_in: 'B',
        a_run_count: 2,
        a_failed_count: 1,
        a_last_status: 'ok',
        b_last_status: null,
      },
    ]);
    expect(diff.exploration).toMatchObject([
      { side: 'A', first_edit_ms: 5000, call_count: 3, read_count: 3 },
      { side: 'B', first_edit_ms: 3000, call_count: 1, read_count: 1 },
    ]);
    expect(diff.editing).toMatchObject([
      {
        read_file_count: 3,
        changed_file_count: 1,
        edit_count: 2,
        verification_count: 2,
        last_verification: 'ok',
        is_edited_since: false,
      },
      {
        read_file_count: 1,
        changed_file_count: 2,
        edit_count: 2,
        verification_count: 0,
        last_verification: null,
        is_edited_since: null,
      },
    ]);
  });

  it('adds up cost and tokens with subagents, and time without', async () => {
    const diff = await ask('diff', { a: A, b: B });
    expect(diff.effort).toMatchObject([
      {
        llm_call_count: 8,
        tool_call_count: 7,
        tool_failure_count: 1,
        retry_count: 1,
        total_tokens: 8800,
        cost_usd: '0.036000000',
      },
      {
        llm_call_count: 4,
        tool_call_count: 3,
        tool_failure_count: 0,
        retry_count: 0,
        total_tokens: 4400,
        cost_usd: '0.018000000',
      },
    ]);
    expect(diff.times).toMatchObject([
      { wall_ms: 13_000, model_ms: 7000, tool_ms: 6000 },
      { wall_ms: 7000, model_ms: 4000, tool_ms: 3000 },
    ]);
    expect(diff.token_classes).toMatchObject([
      { token_class: 'uncached_input', a_tokens: 8000, b_tokens: 4000 },
      { token_class: 'output', a_cost_usd: '0.012000000', b_cost_usd: '0.006000000' },
    ]);
  });

  it('aligns the tool paths by number', async () => {
    const { tool_path: path, divergence } = await ask('diff', { a: A, b: B });
    expect(
      (path as readonly Fields[]).map((row) => [row.step_number, row.is_same, row.a_target, row.b_target]),
    ).toEqual([
      [1, true, 'src/one.ts', 'src/one.ts'],
      [2, false, 'src/two.ts', 'src/one.ts'],
      [3, false, 'src/one.ts', 'src/four.ts'],
      [4, false, 'npm test', null],
      [5, false, 'src/one.ts', null],
      [6, false, 'npm test', null],
    ]);
    expect(divergence).toMatchObject({
      step_number: 2,
      a_tool_call_id: 'agent-a:a2',
      b_tool_call_id: 'agent-a:b2',
    });
  });

  it('does not say what a log does not tell', async () => {
    const diff = await ask('diff', { a: A, b: C });
    expect(diff.files).toMatchObject([
      { file_path: 'src/one.ts', changed_in: 'both', b_read_count: null },
      { file_path: 'src/three.ts', b_read_count: null },
      { file_path: 'src/two.ts', b_read_count: null },
    ]);
    expect(diff.findings).toEqual([
      'B was 50 % cheaper ($0.0180 against $0.0360).',
      'Both changed the same file.',
      'The last verification of B failed; that of A passed.',
      'Models and tools took 7 s in B and 13 s in A.',
      'B made 0 failed calls again, A 1.',
      'Their ways part at step 1: A Read src/one.ts, B Bash sed.',
    ]);
    const other = await ask('diff', { a: C, b: B });
    expect(other.findings).toContain('B changed 1 file that A did not change.');
  });

  it('shows commands only where content is asked for', async () => {
    expect(await ask('diff', { a: A, b: B })).toMatchObject({ command_texts: null });
    expect((await ask('diff', { a: A, b: B, content: true })).command_texts).toEqual([
      { side: 'A', program: 'npm test', status: 'failed', command: 'npm test -- one' },
      { side: 'A', program: 'npm test', status: 'ok', command: 'npm test' },
    ]);
    const text = JSON.stringify(await ask('diff', { a: A, b: B }));
    expect(text).not.toContain('-- one');
  });

  it('has nothing to say of a session that is not there', async () => {
    expect(await ask('diff', { a: A, b: 'agent-a:nobody' })).toMatchObject({
      b: null,
      findings: [],
      effort: [],
    });
  });
});

describe('diff against a patch', () => {
  const file = (path: string, more: object = {}) => ({
    path,
    old_path: null,
    operation: 'edit',
    added_line_count: 3,
    removed_line_count: 1,
    ...more,
  });
  const patch = JSON.stringify([
    file('src/one.ts'),
    file('src/five.ts', { operation: 'create' }),
    file('src/two.ts'),
  ]);

  it('says which files of it the session changed, opened and left', async () => {
    const { files, findings, patch: sums } = await ask('diff-patch', { a: A, patch });
    expect(files).toMatchObject([
      {
        file_path: 'src/five.ts',
        changed_in: 'only the patch',
        operation: 'create',
        edit_count: 0,
        read_count: 0,
      },
      { file_path: 'src/two.ts', changed_in: 'only the patch', edit_count: 0, read_count: 1 },
      {
        file_path: 'src/one.ts',
        changed_in: 'both',
        edit_count: 2,
        patch_added_count: 3,
        patch_removed_count: 1,
      },
    ]);
    expect(sums).toEqual({ file_count: 3, added_line_count: 9, removed_line_count: 3 });
    expect(findings).toEqual([
      'A changed 1 of the 3 files of the patch.',
      'A never opened src/five.ts.',
      'A did not change src/two.ts.',
      'The last verification of A passed.',
    ]);
    expect((await ask('diff-patch', { a: B, patch })).findings).toEqual([
      'A changed 1 of the 3 files of the patch.',
      'A never opened src/five.ts, src/two.ts.',
      'A changed src/four.ts, which the patch leaves alone.',
      'A verified nothing.',
    ]);
  });

  it('finds a file where the session began in another folder of the repository', async () => {
    const deep = JSON.stringify([file('web/src/one.ts'), file('one.ts'), file('shop/src/two.ts')]);
    const { files } = await ask('diff-patch', { a: A, patch: deep });
    expect(
      (files as readonly Fields[]).map((row) => [row.file_path, row.changed_in, row.read_count]),
    ).toEqual([
      ['one.ts', 'only the patch', 0],
      ['shop/src/two.ts', 'only the patch', 1],
      ['web/src/one.ts', 'both', 1],
    ]);
  });
});

describe('agenttrace diff', () => {
  const FIRST = 'claude-code:0d0c4264';
  const SECOND = 'claude-code:d33c639a';

  test('takes ids, in every format of a page', async () => {
    const [table, markdown, json] = await Promise.all([
      runCli(['diff', FIRST, SECOND, '--demo']),
      runCli(['diff', FIRST, SECOND, '--demo', '-f', 'markdown']),
      runCli(['diff', FIRST, SECOND, '--demo', '-f', 'json']),
    ]);
    expect([table.code, markdown.code, json.code]).toEqual([0, 0, 0]);
    const answer = JSON.parse(json.out);
    expect(answer.a.session_id).toContain(FIRST);
    expect(answer.findings).toContain('B ran no test; A ran 2.');
    for (const finding of answer.findings) expect(table.out.replace(/\n {2}/g, ' ')).toContain(finding);
    expect(markdown.out).toContain('- B ran no test; A ran 2.');
  });

  test('takes two logs, and neither reads nor writes a warehouse', async () => {
    await withFolder(async (folder) => {
      const logs = readdirSync(join(EXAMPLE, '.claude/projects'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /^(0d0c4264|d33c639a)/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort((a, b) => (a.includes('0d0c4264') ? -1 : b.includes('0d0c4264') ? 1 : 0));
      expect(logs).toHaveLength(2);
      const { code, out } = await runCli(['diff', ...logs, '-f', 'json'], { env: { HOME: folder } });
      expect(code).toBe(0);
      const ids = await runCli(['diff', FIRST, SECOND, '--demo', '-f', 'json']);
      expect(JSON.parse(out).findings).toEqual(JSON.parse(ids.out).findings);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  test('takes a patch from a file or stdin, and gates', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'good.patch');
      const text =
        'diff --git a/src/ledger.ts b/src/ledger.ts\n--- a/src/ledger.ts\n+++ b/src/ledger.ts\n@@ -1 +1 @@\n-a\n+b\n';
      writeFileSync(file, text);
      const given = await runCli(['diff', SECOND, '--patch', file, '--demo']);
      expect(given.out).toContain('- A changed the one file of the patch.');
      const piped = await runCli(['diff', SECOND, '--patch', '-', '--demo'], { input: text });
      expect(piped.out).toBe(given.out);
      expect((await runCli(['diff', SECOND, '--patch', file, '--demo', '--max-cost', '0.1'])).code).toBe(2);
      writeFileSync(file, 'no patch\n');
      expect((await runCli(['diff', SECOND, '--patch', file, '--demo'])).code).toBe(65);
    });
    const judged = await runCli(['diff', FIRST, SECOND, '--demo', '--max-cost', '0.1']);
    expect(judged.code).toBe(2);
    expect(judged.err).toContain(SECOND);
    expect(judged.err).not.toContain(FIRST);
  });

  test.each([
    [['diff', FIRST, '--demo'], 64, 'two sessions'],
    [['diff', FIRST, FIRST, '--demo'], 64, 'Both are the session'],
    [['diff', FIRST, 'claude-code:nobody', '--demo'], 66, 'no session whose id begins'],
    [['diff', FIRST, SECOND, '--patch', 'x.patch', '--demo'], 64, 'not 2'],
    [['diff', FIRST, '--patch', 'missing.patch', '--demo'], 66, 'cannot be read'],
  ] as const)('%j exits with %i', async (words, exitCode, said) => {
    const { code, err } = await runCli(words);
    expect([code, err]).toEqual([exitCode, expect.stringContaining(said)]);
  });
});
