/**
 * What every report says of the fixture home, in every format, as files to be read: `test/golden/<report>.txt`.
 *
 * `npm run accept` writes them. Of HTML there is the outline with its texts rather than the page, whose drawings nobody reads.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shippedReports } from '../../src/catalog/contract.ts';
import { renderAnswer } from '../../src/cli/answer.ts';
import { htmlAnswer } from '../../src/cli/html-answer.ts';
import { VERSION } from '../../src/cli/version.ts';
import { textWidth } from '../../src/render/width.ts';
import { isAccepting } from '../docs/pages.ts';
import { outlineOf } from '../html/outline.ts';
import { type GoldenHome, openGoldenHome } from './golden-home.ts';

const FOLDER = dirname(fileURLToPath(import.meta.url));
const WIDTHS = [80, 100, 200];
const REPORTS = shippedReports();

let home: GoldenHome;
beforeAll(async () => {
  home = await openGoldenHome();
}, 120_000);
afterAll(() => home.close());

/** Everything that a report can look like, each under a line that names it. */
async function looksOf(report: (typeof REPORTS)[number]): Promise<string> {
  const answer = await home.answer(report);
  const as = (format: 'table' | 'markdown' | 'json' | 'jsonl' | 'csv', width: number | null): string =>
    renderAnswer(answer, { format, invocation: home.invocation(width) });
  const looks = [
    ...WIDTHS.map((width) => [`table, ${width} columns`, as('table', width)]),
    ['table, in a pipe', as('table', null)],
    ['markdown', as('markdown', null)],
    ['json', as('json', null)],
    ...(answer.shape === 'table'
      ? [
          ['jsonl', as('jsonl', null)],
          ['csv', as('csv', null)],
        ]
      : []),
    ['html, outline', `${outlineOf(htmlAnswer(answer, home.invocation(null))).join('\n')}\n`],
  ];
  return looks
    .map(([name, text = '']) => `==== ${name} ====\n${text.replaceAll(VERSION, '<version>')}`)
    .join('\n');
}

/** A command or a path, which is copied and so never cut. */
const isWhole = (line: string): boolean => /^agenttrace |^\S+$/.test(line.trim());

test.each(REPORTS.map((report) => [report.name, report] as const))('%s', async (name, report) => {
  const file = join(FOLDER, `${name}.txt`);
  const looks = await looksOf(report);
  if (isAccepting) writeFileSync(file, looks);
  expect(looks).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
  for (const [, width, text = ''] of looks.matchAll(
    /^==== table, (\d+) columns ====\n([\s\S]*?)(?=^==== )/gm,
  ))
    expect(text.split('\n').filter((line) => textWidth(line) > Number(width) && !isWhole(line))).toEqual([]);
});

test('there is a file for each report, and none for another', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));
  const names = REPORTS.map(({ name }) => `${name}.txt`);
  if (isAccepting) for (const file of files.filter((one) => !names.includes(one))) rmSync(join(FOLDER, file));
  else expect(files.sort()).toEqual(names.sort());
});
