import { addCall, addResult, type Conversation, type Facts } from './facts.ts';
import { instantOf, recordOf, recordsOf, textOf, type Values } from './json-values.ts';
import { geminiUsage } from './usage.ts';

const ROLES = new Set(['user', 'model', 'function', 'tool']);

export const isGeminiContent = (value: Values): boolean =>
  recordsOf(value.parts).length > 0 && (value.role === undefined || ROLES.has(String(value.role)));

export const isGeminiRequest = (value: Values): boolean => {
  const contents = recordsOf(value.contents);
  return contents.length > 0 && contents.slice(0, 8).every(isGeminiContent);
};

export const isGeminiResponse = (value: Values): boolean =>
  recordOf(value.usageMetadata) !== undefined ||
  recordsOf(value.candidates).some(({ content }) => recordOf(content) !== undefined);

export function addGeminiContent(facts: Facts, conversation: Conversation, content: Values): void {
  const { session } = conversation;
  const at = instantOf(content.timestamp ?? content.createTime);
  const parts = recordsOf(content.parts);
  let resultCount = 0;
  for (const part of parts) {
    const call = recordOf(part.functionCall);
    const result = recordOf(part.functionResponse);
    if (call)
      addCall(facts, conversation, {
        id: textOf(call.id),
        name: textOf(call.name),
        input: call.args,
        at,
        response: undefined,
      });
    if (result) {
      resultCount += 1;
      const { id, name, response: output } = result;
      addResult(facts, conversation, { id: textOf(id), name: textOf(name), output, isError: undefined, at });
    }
  }
  const bytesOf = (isThought: boolean): number =>
    parts
      .filter(({ thought }) => (thought === true) === isThought)
      .reduce((sum, { text }) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0), 0);
  const type = content.role === 'model' ? 'assistant' : resultCount > 0 ? 'tool_result' : 'user_prompt';
  facts.events.push({ session, at, type, bytes: bytesOf(false), reasoning: bytesOf(true) || undefined });
}

/** Adds a response: its candidates, and its usage as one call. */
export function addGeminiResponse(facts: Facts, conversation: Conversation, value: Values): void {
  const { session, place } = conversation;
  const at = instantOf(value.createTime ?? value.timestamp);
  const id = textOf(value.responseId) ?? `${session}:${place}:${facts.usage.length}`;
  conversation.model = textOf(value.modelVersion) ?? textOf(value.model) ?? conversation.model;
  const candidates = recordsOf(value.candidates);
  const before = facts.tools.length;
  for (const { content } of candidates) {
    const answer = recordOf(content);
    if (answer) addGeminiContent(facts, conversation, { role: 'model', ...answer, createTime: at });
  }
  for (let index = before; index < facts.tools.length; index++) {
    const tool = facts.tools[index];
    if (tool) facts.tools[index] = { ...tool, response: id };
  }
  const usage = geminiUsage(value.usageMetadata);
  if (usage)
    facts.usage.push({
      ...usage,
      session,
      at,
      id,
      model: conversation.model,
      stop: textOf(candidates[0]?.finishReason)?.toLowerCase(),
    });
}
