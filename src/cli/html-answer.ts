import { htmlDocument, htmlTablePage } from '../render/html/document.ts';
import type { PageStamp } from '../render/html/page.ts';
import { type Answer, pageStyle } from './answer.ts';
import type { Invocation } from './spec.ts';
import { VERSION } from './version.ts';

/** The answer as one HTML file. Loaded only for that: drawing charts takes a megabyte of code. */
export function htmlAnswer(answer: Answer, invocation: Invocation): string {
  const style = { ...pageStyle(invocation, answer), width: null, hasColor: false };
  const stamp = stampOf(invocation);
  if (answer.shape === 'table') {
    const { result, title, labels, emptyText } = answer;
    const view = { ...result, title: title ?? 'Query', emptyText: emptyText ?? null };
    return htmlTablePage(labels === undefined ? view : { ...view, labels }, { style, stamp });
  }
  const { view } = answer;
  // The page says its time zone elsewhere.
  const parts = view.subtitle?.split(' · ').filter((part) => part !== stamp.timeZone) ?? [];
  const subtitle = parts.length === 0 ? null : parts.join(' · ');
  return htmlDocument({ ...view, subtitle }, { style, stamp });
}

function stampOf({ runtime, options }: Invocation): PageStamp {
  const asked: readonly (readonly [string, string | undefined])[] = [
    ['Since', options.since?.toISOString().slice(0, 16).replace('T', ' ').concat(' UTC')],
    ['Until', options.until?.toISOString().slice(0, 16).replace('T', ' ').concat(' UTC')],
    ['Agent', options.agent],
    ['Model', options.model],
    ['Project', options.project],
  ];
  return {
    version: VERSION,
    generatedAt: runtime.now.toISOString(),
    timeZone: options.timeZone,
    asked: asked.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  };
}
