import type { Cell, ResultSet } from '../model/result.ts';
import { rowsCsv } from '../render/csv.ts';
import { type DocumentView, renderDocument } from '../render/document.ts';
import { documentJson, rowsJson, rowsJsonLines } from '../render/json.ts';
import { markdownDocument, markdownTable } from '../render/markdown.ts';
import type { PageStyle } from '../render/page.ts';
import { renderTable } from '../render/table.ts';
import { themeFor } from '../render/theme.ts';
import type { Format } from './options.ts';
import type { Invocation } from './spec.ts';

export interface TableAnswer {
  readonly shape: 'table';
  readonly title: string | null;
  readonly result: ResultSet;
  readonly labels?: ReadonlyMap<string, string>;
  readonly emptyText?: string | null;
  /** Whether times show seconds: of ad hoc SQL, where they may be what was asked for. */
  readonly isPrecise?: boolean;
  /** A line under the table, for people alone. */
  readonly footnote?: string;
}

export interface DocumentAnswer {
  readonly shape: 'document';
  /** What people see. */
  readonly view: DocumentView;
  /** What programs get. */
  readonly entries: readonly (readonly [string, Cell])[];
}

export type Answer = TableAnswer | DocumentAnswer;

/** The answer as text in a format. HTML is written by `htmlAnswer`, binary formats where the SQL runs. */
export function renderAnswer(
  answer: Answer,
  { format, invocation }: { format: Format; invocation: Invocation },
): string {
  const style = pageStyle(invocation, answer);
  if (answer.shape === 'document') {
    if (format === 'json') return documentJson(answer.entries);
    return format === 'markdown' ? markdownDocument(answer.view, style) : renderDocument(answer.view, style);
  }
  const { result, title, labels, emptyText, footnote } = answer;
  const view = { ...result, ...(labels === undefined ? {} : { labels }), emptyText: emptyText ?? null };
  switch (format) {
    case 'json':
      return rowsJson(result);
    case 'jsonl':
      return rowsJsonLines(result);
    case 'csv':
      return rowsCsv(result);
    case 'markdown':
      return `${title === null ? '' : `# ${title}\n\n`}${markdownTable(view, style)}`;
    default: {
      const theme = themeFor(style.hasColor);
      const head = title === null ? '' : `${theme.title(title)}\n`;
      return `${head}${renderTable(view, style)}${footnote === undefined ? '' : `${theme.faint(footnote)}\n`}`;
    }
  }
}

/** How an answer is laid out: for the terminal, or for a file, where nothing is cut. */
export function pageStyle(
  { runtime, options }: Invocation,
  answer?: Pick<TableAnswer, 'shape' | 'isPrecise'> | Pick<DocumentAnswer, 'shape'>,
): PageStyle {
  const isFile = options.output !== undefined;
  return {
    timeZone: options.timeZone,
    isPrecise: answer?.shape === 'table' && answer.isPrecise === true,
    isCompact: false,
    width: isFile ? null : runtime.stdout.columnCount,
    height: isFile ? null : runtime.stdout.rowCount,
    hasColor: options.hasColor && !isFile,
  };
}
