import { isRecord } from '../../src/model/first-records.ts';
import type { ReadSource } from '../../src/model/reader.ts';
import { type Block, blocksOf, changesOf, createToolLedger } from './message-blocks.ts';
import { readElements, toRecord, type Value } from './read-elements.ts';
import { environmentOf, taskFacts, textOf } from './task-files.ts';

/**
 * A record for each message of a conversation with the model, its blocks in one shape whether tools are called natively or in
 * tags. `array` is where the messages stand; what is left of the document is the record on line 0.
 */
export function readConversation(array: '[]' | 'messages[]'): ReadSource {
  return function* read({ path }) {
    const fallback = array === '[]' ? taskFacts(path).models[0] : undefined;
    const ledger = createToolLedger();
    let told: { readonly model?: string } = {};
    for (const element of readElements(path, [array])) {
      if ('reason' in element) {
        yield element;
        continue;
      }
      const { lineNo, at, value } = element;
      if (at === '') {
        if (array === 'messages[]') yield toRecord(lineNo, { kind: 'document', ...documentOf(value) });
        continue;
      }
      const role = textOf(value.role) ?? textOf(value.type);
      const content = value.content ?? value.text;
      const blocks = blocksOf({ role, content, lineNo }, ledger);
      const details = role === 'user' ? environmentOf(wordsOf(blocks)) : {};
      if (details.model !== undefined) told = { model: details.model };
      yield toRecord(lineNo, {
        kind: 'message',
        id: value.id,
        ts: value.ts ?? value.timestamp,
        role,
        ...(fallback === undefined ? {} : { model: fallback.model, provider: fallback.provider }),
        ...told,
        ...modelOf(value.modelInfo),
        cwd: details.cwd,
        usage: usageOf(value.metrics),
        blocks,
        changes: changesOf(blocks),
      });
    }
    return undefined;
  };
}

const wordsOf = (blocks: readonly Block[]): string => blocks.map(({ text }) => text ?? '').join('\n');

function documentOf({ sessionId, agent, taskType, updated_at, version }: Value): Value {
  return { session: sessionId, agent, taskType, updatedAt: updated_at, contract: version };
}

function modelOf(info: unknown): Value {
  if (!isRecord(info)) return {};
  const model = textOf(info.modelId) ?? textOf(info.id);
  const provider = textOf(info.providerId) ?? textOf(info.provider);
  return { ...(model === undefined ? {} : { model }), ...(provider === undefined ? {} : { provider }) };
}

/** Figures of a call: as sessions state them, or as tasks do, where what was read from and written to a cache is one sum. */
function usageOf(metrics: unknown): Value | undefined {
  if (!isRecord(metrics)) return undefined;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, cost, tokens } = metrics;
  if (!isRecord(tokens))
    return { input: inputTokens, output: outputTokens, read: cacheReadTokens, write: cacheWriteTokens, cost };
  return { prompt: tokens.prompt, completion: tokens.completion, cached: tokens.cached, cost };
}
