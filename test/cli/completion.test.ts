/** The completion scripts, each in its shell; what they offer is what the program has. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicViews, shippedReports } from '../../src/catalog/contract.ts';
import { longFlag } from '../../src/cli/arguments.ts';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { completionScript } from '../../src/cli/completion-script.ts';
import { offered } from '../../src/cli/spec.ts';
import { makeWarehouse, runCli } from './run-cli.ts';

const SESSION = '6a87a9dc-6cd5-497a-acab-a1d82d7e371a';

const hasShell = (name: string): boolean => spawnSync(name, ['-c', 'true']).status === 0;

const PROGRAM = fileURLToPath(new URL('../../dist/agenttrace.cjs', import.meta.url));

let folder: string;
let warehouse: Awaited<ReturnType<typeof makeWarehouse>>;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agenttrace-test-'));
  const program = join(folder, 'agenttrace');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(program, 0o755);
  warehouse = await makeWarehouse();
  env = {
    PATH: `${folder}:${process.env.PATH}`,
    HOME: folder,
    TZ: 'UTC',
    AGENTTRACE_WAREHOUSE: warehouse.file,
  };
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  warehouse.remove();
});

describe.skipIf(!hasShell('bash'))('bash', () => {
  const complete = (...words: readonly string[]): readonly string[] =>
    execFileSync(
      'bash',
      [
        '--norc',
        '-c',
        `${completionScript('bash')}
        COMP_WORDS=(agenttrace "$@"); COMP_CWORD=$#; _agenttrace; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        ...words,
      ],
      { encoding: 'utf8', cwd: folder, env },
    )
      .split('\n')
      .filter((line) => line !== '');

  test('commands, and every flag of each', () => {
    expect(complete('')).toEqual([...COMMANDS.map(({ name }) => name), 'agenttrace']);
    for (const { name, options } of COMMANDS.filter(({ name }) => /^(shell|forget|export|query)$/.test(name)))
      expect(complete(name, '--')).toEqual(
        expect.arrayContaining(offered(options).map(({ flags }) => longFlag(flags))),
      );
  });

  test('views, reports, choices and agents', () => {
    expect(complete('schema', '')).toEqual(publicViews().map(({ name }) => name));
    expect(complete('schema', 'llm')).toEqual(['llm_calls']);
    expect(complete('report', '')).toEqual(shippedReports().map(({ name }) => name));
    expect(complete('tools', '-f', 'js')).toEqual(['json', 'jsonl']);
    expect(complete('doctor', '-f', 'js')).toEqual(['json']);
    expect(complete('prices', '--ag')).toEqual([]);
    expect(complete('blocks', '--li')).toEqual(['--limit']);
    expect(complete('overview', '--agent', 'claude')).toEqual(['claude-code']);
    expect(complete('completion', 'f')).toEqual(['fish']);
  });

  test('nothing where a flag takes any value', () => {
    for (const words of [
      ['models', '--model', ''],
      ['session', '--limit', ''],
      ['report', '--since', ''],
      ['query', '--param', ''],
    ])
      expect(complete(...words)).toEqual([]);
    expect(complete('query', '--file', 'agent')).toEqual(['agenttrace']);
    expect(complete('report', '--eject', 'dail')).toEqual(['daily']);
  });

  test('sessions of the warehouse as it is', () => {
    expect(complete('session', '6a87')).toEqual([SESSION]);
    expect(complete('tools', '--session', '6a87a9dc')).toEqual([SESSION]);
    for (const name of ['explain', 'diff', 'forget'])
      expect(COMMANDS.find((command) => command.name === name)?.argument?.completes).toBe('session');
  });
});

test('a session that a log calls by a command of a shell is not offered, and not run', async () => {
  const logs = join(folder, 'logs');
  const names = [
    '$(touch made1)',
    '`touch made2`',
    `$(touch\${IFS}made3)`,
    'x;touch made4',
    "it's",
    'a\nb c',
  ];
  mkdirSync(logs);
  for (const [index, sessionId] of names.entries()) {
    const uuid = `00000000-0000-4000-8000-00000000000${index}`;
    const message = { role: 'user', content: 'x' };
    const line = { type: 'user', uuid, sessionId, cwd: '/p\n$(touch made5)', message };
    writeFileSync(join(logs, `${index}.jsonl`), `${JSON.stringify(line)}\n`);
  }
  const file = join(folder, 'hostile.duckdb');
  const loaded = await runCli(['load', '-d', logs, '--warehouse', file]);
  expect([loaded.code, loaded.err]).toEqual([0, '']);
  const { out } = await runCli([
    'query',
    'select native_session_id from sessions',
    '-f',
    'jsonl',
    '-d',
    logs,
  ]);
  expect(out.trim().split('\n')).toHaveLength(names.length);
  for (const shell of ['bash', 'zsh', 'fish'].filter(hasShell)) {
    const asked =
      shell === 'fish'
        ? "complete -C 'agenttrace session '"
        : `COMP_WORDS=(agenttrace session ''); COMP_CWORD=2; COMPREPLY=(); ${shell === 'bash' ? '_agenttrace' : "_agenttrace_sessions ''"}; printf '[%s]' "\${COMPREPLY[@]}"`;
    const script = completionScript(shell).replace(/^(?:#compdef|autoload|complete -o).*$/gm, '');
    const hostile = { ...env, AGENTTRACE_WAREHOUSE: file };
    const asking = join(folder, `hostile.${shell}`);
    writeFileSync(asking, `${script}\n${asked}\n`);
    const offered = execFileSync(shell, [asking], { encoding: 'utf8', cwd: folder, env: hostile });
    expect(offered).not.toMatch(/touch made[1-4]|it's/);
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('made'))).toEqual([]);
  const page = await runCli(['overview', '-d', logs, '-f', 'json']);
  const commands: readonly string[] = JSON.parse(page.out).next.map(
    ({ command }: { command: string }) => command,
  );
  for (const command of commands.filter((text) => text.includes('touch')))
    expect(command).toMatch(/ '[^']*'$/);
});

test.skipIf(!hasShell('fish'))('fish reads its script, and offers views and sessions', () => {
  const lines = ['agenttrace schema llm', 'agenttrace session 6a87', 'agenttrace forget --un'];
  const asked = lines.map((line) => `complete -C ${JSON.stringify(line)}`).join('\n');
  const script = join(folder, 'ask.fish');
  writeFileSync(script, `${completionScript('fish')}\n${asked}\n`);
  const out = execFileSync('fish', [script], { encoding: 'utf8', env });
  expect(out).toContain('llm_calls');
  expect(out).toContain(`${SESSION}\tpayments-api 2026-11-03`);
  expect(out).toContain('--undo');
});

test.skipIf(!hasShell('zsh'))('zsh completes commands, views, choices, sessions and flags', () => {
  const completed = {
    'agenttrace schema llm': 'llm_calls',
    'agenttrace sess': 'session',
    'agenttrace overview --agent claude': 'claude-code',
    'agenttrace session 6a87': SESSION,
    'agenttrace forget --un': '--undo',
  };
  writeFileSync(join(folder, '_agenttrace'), completionScript('zsh'));
  // A terminal of its own, in which a tab is typed; each line stands there whole before the next begins.
  const script = `
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "autoload -Uz compinit; compinit -u -D; source '${folder}/_agenttrace'; PS1='REA''DY '"
    zpty -r -m shell seen '*READY *'
    ${Object.entries(completed)
      .map(([line, word]) => {
        const whole = line.replace(/\S+$/, word);
        return `zpty -w -n shell $'${line}\\t'; zpty -r -m shell seen '*${whole}*'; zpty -w -n shell $'\\x15'; print -r -- '${whole}'`;
      })
      .join('\n')}
    zpty -d shell`;
  const { stdout } = spawnSync('zsh', ['-f', '-c', script], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...env, TERM: 'dumb' },
    timeout: 60_000,
  });
  expect(stdout.trim().split('\n')).toEqual(
    Object.entries(completed).map(([line, word]) => line.replace(/\S+$/, word)),
  );
});
