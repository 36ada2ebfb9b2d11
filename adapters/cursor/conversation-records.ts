/**
 * Records of conversations, and the numbers of their "lines": a conversation has a number of its own, which stays with it from load to
 * load, and each of its messages the place that it has there.
 */
import type { ReadRecord, ReadReject } from '../../src/model/reader.ts';
import { decodeText } from '../../src/read/decode-text.ts';
import { jsonText } from '../../src/read/json-text.ts';
import type { SqlValue } from '../../src/read/sqlite-rows.ts';

/** Where a conversation was found: in keys of its own, in a list of a workspace, or among the tabs of the old chat. */
export type ConversationState = 'keys' | 'list' | 'tab' | 'export';

/** Line numbers of one conversation: its number times this, plus the place of a message (from 1; 0 is the conversation). */
export const PLACES = 32_768;
/** Line numbers are of 32 bits with a sign. */
export const MOST_CONVERSATIONS = 65_535;

export interface Conversation {
  readonly id: string;
  readonly state: ConversationState;
  /** From 1. */
  readonly number: number;
}

export interface Message {
  /** From 1. */
  readonly place: number;
  /** As the key names it, where it has one. */
  readonly id?: string;
  readonly value: SqlValue | undefined;
}

export function messageRecord(
  { id, state, number }: Conversation,
  message: Message,
): ReadRecord | ReadReject {
  const { place, value } = message;
  const lineNo = number * PLACES + place;
  const json = wholeJson(value);
  if (place >= PLACES || number > MOST_CONVERSATIONS) {
    return {
      lineNo: number * PLACES,
      reason: 'more messages than can be numbered',
      sizeBytes: sizeOf(value),
    };
  }
  if (json === undefined) return { lineNo, reason: 'not JSON', sizeBytes: sizeOf(value) };
  const facts = { kind: 'bubble', state, composer: id, position: place, bubble: message.id };
  return { lineNo, json: `${JSON.stringify(facts).slice(0, -1)},"value":${json}}` };
}

/** Of the conversation itself; `value` is JSON of what is known of it. */
export function conversationRecord(
  { id, state, number }: Conversation,
  { value, messageCount }: { readonly value: SqlValue | undefined; readonly messageCount: number },
): ReadRecord {
  const facts = { kind: 'composer', state, composer: id, bubble_count: messageCount };
  return {
    lineNo: number * PLACES,
    json: `${JSON.stringify(facts).slice(0, -1)},"value":${wholeJson(value) ?? '{}'}}`,
  };
}

/** Cells, TEXT or BLOB, can end in zero bytes. */
function wholeJson(value: SqlValue | undefined): string | undefined {
  const text = value instanceof Uint8Array ? decodeText(value) : value;
  return jsonText(typeof text === 'string' && text.includes('\0') ? text.replaceAll('\0', '') : text);
}

export const sizeOf = (value: SqlValue | undefined): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : value instanceof Uint8Array ? value.length : 0;
