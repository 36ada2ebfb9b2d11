import type { Example } from './spec.ts';

/** Words in lines of a width; those after the first are indented. */
export function wrapWords(words: readonly string[], width: number, indent = ''): string {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(line === undefined ? word : `${indent}${word}`);
  }
  return lines.join('\n');
}

/** A description whose lists (`  name  what it says`) go on below what they say, not at the margin. */
export const wrapLists = (text: string, width: number): string =>
  text.replace(/^( {2}\S+ {2,})(.+)$/gm, (_, name: string, says: string) => {
    const indent = ' '.repeat(name.length);
    const [first = '', ...words] = says.split(' ');
    return wrapWords([`${name}${first}`, ...words], width, indent);
  });

const MOST_COMMAND = 52;

/** Examples, what they say beside them, or below where there is no room. */
export function examplesText(examples: readonly Example[], width: number): string {
  const longest = Math.max(...examples.map(({ command }) => command.length));
  const column = Math.min(longest, MOST_COMMAND);
  return examples
    .map(({ command, says }) => {
      const line = `  ${command.padEnd(column)}  ${says}`.trimEnd();
      return line.length <= width || says === '' ? line : `  ${command}\n      ${says}`;
    })
    .join('\n');
}
