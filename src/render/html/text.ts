import { cleanText } from '../clean-text.ts';
import type { Theme } from '../theme.ts';

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Any text as the content of an element or of a quoted attribute. */
export const escapeHtml = (text: string): string =>
  cleanText(text).replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);

const classed =
  (name: string) =>
  (html: string): string =>
    html === '' ? html : `<span class="${name}">${html}</span>`;

/** The theme of a terminal, said in classes. It takes HTML, not text. */
export const HTML_THEME: Theme = {
  strong: (html) => html,
  faint: classed('no'),
  title: (html) => html,
  good: classed('good'),
  fair: classed('fair'),
  bad: classed('bad'),
  bar: (html) => html,
};
