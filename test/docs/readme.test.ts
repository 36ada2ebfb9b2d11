/** README.md shows what the program says. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { longFlag, MODE_FLAGS } from '../../src/cli/arguments.ts';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { FORMATS } from '../../src/cli/common-options.ts';
import { EXIT_CODE_MEANINGS } from '../../src/cli/exit-code-help.ts';
import { offered } from '../../src/cli/spec.ts';
import { runCli } from '../cli/run-cli.ts';
import { isAccepting, ROOT, readPage, shownCommands } from './pages.ts';

const README = readPage('README.md');
const scripts = (JSON.parse(readPage('package.json')) as { scripts: Record<string, string> }).scripts;

/** Blanks at line ends are not for pages. */
const trimmed = (text: string): string => text.replace(/[ \t]+$/gm, '');

test.each(shownCommands(README).map((shown) => [shown.command, shown] as const))(
  '%s answers as shown',
  async (_, { words, output }) => {
    const { code, out, err } = await runCli(words);
    expect(err).toBe('');
    expect(code).toBe(0);
    const actual = trimmed(out);
    if (isAccepting && !/^…$/m.test(output)) {
      if (output !== actual)
        writeFileSync(
          join(ROOT, 'README.md'),
          readPage('README.md').replace(output, () => actual),
        );
      return;
    }
    let from = 0;
    for (const part of output.split(/^…\n/m)) {
      const found = actual.indexOf(part, from);
      if (found < 0) expect(actual).toContain(part);
      from = found + part.length;
    }
  },
);

test('shows the overview, a session and a query', () => {
  const first = shownCommands(README).map(({ words }) => words[0]);
  expect(first).toEqual(expect.arrayContaining(['--demo', 'latest', 'query']));
});

test('its first block starts the program and its second one the tests', () => {
  const blocks = [...README.matchAll(/^```(?:sh|console)\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? '');
  expect(blocks[0]).toMatch(/^npm ci && npx agenttrace --demo/);
  expect(blocks[1]).toBe('npm test\n');
});

test.each(COMMANDS.map(({ name }) => name))('has the command %s in its table', (name) => {
  expect(README).toMatch(new RegExp(`^\\|.*\`${name}[ \`\\[]`, 'm'));
});

test('names as not built no command that is', () => {
  const later = /## Not built yet\n([\s\S]*?)\n## /.exec(README)?.[1] ?? '';
  for (const { name } of COMMANDS) expect(later).not.toContain(`\`${name}\``);
});

test('names every flag of every command, and every alias of a command', () => {
  const flags = new Set(
    COMMANDS.flatMap(({ options }) => offered(options).map((option) => longFlag(option.flags))),
  );
  for (const flag of [...flags, ...MODE_FLAGS.map(([name]) => `--${name}`)])
    expect(README).toContain(`${flag}`);
});

test('names every format that can be written', () => {
  for (const format of FORMATS) expect(README).toContain(`| \`${format}\``);
});

test('says of each exit code what help says', () => {
  for (const [code, meaning] of EXIT_CODE_MEANINGS)
    expect(README).toMatch(new RegExp(`^\\| ${code} +\\| ${meaning} `, 'm'));
});

test.each(['README.md', 'CONTRIBUTING.md', '.ci/run'])('%s names scripts that exist', (path) => {
  const page = readPage(path).replace(/^```console\n[\s\S]*?^```$/gm, '');
  const named = [...page.matchAll(/npm (?:run (?:--silent )?([a-z]+)|(test))\b/g)];
  expect(named.length).toBeGreaterThan(0);
  for (const [, script, short] of named) expect(Object.keys(scripts)).toContain(script ?? short);
});
