import { addCall, type Conversation, type Facts } from './facts.ts';
import { instantOf, recordOf, recordsOf, textOf, type Values } from './json-values.ts';
import { addMessage, isItem, isMessage } from './messages.ts';
import { usageOf } from './usage.ts';

/** A chat completion: choices with messages. */
export const isCompletion = (value: Values): boolean =>
  recordsOf(value.choices).some(({ message, delta }) => recordOf(message ?? delta) !== undefined);

/** A response of OpenAI's Responses interface. */
export const isOpenaiResponse = (value: Values): boolean =>
  value.object === 'response' || (recordsOf(value.output).some(isItem) && textOf(value.id) !== undefined);

/** A response of Anthropic's. */
export const isAnthropicMessage = (value: Values): boolean =>
  value.type === 'message' &&
  value.role === 'assistant' &&
  Array.isArray(value.content) &&
  'stop_reason' in value;

/** A list of messages or items. */
export const isMessageList = (value: unknown): boolean => {
  const messages = recordsOf(value);
  return Array.isArray(value) && messages.length > 0 && messages.slice(0, 8).every(isMessage);
};

/** Adds one response of an API: its usage is one call. */
export function addResponse(facts: Facts, conversation: Conversation, value: Values): void {
  const { session, place } = conversation;
  const at = instantOf(value.created ?? value.created_at ?? value.timestamp);
  const id = textOf(value.id) ?? `${session}:${place}:${facts.usage.length}`;
  conversation.model = textOf(value.model) ?? conversation.model;
  const choices = recordsOf(value.choices);
  if (isAnthropicMessage(value))
    addMessage(facts, conversation, { ...value, usage: undefined, id, created: at });
  for (const { message } of choices) {
    const answer = recordOf(message);
    if (answer) addMessage(facts, conversation, { ...answer, id, created: at });
  }
  for (const item of recordsOf(value.output)) addItem(facts, conversation, { item, at, response: id });
  bindCalls(facts, id);
  const usage = usageOf(value.usage);
  if (usage)
    facts.usage.push({
      ...usage,
      session,
      at,
      id,
      model: conversation.model,
      tier: textOf(value.service_tier) ?? textOf(recordOf(value.usage)?.service_tier),
      stop:
        textOf(value.stop_reason) ??
        textOf(choices[0]?.finish_reason) ??
        (value.object === 'response' ? textOf(value.status) : undefined),
    });
  addError(facts, conversation, { error: recordOf(value.error), at, key: id });
}

interface Item {
  readonly item: Values;
  readonly at: string | undefined;
  readonly response: string;
}

function addItem(facts: Facts, conversation: Conversation, { item, at, response }: Item): void {
  if (isMessage(item)) {
    addMessage(facts, conversation, { ...item, created: at });
    return;
  }
  const { type, id, call_id, name, action, input } = item;
  if (typeof type !== 'string' || !type.endsWith('_call')) return;
  const words = { name: textOf(name) ?? type.replace(/_call$/, ''), input: input ?? action };
  addCall(facts, conversation, { id: textOf(call_id) ?? textOf(id), ...words, at, response });
}

/** The calls of a response that says so only by where they stand. */
function bindCalls(facts: Facts, response: string): void {
  facts.tools.forEach((tool, index) => {
    if (tool.response === undefined) facts.tools[index] = { ...tool, response };
  });
}

interface Failure {
  readonly error: Values | undefined;
  readonly at: string | undefined;
  readonly key: string;
  readonly status?: number | undefined;
}

/** Adds the failure of a request, where there is one. */
export function addError(facts: Facts, { session }: Conversation, failure: Failure): void {
  const { error, at, key, status } = failure;
  if (error === undefined) return;
  const code =
    textOf(error.type) ?? textOf(error.code) ?? textOf(error.status) ?? textOf(error.message)?.slice(0, 100);
  facts.events.push({ session, at, type: 'api_error' });
  facts.errors.push({
    session,
    at,
    key: `${session}:${key}`,
    code,
    status: status ?? (typeof error.code === 'number' ? error.code : undefined),
  });
}
