import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { PAGE_FORMATS } from './common-options.ts';
import type { Format } from './options.ts';
import type { Invocation } from './spec.ts';

const SUFFIXES: Readonly<Record<string, Format>> = {
  '': 'table',
  '.txt': 'table',
  '.text': 'table',
  '.log': 'table',
  '.out': 'table',
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
  '.html': 'html',
  '.htm': 'html',
  '.parquet': 'parquet',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
};

/** Suffix of a file that is named by the program. */
export const FILE_SUFFIXES = {
  table: '.txt',
  markdown: '.md',
  json: '.json',
  jsonl: '.jsonl',
  csv: '.csv',
  html: '.html',
  parquet: '.parquet',
  arrow: '.arrows',
} as const satisfies Record<Format, string>;

export const isBinary = (format: Format): boolean => format === 'parquet' || format === 'arrow';

/** The format asked for: by `-f`, else by the suffix of `-o`, else a table. Refuses what cannot be written there. */
export function chooseFormat(invocation: Invocation, shape: 'table' | 'document'): Format {
  const { options, runtime } = invocation;
  const format = options.format ?? formatOfFile(invocation);
  if (shape === 'document' && !PAGE_FORMATS.some((each) => each === format)) {
    throw new AgenttraceError({
      code: 'usage',
      message: `This answer is a page of several tables, which ${format} cannot hold.`,
      hint: `Use -f json, or a single table: agenttrace sessions -f ${format}, agenttrace query "…" -f ${format}.`,
    });
  }
  if (isBinary(format) && options.output === undefined && runtime.stdout.isTerminal) {
    throw new AgenttraceError({
      code: 'usage',
      message: `${format} is binary and stdout is a terminal.`,
      hint: `Name a file: -o answer${FILE_SUFFIXES[format]}, or pipe it on.`,
    });
  }
  return format;
}

function formatOfFile({ options: { output = '' }, runtime }: Invocation): Format {
  const path = resolve(runtime.workingFolder, output);
  const isFolder = /[\\/]$/.test(output) || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const suffix = isFolder ? '' : extname(output).toLowerCase();
  const format = SUFFIXES[suffix];
  if (format !== undefined) return format;
  throw new AgenttraceError({
    code: 'usage',
    message: `The suffix “${suffix}” names no format.`,
    source: path,
    hint: `Say the format with -f, or use one of ${Object.keys(SUFFIXES).filter(Boolean).join(', ')}.`,
  });
}
