/** Pages in a real browser: on a phone, a laptop and a wide screen, in light and dark, and on paper. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeWarehouse, runCli } from '../cli/run-cli.ts';
import { type Browser, findChromium, openBrowser } from './chromium.ts';
import { PAGE_FAULTS } from './page-faults.ts';
import { SHOWN_PAGES } from './shown-pages.ts';

const CHROMIUM = findChromium();
const WIDTHS = [400, 1000, 1600] as const;
/** Pictures are kept here where it is set, to be looked at. */
const PICTURES = process.env.AGENTTRACE_SCREENSHOTS;

const reason = CHROMIUM === undefined ? ' (skipped: no Chromium on the path or in AGENTTRACE_CHROMIUM)' : '';

describe.skipIf(CHROMIUM === undefined)(`in Chromium${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'agenttrace-test-'));
  let browser: Browser;

  let warehouse: Awaited<ReturnType<typeof makeWarehouse>>;

  beforeAll(async () => {
    warehouse = await makeWarehouse();
    browser = await openBrowser(CHROMIUM ?? '');
  });

  afterAll(async () => {
    await browser.close();
    warehouse.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The address of a page that the program wrote. */
  async function written(name: string, words: readonly string[]): Promise<string> {
    const file = join(folder, `${name}.html`);
    const logs = ['--warehouse', warehouse.file, '--no-refresh'];
    const { code, err } = await runCli([...words, ...logs, '-o', file, '--quiet']);
    expect([code, err]).toEqual([0, '']);
    return pathToFileURL(file).href;
  }

  const keep = (name: string, picture: Buffer): void => {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    writeFileSync(join(PICTURES, `${name}.png`), picture);
  };

  test.each(SHOWN_PAGES)('%s renders, and nothing overflows', async (name, words) => {
    const url = await written(name, words);
    for (const width of WIDTHS) {
      const light = await browser.visit({ url, width, isDark: false, expression: PAGE_FAULTS });
      const dark = await browser.visit({ url, width, isDark: true, expression: PAGE_FAULTS });
      keep(`${name}-${width}-light`, light.picture);
      keep(`${name}-${width}-dark`, dark.picture);
      for (const { value, complaints, requests, picture } of [light, dark]) {
        expect([name, width, value, complaints, requests]).toEqual([name, width, [], [], []]);
        expect(pictureSize(picture).width).toBe(width);
        expect(pictureSize(picture).height).toBeGreaterThan(250);
      }
      expect(light.picture.equals(dark.picture)).toBe(false);
    }
    // A4 without its margins.
    const paper = await browser.visit({
      url,
      width: 718,
      isDark: true,
      isPrinted: true,
      expression: PAGE_FAULTS,
    });
    keep(`${name}-paper`, paper.picture);
    expect([name, 'paper', paper.value]).toEqual([name, 'paper', []]);
  });

  test('text stands out from what is behind it', async () => {
    const url = await written('session', ['session', 'claude-code:6a87a9dc']);
    for (const isDark of [false, true]) {
      const { value } = await browser.visit({ url, width: 1000, isDark, expression: LEAST_CONTRAST });
      expect(value).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('a fault is found where there is one', async () => {
    const file = join(folder, 'faulty.html');
    writeFileSync(
      file,
      '<!doctype html><body><div class="sheet"><div style="width:100px"><p style="width:3000px">wide</p></div><figure></figure></div><script>undefinedThing()</script><img src="missing.png">',
    );
    const url = pathToFileURL(file).href;
    const { value, complaints, requests } = await browser.visit({
      url,
      width: 400,
      isDark: false,
      expression: PAGE_FAULTS,
    });
    expect(JSON.stringify(value)).toContain('the page is');
    expect(JSON.stringify(value)).toContain('leaves its container');
    expect(JSON.stringify(value)).toContain('shows 0 drawings');
    expect(complaints.length).toBeGreaterThan(0);
    expect(requests.some((address) => address.endsWith('missing.png'))).toBe(true);
  });
});

/** From the header of a PNG. */
const pictureSize = (picture: Buffer): { readonly width: number; readonly height: number } => ({
  width: picture.readUInt32BE(16),
  height: picture.readUInt32BE(20),
});

/** The lowest contrast of any text to the colour behind it, as WCAG counts it. */
const LEAST_CONTRAST = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [red, green, blue] = channels(color).slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  let least = 21;
  for (const element of document.body.querySelectorAll('*')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!hasText || element.getBoundingClientRect().width === 0) continue;
    if (element.closest('title, desc') !== null) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(element.tagName === 'text' ? style.fill : style.color), light(behind(element))];
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
})()`;
