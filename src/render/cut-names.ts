import { cutMiddle, cutText } from './width.ts';

/** Columns that names get at most to tell them apart. */
const MOST = 24;

/** Of as many names nearly all are told apart. */
const NEARLY_ALL = 0.95;

/** The fewest columns, from `least` on, in which names are as different as they are with some more. */
export function leastOfNames(texts: readonly string[], least: number): number {
  const names = [...new Set(texts)];
  if (!areNames(names)) return least;
  const most = toldApart(names, MOST);
  let width = least;
  while (width < MOST && toldApart(names, width) < NEARLY_ALL * most) width += 1;
  return width;
}

/** Whether more names are told apart at a width where they lose their middle than where they lose their end. */
export function isBetterInMiddle(texts: readonly string[], width: number): boolean {
  const names = [...new Set(texts)];
  return areNames(names) && distinct(names, (name) => cutText(name, width)) < distinctInMiddle(names, width);
}

/** Sentences read from their beginning. */
const areNames = (texts: readonly string[]): boolean => texts.every((text) => !text.includes(' '));

const toldApart = (names: readonly string[], width: number): number =>
  Math.max(
    distinct(names, (name) => cutText(name, width)),
    distinctInMiddle(names, width),
  );

const distinctInMiddle = (names: readonly string[], width: number): number =>
  distinct(names, (name) => cutMiddle(name, width));

const distinct = (names: readonly string[], cut: (name: string) => string): number =>
  new Set(names.map(cut)).size;
