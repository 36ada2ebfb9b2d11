/** Billed requests, as the dashboard exports them (CSV) and the Admin API answers them (JSON). */
import { readFileSync } from 'node:fs';
import { isRecord } from '../../src/model/first-records.ts';
import type { ReadSource } from '../../src/model/reader.ts';

interface BilledEvent {
  readonly timestamp: string | number | undefined;
  readonly user: unknown;
  readonly model: unknown;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly cacheReadTokens: number | undefined;
  readonly cacheWriteTokens: number | undefined;
  readonly cents: number | undefined;
}

/** How a CSV export begins. */
export const USAGE_HEADER = /^\uFEFF?"?Date"?,.*"?Input \(w\/o Cache Write\)"?,.*"?Output Tokens"?/;

export const readUsageCsv: ReadSource = function* ({ path }) {
  const lines = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  const names = cellsOf(lines[0] ?? '');
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue;
    const lineNo = index + 1;
    const cells = cellsOf(line);
    if (cells.length !== names.length) {
      yield { lineNo, reason: 'not as many cells as the header', sizeBytes: Buffer.byteLength(line) };
      continue;
    }
    const row = new Map(names.map((name, column) => [name, cells[column] ?? '']));
    const event: BilledEvent = {
      timestamp: row.get('Date'),
      user: row.get('User') ?? row.get('User Email'),
      model: row.get('Model'),
      inputTokens: numberOf(row.get('Input (w/o Cache Write)')),
      outputTokens: numberOf(row.get('Output Tokens')),
      cacheReadTokens: numberOf(row.get('Cache Read')),
      cacheWriteTokens: numberOf(row.get('Input (w/ Cache Write)')),
      cents: centsOf(row.get('Cost') ?? row.get('Cost ($)')),
    };
    yield { lineNo, json: JSON.stringify({ kind: 'billed', event }) };
  }
  return undefined;
};

export const readUsageJson: ReadSource = function* ({ path }) {
  const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const events = isRecord(document) ? document.usageEvents : document;
  for (const [index, item] of (Array.isArray(events) ? events : []).entries()) {
    if (!isRecord(item)) continue;
    const usage = isRecord(item.tokenUsage) ? item.tokenUsage : {};
    const event: BilledEvent = {
      timestamp: numberOf(item.timestamp),
      user: item.userEmail,
      model: item.model,
      inputTokens: numberOf(usage.inputTokens),
      outputTokens: numberOf(usage.outputTokens),
      cacheReadTokens: numberOf(usage.cacheReadTokens),
      cacheWriteTokens: numberOf(usage.cacheWriteTokens),
      cents: numberOf(item.chargedCents) || numberOf(usage.totalCents),
    };
    yield { lineNo: index + 1, json: JSON.stringify({ kind: 'billed', event }) };
  }
  return undefined;
};

function cellsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
}

function numberOf(value: unknown): number | undefined {
  const text = String(value ?? '').replaceAll(',', '');
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** `$0.12`, `0.12`; `Included` and the like are no sum. */
function centsOf(value: string | undefined): number | undefined {
  const dollars = numberOf(value?.replace(/^\$/, ''));
  return dollars === undefined ? undefined : dollars * 100;
}
