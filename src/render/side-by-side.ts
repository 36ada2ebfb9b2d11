import { padEnd, textWidth } from './width.ts';

const GAP = 4;

/** Blocks of lines below each other, or two beside each other where both fit the width. */
export function arrangeBlocks(blocks: readonly string[], width: number): readonly string[] {
  const arranged: string[] = [];
  for (let index = 0; index < blocks.length; index += 1) {
    const left = blocks[index] ?? '';
    const right = blocks[index + 1];
    if (right !== undefined && blockWidth(left) + GAP + blockWidth(right) <= width) {
      arranged.push(joinBlocks(left, right));
      index += 1;
    } else arranged.push(left);
  }
  return arranged;
}

function joinBlocks(left: string, right: string): string {
  const leftLines = left.trimEnd().split('\n');
  const rightLines = right.trimEnd().split('\n');
  const width = blockWidth(left) + GAP;
  const lines = Array.from({ length: Math.max(leftLines.length, rightLines.length) }, (_, index) => {
    const line = leftLines[index] ?? '';
    const other = rightLines[index] ?? '';
    return other === '' ? line : `${line}${padEnd('', width - visibleWidth(line))}${other}`;
  });
  return `${lines.join('\n')}\n`;
}

const blockWidth = (block: string): number => Math.max(...block.split('\n').map(visibleWidth));

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
const visibleWidth = (line: string): number => textWidth(line.replace(/\x1b\[\d+m/g, ''));
