import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { longFlag } from '../../src/cli/arguments.ts';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { EXIT_CODE_MEANINGS } from '../../src/cli/exit-code-help.ts';
import { offered } from '../../src/cli/spec.ts';
import { EXIT_CODES } from '../../src/model/errors.ts';
import { runCli } from '../cli/run-cli.ts';

test('--help names every command and every exit code', async () => {
  const { out } = await runCli(['--help']);
  for (const { name } of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  for (const [code, meaning] of EXIT_CODE_MEANINGS) expect(out).toContain(`${code} ${meaning}`);
});

test('every exit code has a meaning', () => {
  const known = new Set(EXIT_CODE_MEANINGS.map(([code]) => code));
  for (const code of Object.values(EXIT_CODES)) expect(known).toContain(code);
});

test.each(COMMANDS.map((command) => [command.name, command] as const))(
  '%s --help names its flags',
  async (name, command) => {
    const { out } = await runCli([name, '--help']);
    for (const { flags, choices } of offered(command.options)) {
      expect(out).toContain(longFlag(flags));
      for (const choice of choices ?? []) expect(out).toContain(choice);
    }
    for (const { command: line } of command.examples) expect(line).toMatch(/agenttrace/);
  },
);

const readme = new URL('../../README.md', import.meta.url);

describe.skipIf(!existsSync(readme))('README.md', () => {
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '';

  test.each(COMMANDS.map(({ name }) => name))('names the command %s', (name) => {
    expect(text).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('names every flag that reports take', () => {
    const overview = COMMANDS.find(({ name }) => name === 'overview');
    for (const { flags } of offered(overview?.options ?? [])) expect(text).toContain(longFlag(flags));
  });

  test('names every exit code', () => {
    for (const [code] of EXIT_CODE_MEANINGS) expect(text).toMatch(new RegExp(`\\b${code}\\b`));
  });
});
