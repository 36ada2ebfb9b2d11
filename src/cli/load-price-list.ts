import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { sqlFile } from '../catalog/sql-files.ts';
import { PRICE_LIST } from '../ingest/price-places.ts';
import { AgenttraceError } from '../model/errors.ts';
import { type PriceList, parsePriceList } from '../prices/feed.ts';
import { fetchPriceList, PRICE_LIST_URL } from '../prices/fetch-price-list.ts';
import { mergeFiles, updatePriceFile } from '../prices/price-book.ts';
import { formatPriceFile, loadSeed, parsePriceFile } from '../prices/price-file.ts';
import { makeFolder } from '../warehouse/make-folder.ts';
import { chooseFormat } from './format-choice.ts';
import { note } from './note.ts';
import { openOutputFile } from './output-file.ts';
import { configFolder } from './places.ts';
import { section } from './plain-section.ts';
import type { Invocation } from './spec.ts';
import { writeAnswer } from './write-answer.ts';

/** Checks a price list from a file or the network and keeps what it changes in the config folder. */
export async function loadPriceList(invocation: Invocation): Promise<void> {
  const { runtime, options } = invocation;
  const format = chooseFormat(invocation, 'document');
  const origin =
    options.priceFile === undefined ? PRICE_LIST_URL : resolve(runtime.workingFolder, options.priceFile);
  const list = options.priceFile === undefined ? await fetchPriceList({ fetch }) : readList(origin);
  const path = join(configFolder(runtime), PRICE_LIST);
  const seed = loadSeed(sqlFile('sql/seeds/model_prices.csv'));
  const before = existsSync(path) ? mergeFiles(seed, parsePriceFile(readFileSync(path, 'utf8'), path)) : seed;
  const after = updatePriceFile(before, {
    listed_on: runtime.now.toISOString().slice(0, 10),
    origin,
    rows: list.rows,
  });
  replaceFile(path, formatPriceFile(after));
  for (const { model, reason } of list.warnings.slice(0, 5)) await note(invocation, `${model}: ${reason}`);
  const counts = {
    model_count: new Set(list.rows.map(({ model }) => model)).size,
    former_row_count: before.rows.length,
    row_count: after.rows.length,
    skipped_count: list.warnings.length,
    origin,
    path,
  };
  await writeAnswer(invocation, {
    format,
    file: await openOutputFile(invocation, { format, stem: 'prices' }),
    answer: {
      shape: 'document',
      entries: Object.entries(counts),
      view: {
        title: 'Prices loaded',
        subtitle: null,
        sections: [section({ name: 'summary', title: 'Prices', cell: counts })],
        next: [['agenttrace prices', 'the prices in force']],
      },
    },
  });
}

function readList(path: string): PriceList {
  if (!existsSync(path))
    throw new AgenttraceError({ code: 'no_input', message: 'There is no such price list.', source: path });
  const text = readFileSync(path, 'utf8');
  try {
    return parsePriceList(text);
  } catch (cause) {
    if (!(cause instanceof AgenttraceError)) throw cause;
    const { code, message, hint } = cause;
    throw new AgenttraceError({
      code,
      message,
      source: path,
      ...(hint === undefined ? {} : { hint }),
      cause,
    });
  }
}

function replaceFile(path: string, text: string): void {
  makeFolder(dirname(path));
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
