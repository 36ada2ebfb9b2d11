import { type Conversation, createConversation, createFacts, type Facts, keyOf } from './facts.ts';
import {
  addGeminiContent,
  addGeminiResponse,
  isGeminiContent,
  isGeminiRequest,
  isGeminiResponse,
} from './gemini.ts';
import { instantOf, recordOf, recordsOf, textOf, type Values } from './json-values.ts';
import { addMessage, addRequest, isMessage } from './messages.ts';
import {
  addError,
  addResponse,
  isAnthropicMessage,
  isCompletion,
  isMessageList,
  isOpenaiResponse,
} from './responses.ts';
import { addOtlp, addPrintedSpan, isOtlp, isPrintedSpan, type Traces } from './spans.ts';
import { usageOf } from './usage.ts';

/**
 * What a line, an element of an array or a whole document is; undefined: none of the known forms.
 *
 * - `spans`, `span`   OpenTelemetry: an export, or one span as printed
 * - `exchange`        a request with its response, or a line of a batch's output
 * - `response`        a response alone
 * - `conversation`    messages, perhaps with the usage of the request that they were
 * - `message`         one message of the conversation that the file is
 */
export type Shape = 'spans' | 'span' | 'exchange' | 'response' | 'conversation' | 'message';

export function shapeOf(value: Values): Shape | undefined {
  if (isOtlp(value)) return 'spans';
  if (isPrintedSpan(value)) return 'span';
  if (exchangeOf(value)) return 'exchange';
  if (isCompletion(value) || isAnthropicMessage(value) || isOpenaiResponse(value)) return 'response';
  if (isMessageList(value.messages) || isGeminiRequest(value)) return 'conversation';
  if (isMessageList(value.input) && typeof value.model === 'string') return 'conversation';
  if (isGeminiResponse(value)) return 'response';
  return isMessage(value) || (isGeminiContent(value) && typeof value.role === 'string')
    ? 'message'
    : undefined;
}

interface Exchange {
  readonly request: Values | undefined;
  readonly response: Values;
  readonly status?: number | undefined;
}

function exchangeOf(value: Values): Exchange | undefined {
  const response = recordOf(value.response);
  if (response === undefined) return undefined;
  const body = recordOf(response.body);
  if (body && textOf(value.custom_id) !== undefined) {
    const status =
      typeof response.status_code === 'number' && response.status_code >= 400
        ? response.status_code
        : undefined;
    return { request: undefined, response: body, status };
  }
  const request = recordOf(value.request);
  const isRequest =
    request !== undefined &&
    (isMessageList(request.messages) ||
      isMessageList(request.input) ||
      typeof request.input === 'string' ||
      isGeminiRequest(request));
  const isResponse = isResponseValue(response) || recordOf(response.error) !== undefined;
  return isRequest && isResponse ? { request, response } : undefined;
}

const isResponseValue = (value: Values): boolean =>
  isCompletion(value) || isAnthropicMessage(value) || isOpenaiResponse(value) || isGeminiResponse(value);

/** A file as far as it was read. */
export interface Reading {
  /** Names the conversation of a file that is one. */
  readonly fileKey: string;
  readonly path: string;
  /** Of the whole file. */
  readonly traces: Traces;
  conversation: Conversation;
  /** Whether there were spans: what one says may depend on a later one. */
  hasSpans: boolean;
}

export const createReading = (path: string, firstText: string, traces: Traces): Reading => {
  const fileKey = keyOf(path, firstText);
  return { fileKey, path, traces, conversation: createConversation(fileKey, 0), hasSpans: false };
};

const SESSION_NAMES = ['session_id', 'sessionId', 'conversation_id', 'conversationId', 'thread_id'] as const;

/** The session that a record names itself. */
function namedSession(value: Values): string | undefined {
  const metadata = recordOf(value.metadata);
  for (const name of SESSION_NAMES) {
    const session = textOf(value[name]) ?? textOf(metadata?.[name]);
    if (session !== undefined) return session;
  }
  return undefined;
}

export interface Placed {
  readonly value: Values;
  /** As it stands in the file. */
  readonly text: string;
  /** Its line, or its ordinal in a document; 0: it is the document. */
  readonly place: number;
}

/** What a value says. Undefined: it is of no known form. */
export function factsOf(reading: Reading, placed: Placed): Facts | undefined {
  const { value, place } = placed;
  const shape = shapeOf(value);
  if (shape === undefined) return undefined;
  const facts = createFacts();
  reading.hasSpans ||= shape === 'spans' || shape === 'span';
  const where = { file: reading.fileKey, place: String(place), traces: reading.traces };
  if (shape === 'spans') addOtlp(facts, value, where);
  else if (shape === 'span') addPrintedSpan(facts, value, where);
  else {
    const conversation = conversationFor(reading, placed, shape);
    conversation.place = place;
    if (shape === 'exchange') addExchange(facts, conversation, value);
    else if (shape === 'response') addAnyResponse(facts, conversation, value);
    else if (shape === 'conversation') addConversation(facts, conversation, value);
    else if (isMessage(value)) addMessage(facts, conversation, value);
    else addGeminiContent(facts, conversation, value);
  }
  return facts;
}

/** A conversation is a session of its own, unless it names one; all else in a file is of one. */
function conversationFor(reading: Reading, { value, text, place }: Placed, shape: Shape): Conversation {
  const { fileKey, path, conversation } = reading;
  const named = namedSession(value);
  const session = named ?? (shape !== 'conversation' || place === 0 ? fileKey : keyOf(path, text));
  if (conversation.session === session) return conversation;
  reading.conversation = createConversation(session, 0);
  return reading.conversation;
}

function addExchange(facts: Facts, conversation: Conversation, value: Values): void {
  const exchange = exchangeOf(value);
  if (exchange === undefined) return;
  const { request, response, status } = exchange;
  conversation.model = textOf(request?.model) ?? conversation.model;
  if (request && isGeminiRequest(request)) addNewContents(facts, conversation, request);
  else if (typeof request?.input === 'string')
    addMessage(facts, conversation, { role: 'user', content: request.input });
  else if (request) addRequest(facts, conversation, request.messages ?? request.input);
  const { error, ...answer } = response;
  addAnyResponse(facts, conversation, answer);
  const failure = recordOf(error) ?? (status === undefined ? undefined : {});
  addError(facts, conversation, { error: failure, at: undefined, key: String(conversation.place), status });
}

function addNewContents(facts: Facts, conversation: Conversation, request: Values): void {
  const contents = recordsOf(request.contents);
  const lastAnswer = contents.findLastIndex(({ role }) => role === 'model');
  for (const content of contents.slice(lastAnswer + 1)) addGeminiContent(facts, conversation, content);
}

function addAnyResponse(facts: Facts, conversation: Conversation, value: Values): void {
  if (isGeminiResponse(value)) addGeminiResponse(facts, conversation, value);
  else addResponse(facts, conversation, value);
}

/** All messages, and the usage beside them as one call. */
function addConversation(facts: Facts, conversation: Conversation, value: Values): void {
  conversation.model = textOf(value.model) ?? conversation.model;
  if (isGeminiRequest(value)) {
    for (const content of recordsOf(value.contents)) addGeminiContent(facts, conversation, content);
    if (isGeminiResponse(value)) addGeminiResponse(facts, conversation, value);
    return;
  }
  const messages = recordsOf(value.messages ?? value.input);
  for (const message of messages) addMessage(facts, conversation, message);
  const isAnswered = value.choices !== undefined || value.output !== undefined || value.type === 'message';
  if (isAnswered) {
    addResponse(facts, conversation, value);
    return;
  }
  const usage = usageOf(value.usage);
  if (usage === undefined) return;
  const { session, place, model } = conversation;
  const at = instantOf(value.created ?? value.created_at ?? value.timestamp);
  const stop = textOf(value.stop_reason) ?? textOf(value.finish_reason);
  facts.usage.push({ ...usage, session, at, id: textOf(value.id) ?? `${session}:${place}`, model, stop });
  // The time of the request is the only one that there is.
  if (at !== undefined && facts.events.every((event) => event.at === undefined))
    facts.events.push({ session, at, type: 'meta' });
}
