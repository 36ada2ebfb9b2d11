import { readFileSync } from 'node:fs';
import { isRecord } from '../../src/model/first-records.ts';
import type { ReadSource } from '../../src/model/reader.ts';
import { type Conversation, conversationRecord, messageRecord } from './conversation-records.ts';

/** Rows of one conversation copied out of a state database: `{composer_key, composer_data, bubble_rows: [{key, value}]}`. */
export const readExport: ReadSource = function* ({ path }) {
  const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isRecord(document) || !isRecord(document.composer_data) || !Array.isArray(document.bubble_rows))
    return;
  const { composer_key: key, composer_data: data } = document;
  const id = String(data.composerId ?? key ?? '').replace(/^composerData:/, '');
  const conversation: Conversation = { id, state: 'export', number: 0 };
  let place = 0;
  for (const row of document.bubble_rows) {
    if (!isRecord(row)) continue;
    place += 1;
    const messageId = String(row.key).split(':').at(-1) ?? '';
    yield messageRecord(conversation, { place, id: messageId, value: JSON.stringify(row.value) });
  }
  yield conversationRecord(conversation, { value: JSON.stringify(data), messageCount: place });
  return undefined;
};
