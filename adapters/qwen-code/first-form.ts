import { isRecord } from '../../src/model/first-records.ts';
import type { ReadSource } from '../../src/model/reader.ts';
import { decodeText } from '../../src/read/decode-text.ts';
import { splitDocument } from '../../src/read/json-document.ts';

type Value = Readonly<Record<string, unknown>>;

/**
 * Reads a session of the first versions, one document of messages, as the records that today's versions write: a record for each
 * message, with the ends of its tool calls under `results`, and line 0 for the session.
 */
export const readFirstForm: ReadSource = function* read({ path }) {
  for (const piece of splitDocument(path, { arrays: ['messages[]'] })) {
    const { ordinal: lineNo } = piece;
    if ('reason' in piece) yield { lineNo, reason: piece.reason, sizeBytes: piece.sizeBytes };
    else {
      const value = parsed(piece.json);
      if (value === undefined) yield { lineNo, reason: 'not a JSON object', sizeBytes: piece.json.length };
      else if (piece.at === '') yield { lineNo, json: JSON.stringify({ sessionId: value.sessionId }) };
      else yield { lineNo, json: JSON.stringify(toRecord(value)) };
    }
  }
  return undefined;
};

function parsed(json: Uint8Array): Value | undefined {
  try {
    const value: unknown = JSON.parse(decodeText(json));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function toRecord(message: Value): Value {
  const { id, timestamp, type, model } = message;
  const calls = listOf(message.toolCalls);
  return {
    uuid: id,
    timestamp,
    type: type === 'qwen' || type === 'gemini' ? 'assistant' : type,
    model,
    message: { parts: [...thoughtsOf(message), ...textsOf(message.content), ...calls.map(toCall)] },
    usageMetadata: toUsage(message.tokens),
    results: calls.map(toResult),
  };
}

const listOf = (value: unknown): readonly Value[] => (Array.isArray(value) ? value.filter(isRecord) : []);

const thoughtsOf = ({ thoughts }: Value): readonly Value[] =>
  listOf(thoughts).map(({ description }) => ({ text: description, thought: true }));

function textsOf(content: unknown): readonly Value[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  return isRecord(content) ? [content] : listOf(content);
}

const toCall = ({ id, name, args }: Value): Value => ({ functionCall: { id, name, args } });

function toResult({ id, timestamp, status, result, resultDisplay }: Value): Value {
  const [answer] = isRecord(result) ? [result] : listOf(result);
  const response = isRecord(answer?.functionResponse) ? answer.functionResponse.response : undefined;
  const { output, error } = isRecord(response) ? response : {};
  return { timestamp, output, error, toolCallResult: { callId: id, status, resultDisplay } };
}

function toUsage(tokens: unknown): Value | undefined {
  if (!isRecord(tokens)) return undefined;
  return {
    promptTokenCount: tokens.input,
    candidatesTokenCount: tokens.output,
    cachedContentTokenCount: tokens.cached,
    thoughtsTokenCount: tokens.thoughts,
    toolUsePromptTokenCount: tokens.tool,
    totalTokenCount: tokens.total,
  };
}
