import { isRecord } from '../../src/model/first-records.ts';
import type { ReadSource } from '../../src/model/reader.ts';
import { lineChanges } from './line-changes.ts';
import { readElements, toRecord, type Value } from './read-elements.ts';
import { environmentOf, type ModelUse, taskFacts, textOf } from './task-files.ts';

/** Messages whose text is JSON of their own. */
const PARSED = new Set([
  'api_req_started',
  'api_req_finished',
  'deleted_api_reqs',
  'subagent_usage',
  'tool',
  'use_mcp_server',
  'browser_action',
  'use_subagents',
  'condense_context',
  'error_retry',
]);

/**
 * A record for each message that a task shows: the JSON in its text taken apart, requests' and files' contents left out, the
 * model that was in force, and the directory where it is told. "Lines" are places in the array, from 1.
 */
export const readUi: ReadSource = function* read({ path }) {
  const facts = taskFacts(path);
  let shown: Model | undefined;
  for (const element of readElements(path, ['[]'])) {
    if ('reason' in element) {
      yield element;
      continue;
    }
    if (element.at === '') continue;
    const message = element.value;
    const name = textOf(message.say) ?? textOf(message.ask);
    const data = name !== undefined && PARSED.has(name) ? parsedObject(message.text) : undefined;
    const request = textOf(data?.request);
    const told = request === undefined ? {} : environmentOf(request);
    shown = shownModel(message, data) ?? (told.model === undefined ? shown : { model: told.model });
    const ts = numberOf(message.ts) ?? numberOf(message.timestamp);
    const used =
      shown ?? modelAt(facts.models, ts) ?? (facts.model === undefined ? {} : { model: facts.model });
    yield toRecord(element.lineNo, {
      kind: 'ui',
      ts,
      type: message.type,
      name,
      role: message.role,
      isPartial: message.partial === true,
      text: data === undefined ? (textOf(message.text) ?? textOf(message.content)) : undefined,
      reasoning: textOf(message.reasoning),
      decision: message.autoApprovalDecision,
      isAnswered: message.isAnswered,
      ...used,
      cwd: told.cwd,
      data: data === undefined ? undefined : withoutContents(data),
      change: data === undefined || name !== 'tool' ? undefined : lineChanges(data),
      condense: message.contextCondense ?? message.contextTruncation ?? undefined,
    });
  }
  return undefined;
};

interface Model {
  readonly model?: string;
  readonly provider?: string;
}

function shownModel({ modelInfo }: Value, data: Value | undefined): Model | undefined {
  const model = (isRecord(modelInfo) ? textOf(modelInfo.modelId) : undefined) ?? textOf(data?.model);
  if (model === undefined) return undefined;
  const provider = isRecord(modelInfo) ? textOf(modelInfo.providerId) : textOf(data?.inferenceProvider);
  return provider === undefined ? { model } : { model, provider };
}

/** The model in force at a time; before the first entry, that one. */
function modelAt(uses: readonly ModelUse[], ts: number | undefined): Model | undefined {
  const use = uses.findLast((entry) => ts !== undefined && entry.ts <= ts) ?? uses[0];
  if (use === undefined) return undefined;
  return use.provider === undefined ? { model: use.model } : { model: use.model, provider: use.provider };
}

function parsedObject(text: unknown): Value | undefined {
  if (typeof text !== 'string' || !/^\s*\{/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A file as it was before a change, and a request word for word, are nobody's input. */
function withoutContents(data: Value): Value {
  const { request, originalContent, ...rest } = data;
  return rest;
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
