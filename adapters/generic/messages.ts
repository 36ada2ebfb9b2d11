import { addCall, addResult, type Conversation, type Facts } from './facts.ts';
import { instantOf, listOf, recordOf, recordsOf, textOf, type Values, wordsOf } from './json-values.ts';
import { usageOf } from './usage.ts';

const ROLES = new Set([
  'system',
  'developer',
  'user',
  'assistant',
  'tool',
  'function',
  'session_meta',
  'meta',
]);
const ITEMS = new Set(['function_call', 'function_call_output', 'reasoning', 'message']);

/** A message of OpenAI's or Anthropic's, an item of the Responses interface, or a line of a trace with roles. */
export function isMessage(value: Values): boolean {
  const { role, content, type } = value;
  if (type === 'function_call') return typeof value.call_id === 'string' && typeof value.name === 'string';
  if (type === 'function_call_output') return typeof value.call_id === 'string' && 'output' in value;
  if (type === 'reasoning') return Array.isArray(value.summary);
  if (typeof role !== 'string' || !ROLES.has(role)) return false;
  if (role === 'session_meta' || role === 'meta') return 'ModelUsed' in value || 'Usage' in value;
  if (typeof content === 'string' || Array.isArray(content)) return true;
  return role === 'assistant' && content == null && hasCalls(value);
}

/** An answer without words asks for something. */
const hasCalls = (value: Values): boolean =>
  recordsOf(value.tool_calls).some((call) => textOf((recordOf(call.function) ?? call).name) !== undefined) ||
  textOf(recordOf(value.function_call)?.name) !== undefined;

export const isItem = (value: Values): boolean => typeof value.type === 'string' && ITEMS.has(value.type);

export const timeOf = (value: Values): string | undefined =>
  instantOf(
    value.timestamp ?? value.created_at ?? value.createdAt ?? value.created ?? value.ts ?? value.time,
  );

/** Adds what a message says: an event, tool calls and their results, and usage where it has its own. */
export function addMessage(facts: Facts, conversation: Conversation, message: Values): void {
  const { session } = conversation;
  const at = timeOf(message);
  const role = textOf(message.role);
  conversation.lastAt = at ?? conversation.lastAt;
  conversation.model = textOf(message.ModelUsed) ?? textOf(message.model) ?? conversation.model;
  if (message.type === 'function_call') {
    const { call_id, name, arguments: input } = message;
    addCall(facts, conversation, { id: textOf(call_id), name: textOf(name), input, at, response: undefined });
    facts.events.push({ session, at, type: 'tool_call' });
    return;
  }
  if (message.type === 'function_call_output') {
    const { call_id, output } = message;
    addResult(facts, conversation, { id: textOf(call_id), name: undefined, output, isError: undefined, at });
    facts.events.push({ session, at, type: 'tool_result' });
    return;
  }
  if (message.type === 'reasoning') {
    facts.events.push({ session, at, type: 'reasoning', reasoning: bytesOf(message.summary) });
    return;
  }
  const own = usageOf(message.usage ?? message.Usage);
  if (role === 'meta' || role === 'session_meta') {
    facts.events.push({ session, at, type: 'meta' });
    // The sum of a session, as of when its last line before was written.
    if (own)
      facts.usage.push({
        ...own,
        session,
        at: conversation.lastAt,
        id: `${session}:sum`,
        model: conversation.model,
        granularity: 'session',
      });
    return;
  }
  if (role === 'tool' || role === 'function') {
    const { tool_call_id, name, content, is_error } = message;
    addResult(facts, conversation, {
      id: textOf(tool_call_id),
      name: textOf(name),
      output: content,
      isError: is_error,
      at,
    });
    facts.events.push({ session, at, type: 'tool_result' });
    return;
  }
  const responseId = own
    ? (textOf(message.id) ?? `${session}:${conversation.place}:${facts.usage.length}`)
    : undefined;
  const blocks = recordsOf(message.content);
  addCalls(facts, conversation, { message, blocks, at, responseId });
  for (const { type, tool_use_id, content, is_error } of blocks)
    if (type === 'tool_result')
      addResult(facts, conversation, {
        id: textOf(tool_use_id),
        name: undefined,
        output: content,
        isError: is_error ?? false,
        at,
      });
  facts.events.push({
    session,
    at,
    type: eventType(role, blocks),
    bytes: textBytes(message.content),
    reasoning: role === 'assistant' ? reasoningBytes(message, blocks) : undefined,
  });
  if (own && responseId !== undefined)
    facts.usage.push({
      ...own,
      session,
      at,
      id: responseId,
      model: conversation.model,
      stop: textOf(message.stop_reason) ?? textOf(message.finish_reason),
    });
}

interface Spoken {
  readonly message: Values;
  readonly blocks: readonly Values[];
  readonly at: string | undefined;
  readonly responseId: string | undefined;
}

function addCalls(
  facts: Facts,
  conversation: Conversation,
  { message, blocks, at, responseId }: Spoken,
): void {
  const response = responseId;
  for (const call of recordsOf(message.tool_calls)) {
    const asked = recordOf(call.function) ?? recordOf(call.custom) ?? call;
    const input = asked.arguments ?? asked.args ?? asked.input;
    addCall(facts, conversation, { id: textOf(call.id), name: textOf(asked.name), input, at, response });
  }
  const legacy = recordOf(message.function_call);
  if (legacy) {
    const { name, arguments: input } = legacy;
    addCall(facts, conversation, { id: undefined, name: textOf(name), input, at, response });
  }
  for (const { type, id, name, input } of blocks)
    if (type === 'tool_use' || type === 'server_tool_use')
      addCall(facts, conversation, { id: textOf(id), name: textOf(name), input, at, response });
}

function eventType(role: string | undefined, blocks: readonly Values[]): string {
  if (role === 'assistant') return 'assistant';
  if (role === 'user')
    return blocks.length > 0 && blocks.every(({ type }) => type === 'tool_result')
      ? 'tool_result'
      : 'user_prompt';
  return 'user_injected';
}

const bytesOf = (value: unknown): number => Buffer.byteLength(wordsOf(value) ?? '');

function textBytes(content: unknown): number {
  if (typeof content === 'string') return Buffer.byteLength(content);
  return recordsOf(content).reduce(
    (sum, { text }) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0),
    0,
  );
}

function reasoningBytes(message: Values, blocks: readonly Values[]): number | undefined {
  const words = [
    message.reasoning_content ?? message.reasoning,
    ...blocks.map(({ thinking }) => thinking),
  ].filter((text) => typeof text === 'string');
  return words.length === 0 ? undefined : words.reduce((sum, text) => sum + bytesOf(text), 0);
}

/**
 * Adds the messages of a request: those after the last answer are new in it, the others were asked before. Calls and results that come
 * again have the ids they had.
 */
export function addRequest(facts: Facts, conversation: Conversation, messages: unknown): void {
  const all = listOf(messages).flatMap((item) => (recordOf(item) ? [item as Values] : []));
  const lastAnswer = all.findLastIndex(({ role, type }) => role === 'assistant' || type === 'function_call');
  for (const message of all.slice(lastAnswer + 1)) addMessage(facts, conversation, message);
}
