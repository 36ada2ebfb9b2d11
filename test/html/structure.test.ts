/** Every page as HTML: well formed, complete in itself, readable without eyes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { makeWarehouse, runCli, withFolder } from '../cli/run-cli.ts';
import { elementsOf, outlineOf, parseHtml, textOf } from './outline.ts';
import { SHOWN_PAGES } from './shown-pages.ts';

let warehouse: Awaited<ReturnType<typeof makeWarehouse>>;

beforeAll(async () => {
  warehouse = await makeWarehouse();
});

afterAll(() => warehouse.remove());

const page = async (...words: readonly string[]): Promise<string> => {
  const logs = ['--warehouse', warehouse.file, '--no-refresh'];
  const { code, out, err } = await runCli([...words, ...logs, '-f', 'html', '--quiet']);
  expect([code, err]).toEqual([0, '']);
  return out;
};

test.each(SHOWN_PAGES)('%s is one well-formed file that needs nothing else', async (_, words) => {
  const html = await page(...words);
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
  const all = elementsOf(parseHtml(html));
  const named = (tag: string): readonly (typeof all)[number][] =>
    all.filter((element) => element.tag === tag);
  expect(named('h1')).toHaveLength(1);
  for (const tag of ['script', 'img', 'iframe', 'object', 'image', 'use', 'foreignObject'])
    expect(named(tag)).toEqual([]);
  expect(html).not.toMatch(/\bon\w+="|url\(|@import|https?:|javascript:/);
  expect(html).toContain(`content="default-src 'none';`);

  const ids = all.flatMap(({ attributes }) => attributes.id ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  const pointed = all.flatMap(({ tag, attributes }) => [
    ...(tag === 'a' ? [(attributes.href ?? '').replace(/^#/, '')] : []),
    ...(attributes['aria-labelledby']?.split(' ') ?? []),
  ]);
  expect(pointed.filter((id) => !ids.includes(id))).toEqual([]);

  for (const heading of named('th')) expect(heading.attributes.scope).toBe('col');
  for (const drawing of named('svg')) {
    expect(drawing.attributes.role).toBe('img');
    const [title, description] = elementsOf(drawing);
    expect([title?.tag, description?.tag]).toEqual(['title', 'desc']);
    expect(description === undefined ? '' : textOf(description)).not.toBe('');
    // Colours come from the page, so that they fit light and dark.
    const colors = elementsOf(drawing).flatMap(({ attributes }) => [attributes.fill, attributes.stroke]);
    expect(
      colors.filter((color) => color !== undefined && !/^(none|var\(--[a-z0-9]+\))$/.test(color)),
    ).toEqual([]);
  }
});

test('a page has the sections of its Markdown', async () => {
  const markdown = await runCli(['--demo', '-f', 'markdown', '--quiet']);
  const headings = [...markdown.out.matchAll(/^## (.*)$/gm)].map(([line]) => line);
  const outline = outlineOf(await page('overview'));
  for (const line of outline.filter((said) => said.startsWith('## '))) expect(headings).toContain(line);
  expect(outline.filter((said) => said.startsWith('chart ')).length).toBeGreaterThan(0);
});

test('the suffix of -o asks for HTML', async () => {
  await withFolder(async (folder) => {
    const { code, out } = await runCli(['daily', '--demo', '-o', 'daily.html', '--quiet'], { cwd: folder });
    expect([code, out]).toEqual([0, '']);
    expect(readFileSync(join(folder, 'daily.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });
});

test('what a log says stays text', async () => {
  const evil = `</style><script>alert("1")</script>' onload='x' <img src=x> &amp; \u202e`;
  const sql = `select '${evil.replaceAll("'", "''")}' as "a<b>""c", 1.5::decimal(4,2) as cost_usd`;
  const html = await page('query', sql);
  const all = elementsOf(parseHtml(html));
  expect(all.filter(({ tag }) => tag === 'script' || tag === 'img')).toEqual([]);
  const cell = all.find(({ tag }) => tag === 'td');
  expect(cell && textOf(cell)).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
  expect(html).not.toContain('\u202e');
});

test('a filter stands in the heading', async () => {
  const html = await page(
    'daily',
    '--agent',
    'codex',
    '--since',
    '2026-11-01',
    '--timezone',
    'Europe/Berlin',
  );
  expect(outlineOf(html)).toContain('list Since | Agent | Generated | Time zone | Version');
  expect(html).toContain('<dd>Europe/Berlin</dd>');
});

test('every command that shows rows takes html', () => {
  const formats = COMMANDS.flatMap(({ options }) => options)
    .filter(({ flags }) => flags.includes('--format'))
    .map(({ choices }) => choices ?? []);
  expect(formats.length).toBeGreaterThan(5);
  for (const choices of formats) expect(choices).toContain('html');
});
