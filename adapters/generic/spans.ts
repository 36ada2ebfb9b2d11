import { isoTime } from '../../src/read/iso-time.ts';
import type { Facts } from './facts.ts';
import {
  countOf,
  instantOf,
  listOf,
  recordOf,
  recordsOf,
  textOf,
  type Values,
  wordsOf,
} from './json-values.ts';

/** A span in one form, however it was written. */
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly isClient: boolean;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  readonly durationMs: number | undefined;
  readonly isError: boolean;
  readonly attributes: Values;
}

/** An export of spans in OTLP's JSON. */
export const isOtlp = (value: Values): boolean =>
  recordsOf(value.resourceSpans ?? value.resource_spans).some(
    (resource) =>
      Array.isArray(resource.scopeSpans) ||
      Array.isArray(resource.scope_spans) ||
      Array.isArray(resource.instrumentationLibrarySpans),
  );

/** A span as exporters print it, of a call of a model or of a tool. */
export const isPrintedSpan = (value: Values): boolean => {
  const attributes = recordOf(value.attributes);
  return (
    attributes !== undefined &&
    traceOf(value) !== undefined &&
    Object.keys(attributes).some((name) => name.startsWith('gen_ai.') || name.startsWith('llm.'))
  );
};

/** Which conversation a trace belongs to, as any of its spans in the file says. */
export type Traces = Map<string, string>;

export const createTraces = (): Traces => new Map();

/** Where spans stand, which names those that have no id. */
export interface SpanPlace {
  readonly file: string;
  readonly place: string;
  readonly traces: Traces;
}

export function addOtlp(facts: Facts, value: Values, where: SpanPlace): void {
  let count = 0;
  for (const span of otlpSpans(value)) addSpan(facts, span, { ...where, place: `${where.place}-${++count}` });
}

export const addPrintedSpan = (facts: Facts, value: Values, where: SpanPlace): void =>
  addSpan(facts, fromPrinted(value), where);

/** What a text must hold for `noteTraces` to find something in it. */
export const NAMES_TRACE = /"(?:gen_ai\.conversation\.id|session\.id)"/;

export function noteTraces(value: Values, traces: Traces): void {
  const spans = isOtlp(value) ? otlpSpans(value) : isPrintedSpan(value) ? [fromPrinted(value)] : [];
  for (const { traceId, attributes } of spans) {
    const conversation = conversationOf(attributes);
    if (conversation !== undefined && traceId !== '' && !traces.has(traceId))
      traces.set(traceId, conversation);
  }
}

const conversationOf = (attributes: Values): string | undefined =>
  textOf(attributes['gen_ai.conversation.id']) ?? textOf(attributes['session.id']);

function* otlpSpans(value: Values): Generator<Span, void> {
  for (const resource of recordsOf(value.resourceSpans ?? value.resource_spans)) {
    const scopes = resource.scopeSpans ?? resource.scope_spans ?? resource.instrumentationLibrarySpans;
    for (const scope of recordsOf(scopes)) for (const span of recordsOf(scope.spans)) yield fromOtlp(span);
  }
}

const OTLP_CLIENT = new Set<unknown>([3, 'SPAN_KIND_CLIENT', undefined, 0, 'SPAN_KIND_UNSPECIFIED']);

function fromOtlp(span: Values): Span {
  const startedAt = span.startTimeUnixNano ?? span.start_time_unix_nano;
  const endedAt = span.endTimeUnixNano ?? span.end_time_unix_nano;
  const code = recordOf(span.status)?.code;
  return {
    traceId: textOf(span.traceId ?? span.trace_id) ?? '',
    spanId: textOf(span.spanId ?? span.span_id) ?? '',
    isClient: OTLP_CLIENT.has(span.kind),
    startedAt: instantOf(startedAt),
    endedAt: instantOf(endedAt),
    durationMs: nanosBetween(startedAt, endedAt),
    isError: code === 2 || code === 'STATUS_CODE_ERROR',
    attributes: Object.fromEntries(
      recordsOf(span.attributes).map(({ key, value }) => [String(key), otlpValue(recordOf(value) ?? {})]),
    ),
  };
}

function otlpValue(value: Values): unknown {
  if (value.arrayValue !== undefined) return recordsOf(recordOf(value.arrayValue)?.values).map(otlpValue);
  return value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue;
}

function nanosBetween(from: unknown, to: unknown): number | undefined {
  if (!/^\d+$/.test(String(from)) || !/^\d+$/.test(String(to))) return undefined;
  return Number((BigInt(String(to)) - BigInt(String(from))) / 1_000_000n);
}

const traceOf = (value: Values): string | undefined =>
  textOf(value.traceId) ??
  textOf(value.trace_id) ??
  textOf(recordOf(value.context)?.trace_id) ??
  textOf(recordOf(value.spanContext)?.traceId);

/** 2 for JavaScript, 3 for protobuf, words for Python. */
const PRINTED_CLIENT = /^(?:2|3|undefined|(?:SpanKind\.|SPAN_KIND_)?CLIENT)$/i;

function fromPrinted(value: Values): Span {
  const context = recordOf(value.context) ?? recordOf(value.spanContext);
  const started = printedTime(
    value.startTime ?? value.start_time ?? value.startTimeUnixNano ?? value.timestamp,
  );
  const ended = printedTime(value.endTime ?? value.end_time ?? value.endTimeUnixNano);
  const status = recordOf(value.status);
  const duration = typeof value.duration === 'number' ? Math.round(value.duration / 1000) : undefined;
  return {
    traceId: traceOf(value) ?? '',
    spanId:
      textOf(value.spanId) ??
      textOf(value.span_id) ??
      textOf(context?.span_id ?? context?.spanId) ??
      textOf(value.id) ??
      '',
    isClient: PRINTED_CLIENT.test(String(value.kind)),
    startedAt: started,
    endedAt:
      ended ??
      (started !== undefined && duration !== undefined ? isoTime(Date.parse(started) + duration) : undefined),
    durationMs:
      started !== undefined && ended !== undefined ? Date.parse(ended) - Date.parse(started) : duration,
    isError: status?.code === 2 || /ERROR$/i.test(String(status?.status_code ?? status?.code)),
    attributes: recordOf(value.attributes) ?? {},
  };
}

/** ISO, a number, or `[seconds, nanoseconds]`. */
function printedTime(value: unknown): string | undefined {
  const [seconds, nanos] = listOf(value);
  return typeof seconds === 'number' && typeof nanos === 'number'
    ? instantOf(seconds * 1000 + Math.floor(nanos / 1e6))
    : instantOf(value);
}

const CALLS = new Set(['chat', 'text_completion', 'generate_content']);

function addSpan(facts: Facts, span: Span, { file, place, traces }: SpanPlace): void {
  const { attributes, startedAt, endedAt, durationMs, spanId } = span;
  const traceId = span.traceId || file;
  const conversation = conversationOf(attributes);
  const session = conversation ?? traces.get(traceId) ?? traceId;
  const key = span.traceId !== '' && spanId !== '' ? `${traceId}:${spanId}` : `${file}:${place}`;
  const start = `${key}:start`;
  const end = `${key}:end`;
  const operation = textOf(attributes['gen_ai.operation.name']) ?? legacyOperation(attributes);
  const code = textOf(attributes['error.type']);
  const isFailed = span.isError || code !== undefined;
  if (operation === 'execute_tool') {
    // Not by a conversation that another span names, perhaps in this file alone.
    const id = `${conversation ?? traceId}:${textOf(attributes['gen_ai.tool.call.id']) ?? key}`;
    const output = wordsOf(attributes['gen_ai.tool.call.result']);
    facts.events.push(
      { session, at: startedAt, type: 'tool_call', key: start },
      { session, at: endedAt, type: 'tool_result', key: end },
    );
    facts.tools.push({
      session,
      at: startedAt,
      id,
      name: textOf(attributes['gen_ai.tool.name']),
      input: wordsOf(attributes['gen_ai.tool.call.arguments']),
    });
    facts.results.push({
      session,
      at: endedAt,
      id,
      status: isFailed ? 'failed' : 'ok',
      source: 'flag',
      kind: isFailed ? (/time.?out/i.test(code ?? '') ? 'timeout' : 'other') : undefined,
      duration: durationMs,
      output,
      error: isFailed ? (output ?? code) : undefined,
    });
    return;
  }
  if (operation === undefined || !CALLS.has(operation) || !span.isClient) return;
  facts.events.push(
    { session, at: startedAt, type: 'meta', key: start },
    { session, at: endedAt, type: isFailed ? 'api_error' : 'assistant', key: end },
  );
  if (isFailed)
    facts.errors.push({ session, at: endedAt, key: end, code, status: Number(code) || undefined });
  const usage = spanUsage(attributes);
  if (isFailed && usage.input === undefined && usage.output === undefined) return;
  const response = textOf(attributes['gen_ai.response.id']);
  const cost = attributes['gen_ai.usage.total_cost'] ?? attributes['gen_ai.usage.cost'];
  facts.usage.push({
    ...usage,
    session,
    at: startedAt,
    id: response ?? key,
    alias: response === undefined ? undefined : key,
    model:
      textOf(attributes['gen_ai.response.model']) ??
      textOf(attributes['gen_ai.request.model']) ??
      textOf(attributes['llm.request.model']),
    provider: textOf(attributes['gen_ai.provider.name']) ?? textOf(attributes['gen_ai.system']),
    stop: textOf(listOf(attributes['gen_ai.response.finish_reasons'])[0]),
    duration: durationMs,
    cost: typeof cost === 'number' ? cost : undefined,
  });
}

/** Before operations had names, a span with usage was a call. */
const legacyOperation = (attributes: Values): string | undefined =>
  attributes['llm.request.type'] !== undefined || attributes['gen_ai.usage.prompt_tokens'] !== undefined
    ? 'chat'
    : undefined;

function spanUsage(
  attributes: Values,
): Pick<Facts['usage'][number], 'input' | 'cached' | 'written' | 'output' | 'reasoning' | 'isInclusive'> {
  const first = (...names: readonly string[]): number | undefined => {
    for (const name of names) {
      const count = countOf(attributes[name]);
      if (count !== undefined) return count;
    }
    return undefined;
  };
  const input = first('gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.usage.prompt_tokens');
  const cached = first('gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens');
  const written = first(
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
  );
  return {
    input,
    cached,
    written,
    output: first(
      'gen_ai.usage.output_tokens',
      'gen_ai.usage.completion_tokens',
      'llm.usage.completion_tokens',
    ),
    reasoning: first('gen_ai.usage.reasoning.output_tokens'),
    // What is more than its whole was never in it.
    isInclusive: (cached ?? 0) + (written ?? 0) <= (input ?? 0),
  };
}
