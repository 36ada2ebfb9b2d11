import { formatInstant } from '../format-time.ts';
import { stylesheetFor } from './stylesheet.ts';
import { escapeHtml } from './text.ts';

/** Which program made a page, when, and whose clock its times follow. */
export interface PageStamp {
  readonly version: string;
  /** ISO 8601, in UTC. */
  readonly generatedAt: string;
  readonly timeZone: string;
  /** What was asked for, where it was narrowed: names and values. */
  readonly asked: readonly (readonly [name: string, value: string])[];
}

export interface PageParts {
  readonly title: string;
  readonly subtitle: string | null;
  readonly stamp: PageStamp;
  /** Anchors of the page and their names. */
  readonly contents: readonly (readonly [id: string, title: string])[];
  readonly body: readonly string[];
  /** Width that a large table would like, in CSS pixels. */
  readonly width?: number;
}

/** No script, no picture, no font, no address: what the policy forbids, a browser refuses even if it were there. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A whole page as one file that needs nothing else. */
export function htmlPage({ title, subtitle, stamp, contents, body, width }: PageParts): string {
  const facts = [
    ...stamp.asked,
    ['Generated', formatInstant(stamp.generatedAt, { timeZone: stamp.timeZone, isPrecise: false })] as const,
    ['Time zone', stamp.timeZone] as const,
    ['Version', stamp.version] as const,
  ];
  const said = facts
    .map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`)
    .join('');
  const links = contents.map(([id, name]) => `<li><a href="#${id}">${escapeHtml(name)}</a></li>`).join('');
  const nav = contents.length < 2 ? '' : `<nav aria-label="Sections"><ul>${links}</ul></nav>\n`;
  const inside = body.join('\n');
  const below = subtitle === null ? '' : `<p class="subtitle">${escapeHtml(subtitle)}</p>\n`;
  const most = width === undefined ? '' : ` style="--most:${Math.ceil(width)}px"`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="generator" content="agenttrace ${escapeHtml(stamp.version)}">
<title>${escapeHtml(title)} · agenttrace</title>
<link rel="icon" href="data:,">
<style>
${stylesheetFor(inside)}</style>
</head>
<body>
<div class="sheet"${most}>
<header>
<p class="brand"><b>agenttrace</b> report</p>
<h1>${escapeHtml(title)}</h1>
${below}<dl class="stamp">${said}</dl>
${nav}</header>
<main>
${inside}
</main>
<footer>A figure that the logs do not tell is shown as –, never as 0.</footer>
</div>
</body>
</html>
`;
}
