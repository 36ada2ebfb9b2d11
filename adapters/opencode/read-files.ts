import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRecord } from '../../src/model/first-records.ts';
import type { ReadRecord, ReadReject, ReadSource } from '../../src/model/reader.ts';
import { decodeText } from '../../src/read/decode-text.ts';
import { splitDocument } from '../../src/read/json-document.ts';

/**
 * A session of the JSON tree: the file itself, then its messages in the order of their ids, which is that of time, each with its parts.
 * Alone, without a tree around it, it tells of the session only.
 */
export const readSessionTree: ReadSource = function* read({ path }) {
  const sessionID = basename(path, '.json');
  const session = parsed(path, 0);
  if ('reason' in session) yield session;
  else {
    const told = { ...session.value, ...projectOf(path), id: session.value.id ?? sessionID };
    yield { lineNo: 0, json: JSON.stringify({ kind: 'session', session: told }) };
  }
  const { messages, partsOf } = foldersOf(path);
  for (const [index, file] of jsonFiles(messages).entries()) {
    const lineNo = index + 1;
    const messageID = basename(file, '.json');
    const message = parsed(file, lineNo);
    const parts: unknown[] = [];
    for (const partFile of jsonFiles(partsOf(messageID))) {
      const part = parsed(partFile, lineNo);
      if ('reason' in part) yield part;
      else parts.push({ ...part.value, id: part.value.id ?? basename(partFile, '.json') });
    }
    if ('reason' in message) yield message;
    else {
      // Files were moved between folders without a change of what they say: the place counts.
      const info = { ...message.value, id: messageID, sessionID };
      yield { lineNo, json: JSON.stringify({ info, parts }) };
    }
  }
  return undefined;
};

/** Messages that may still be written: an answer, and what a person typed meanwhile. */
const OPEN_MESSAGES = 2;

/**
 * Neighbours by which to see that a session went on: the folder of its messages, the last of these, and their parts, each of which is
 * written over while a tool runs.
 */
export function sessionCompanions(path: string): readonly string[] {
  const { messages, partsOf } = foldersOf(path);
  const open = jsonFiles(messages).slice(-OPEN_MESSAGES);
  return [
    messages,
    ...open.flatMap((message) => {
      const parts = partsOf(basename(message, '.json'));
      return [message, parts, ...jsonFiles(parts)];
    }),
  ];
}

/** What `opencode export` writes: the messages as they are, then, on line 0, the session. */
export const readExport: ReadSource = function* read({ path }) {
  for (const piece of splitDocument(path, { arrays: ['messages[]'] })) {
    if ('reason' in piece) {
      yield { lineNo: piece.ordinal, reason: piece.reason, sizeBytes: piece.sizeBytes };
    } else if (piece.at !== '') yield { lineNo: piece.ordinal, json: piece.json };
    else yield* wrapped(piece.json, piece.ordinal, ({ info }) => ({ kind: 'session', session: info }));
  }
  return undefined;
};

/** Messages, parts or sessions that stand alone: one such document in a file, or several, one after another. */
export const readLoneDocuments: ReadSource = function* read({ path }) {
  for (const piece of splitDocument(path, { arrays: ['[]'] })) {
    if ('reason' in piece) yield { lineNo: piece.ordinal, reason: piece.reason, sizeBytes: piece.sizeBytes };
    else if (piece.json[0] === 123) yield* wrapped(piece.json, piece.ordinal, asRecord);
  }
  return undefined;
};

type Document = Readonly<Record<string, unknown>>;

function asRecord(document: Document): Document {
  const { id, sessionID, messageID, role, metadata } = document;
  if (typeof messageID === 'string') {
    return { kind: 'part', sessionID: sessionID ?? messageID, messageID, parts: [document] };
  }
  if (typeof role === 'string') {
    const told = sessionID ?? (isRecord(metadata) ? metadata.sessionID : undefined);
    return { kind: 'message', sessionID: told, messageID: id, info: document, parts: document.parts ?? [] };
  }
  return { kind: 'session', session: document };
}

function* wrapped(
  json: Uint8Array,
  lineNo: number,
  wrap: (document: Document) => Document,
): Generator<ReadRecord | ReadReject> {
  try {
    const document: unknown = JSON.parse(decodeText(json));
    if (isRecord(document)) yield { lineNo, json: JSON.stringify(wrap(document)) };
  } catch {
    yield { lineNo, reason: 'no JSON', sizeBytes: json.length };
  }
}

/** Where the messages and parts of a session are, from its own place in the tree, of today's shape or the first one's. */
function foldersOf(path: string): {
  readonly messages: string;
  readonly partsOf: (messageID: string) => string;
} {
  const session = basename(path, '.json');
  const folder = dirname(path);
  const isFirstShape = basename(folder) === 'info' && basename(dirname(folder)) === 'session';
  const root = isFirstShape ? dirname(folder) : dirname(dirname(folder));
  const parts = isFirstShape ? join(root, 'part', session) : join(root, 'part');
  return {
    messages: join(root, 'message', session),
    partsOf: (messageID) => join(parts, messageID),
  };
}

/** The folder tells the project more surely than the file, which the product did not change when it moved it. */
function projectOf(path: string): Document {
  const folder = dirname(path);
  return basename(dirname(folder)) === 'session' ? { projectID: basename(folder) } : {};
}

function jsonFiles(folder: string): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.json'))
    .map(({ name }) => join(folder, name))
    .sort();
}

function parsed(path: string, lineNo: number): { readonly value: Document } | ReadReject {
  let text = '';
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return { value };
    return { lineNo, reason: `${basename(path)} is no JSON object`, sizeBytes: text.length };
  } catch {
    return { lineNo, reason: `${basename(path)} is no JSON`, sizeBytes: text.length };
  }
}
