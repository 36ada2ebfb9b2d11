import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shippedReports } from '../../src/catalog/contract.ts';
import { longFlag } from '../../src/cli/arguments.ts';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { EXIT_CODE_MEANINGS } from '../../src/cli/exit-code-help.ts';
import { offered } from '../../src/cli/spec.ts';
import { EXIT_CODES } from '../../src/model/errors.ts';
import { callCli } from '../cli/call-cli.ts';
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

test.each(COMMANDS.map((command) => [command.name, command] as const))(
  '%s --help fits a terminal of 80 columns, and offers what it takes',
  async (name, { examples, options }) => {
    const { out } = await callCli([name, '--help'], { columns: 80 });
    const commands = examples.map(({ command }) => command);
    for (const line of out.split('\n')) {
      if (!commands.includes(line.trim())) expect(line.length, line).toBeLessThanOrEqual(80);
      expect(line).toBe(line.trimEnd());
    }
    const shown = [...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(shown.toSorted()).toEqual(
      [...offered(options).map(({ flags }) => longFlag(flags)), '--help'].toSorted(),
    );
  },
);

test('a report offers the filters that it has parameters for, with its limit', async () => {
  for (const report of shippedReports()) {
    const command = COMMANDS.find(({ name }) => name === report.name);
    if (command === undefined || ['explain', 'prices', 'session', 'diff'].includes(report.name)) continue;
    const { out } = await callCli([report.name, '--help']);
    const names = report.parameters.map(({ name }) => name);
    for (const filter of ['since', 'until', 'agent', 'model', 'project', 'session', 'limit', 'content'])
      expect([report.name, filter, out.includes(`  --${filter}`)]).toEqual([
        report.name,
        filter,
        names.includes(filter),
      ]);
    const limit = report.parameters.find(({ name }) => name === 'limit')?.default ?? null;
    if (limit !== null) expect(out).toContain(`(default: ${limit})`);
    expect(out.includes('parquet')).toBe(report.shape === 'table');
  }
});

test('--help fits a terminal of 80 columns, and names the forms without a command', async () => {
  const { out } = await callCli(['--help'], { columns: 80 });
  for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(out).toContain('agenttrace FOLDER');
});

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
