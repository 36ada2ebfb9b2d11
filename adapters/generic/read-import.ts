import type { ReadRecord, ReadReject, ReadSource, SourceToRead } from '../../src/model/reader.ts';
import { decodeText } from '../../src/read/decode-text.ts';
import { splitDocument } from '../../src/read/json-document.ts';
import { type Resumed, resume, toMark, withoutStale } from '../aider/resume.ts';
import { textLines } from '../aider/text-lines.ts';
import { createEventAssembler, dataOf, type Streamed } from './event-stream.ts';
import { createFacts, type Facts, isEmpty } from './facts.ts';
import { parsed, recordOf, type Values } from './json-values.ts';
import { createReading, factsOf, type Reading } from './shape.ts';
import { createTraces, NAMES_TRACE, noteTraces, type Traces } from './spans.ts';

type Items = Generator<ReadRecord | ReadReject, string | undefined>;

/** Lines of JSON: a record for each line. Goes on after the last whole line. */
export const readLines: ReadSource = function* read(source) {
  if (objectLines(source.path) === 0) return yield* documentsOf(source);
  const resumed = resume(source.path, source.mark);
  return yield* withoutStale(linesOf(source, resumed), resumed.staleLineCount);
};

/** Whole documents: a record for each element of an array, or for the object that the document is. */
export const readDocuments: ReadSource = function* read({ path }): Items {
  if (objectLines(path) < 2) return yield* documentsOf({ path });
  yield* linesOf({ path }, resume(path, undefined));
  return undefined;
};

function* documentsOf({ path }: SourceToRead): Items {
  const reading = createReading(path, firstLine(path), tracesOf(documentTexts(path)));
  for (const piece of splitDocument(path, { arrays: ['[]'] })) {
    if ('reason' in piece) {
      const { ordinal: lineNo, reason, sizeBytes } = piece;
      yield { lineNo, reason, sizeBytes };
      continue;
    }
    const text = decodeText(piece.json);
    const value = parsed(text);
    const place = piece.ordinal;
    if (Array.isArray(value) && piece.at === '') continue; // what is left of an array
    yield toItem({ reading, value, text, place, sizeBytes: piece.json.length });
  }
  return undefined;
}

/** Streams of server-sent events: a record for each response, on the line of its first event. */
export const readEventStream: ReadSource = function* read({ path }): Items {
  const reading = createReading(path, firstLine(path), createTraces());
  const assembler = createEventAssembler();
  for (const { text, lineNo } of textLines(path)) {
    const data = dataOf(text);
    const streamed = data && assembler.take(data, lineNo);
    if (streamed) yield streamedItem(reading, streamed);
  }
  const last = assembler.end();
  if (last) yield streamedItem(reading, last);
  return undefined;
};

function streamedItem(reading: Reading, { value, lineNo, isPartial }: Streamed): ReadRecord {
  const facts = factsOf(reading, { value, text: '', place: lineNo }) ?? createFacts();
  const usage = facts.usage.map((call) => ({ ...call, isPartial }));
  return { lineNo, json: JSON.stringify({ ...facts, usage }) };
}

/** What is kept of a reading until the next load. */
interface LinesState {
  readonly conversation: Reading['conversation'];
}

function* linesOf({ path }: SourceToRead, { start, state, toldLineCount, staleLineCount }: Resumed): Items {
  const before = state as LinesState | undefined;
  // Not kept: it is content.
  let firstText = before && firstLine(path);
  let reading: Reading | undefined;
  let end = { offset: start.offset, lineNo: start.lineNo, anchorBytes: 0 };
  let kept = state;
  for (const line of textLines(path, start)) {
    const { text, lineNo, sizeBytes } = line;
    const value = parsed(text);
    if (value === undefined && !line.isEnded) break; // it is being written
    if (text.trim() !== '') {
      firstText ??= text.slice(0, LONGEST_KEPT);
      reading ??= createReading(path, firstText, tracesOf(lineTexts(path)));
      if (before && reading.conversation.place === 0)
        reading.conversation = structuredClone(before.conversation);
      const item = toItem({ reading, value, text, place: lineNo, sizeBytes });
      if ('json' in item || lineNo > toldLineCount || staleLineCount > 0) yield item;
    }
    if (!line.isEnded) break; // it may go on
    end = { offset: line.offset + sizeBytes + 1, lineNo, anchorBytes: -(sizeBytes + 1) };
    if (reading) kept = { conversation: structuredClone(reading.conversation) };
  }
  if (reading?.hasSpans) return undefined; // read as a whole the next time
  return toMark(path, { ...end, lineCount: end.lineNo, state: kept });
}

function* lineTexts(path: string): Generator<string, void> {
  for (const { text } of textLines(path)) yield text;
}

function* documentTexts(path: string): Generator<string, void> {
  for (const piece of splitDocument(path, { arrays: ['[]'] }))
    if ('json' in piece) yield decodeText(piece.json);
}

function tracesOf(texts: Generator<string, void>): Traces {
  const traces = createTraces();
  for (const text of texts) {
    const value = NAMES_TRACE.test(text) ? recordOf(parsed(text)) : undefined;
    if (value) noteTraces(value, traces);
  }
  return traces;
}

/** Of the first line, which names the file's conversation. */
const LONGEST_KEPT = 4096;

interface Found {
  readonly reading: Reading;
  readonly value: unknown;
  readonly text: string;
  readonly place: number;
  readonly sizeBytes: number;
}

function toItem({ reading, value, text, place, sizeBytes }: Found): ReadRecord | ReadReject {
  const record = recordOf(value);
  if (record === undefined)
    return { lineNo: place, reason: value === undefined ? 'not JSON' : 'no object', sizeBytes };
  const facts = safely(() => factsOf(reading, { value: record as Values, text, place }));
  if (facts === undefined) return { lineNo: place, reason: 'of no known form', sizeBytes };
  return { lineNo: place, json: isEmpty(facts) ? '{}' : JSON.stringify(facts) };
}

/** Text nested more deeply than a program can follow is one value's fault. */
function safely(read: () => Facts | undefined): Facts | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A document may be one line of any length. */
const PEEK = { offset: 0, lineNo: 0, keepBytes: 1 << 20 } as const;

function firstLine(path: string): string {
  for (const { text } of textLines(path, PEEK)) if (text.trim() !== '') return text.slice(0, LONGEST_KEPT);
  return '';
}

/** How many of the first two lines are objects of their own: of a document that goes over several lines, none. */
function objectLines(path: string): number {
  let objects = 0;
  let seen = 0;
  for (const { text, sizeBytes } of textLines(path, PEEK)) {
    if (text.trim() === '') continue;
    const isCut = sizeBytes > PEEK.keepBytes;
    if (isCut ? /^\s*\{/.test(text) : recordOf(parsed(text)) !== undefined) objects += 1;
    seen += 1;
    if (seen === 2) break;
  }
  return objects;
}
