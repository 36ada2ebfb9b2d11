import { countOf, parsed, recordOf, recordsOf, textOf, type Values } from './json-values.ts';

/** Something that a stream of server-sent events added up to: a response as it would have come at once. */
export interface Streamed {
  readonly value: Values;
  /** The line on which it began. */
  readonly lineNo: number;
  /** The stream ended before the response did. */
  readonly isPartial: boolean;
}

/** Whether a text is a transcript of a stream of one of the known interfaces. */
export const isEventStream = (text: string): boolean =>
  text.split('\n', 40).some((line) => {
    const data = dataOf(line);
    return (
      data !== undefined &&
      (data.object === 'chat.completion.chunk' ||
        data.type === 'message_start' ||
        (typeof data.type === 'string' && /^response\.(?:created|completed)$/.test(data.type)))
    );
  });

export function dataOf(line: string): Values | undefined {
  return line.startsWith('data:') ? recordOf(parsed(line.slice(5).trim())) : undefined;
}

/** Puts the events of streams together; one response is open at a time. */
export interface EventAssembler {
  readonly take: (data: Values, lineNo: number) => Streamed | undefined;
  /** At the end of the file. */
  readonly end: () => Streamed | undefined;
}

export function createEventAssembler(): EventAssembler {
  let open:
    | { lineNo: number; value: Record<string, unknown>; blocks: Values[]; calls: Record<string, unknown>[] }
    | undefined;
  const close = (isPartial: boolean): Streamed | undefined => {
    if (open === undefined) return undefined;
    const { lineNo, value, blocks, calls } = open;
    open = undefined;
    if (value.type === 'message')
      return { lineNo, isPartial, value: { stop_reason: null, ...value, content: blocks } };
    const { finish_reason, ...rest } = value;
    const message = {
      role: 'assistant',
      content: '',
      tool_calls: calls.filter((call) => call !== undefined),
    };
    return { lineNo, isPartial, value: { ...rest, choices: [{ message, finish_reason }] } };
  };

  const take = (data: Values, lineNo: number): Streamed | undefined => {
    if (
      data.type === 'response.completed' ||
      data.type === 'response.incomplete' ||
      data.type === 'response.failed'
    ) {
      const value = recordOf(data.response);
      return value && { lineNo, value, isPartial: false };
    }
    if (data.type === 'message_start') {
      const before = close(true);
      open = { lineNo, value: { ...recordOf(data.message) }, blocks: [], calls: [] };
      return before;
    }
    if (data.object === 'chat.completion.chunk') return takeChunk(data, lineNo);
    if (open === undefined) return undefined;
    if (data.type === 'content_block_start') {
      const block = recordOf(data.content_block);
      if (block) open.blocks.push(block);
    } else if (data.type === 'message_delta') {
      const { stop_reason } = recordOf(data.delta) ?? {};
      // The last figures are the sums of the whole response.
      open.value.usage = { ...recordOf(open.value.usage), ...recordOf(data.usage) };
      if (stop_reason !== undefined) open.value.stop_reason = stop_reason;
    } else if (data.type === 'message_stop') return close(false);
    return undefined;
  };

  const takeChunk = (data: Values, lineNo: number): Streamed | undefined => {
    const before = open !== undefined && open.value.id !== data.id ? close(false) : undefined;
    const { id, model, created } = data;
    open ??= { lineNo, value: { id, model, created }, blocks: [], calls: [] };
    if (recordOf(data.usage)) open.value.usage = data.usage;
    for (const { delta, finish_reason } of recordsOf(data.choices)) {
      if (textOf(finish_reason) !== undefined) open.value.finish_reason = finish_reason;
      for (const call of recordsOf(recordOf(delta)?.tool_calls)) addCallDelta(open.calls, call);
    }
    return before;
  };

  return { take, end: () => close(open?.value.type === 'message') };
}

function addCallDelta(calls: Record<string, unknown>[], delta: Values): void {
  const index = countOf(delta.index) ?? 0;
  const asked = recordOf(delta.function);
  const call = calls[index] ?? { id: delta.id, function: { name: asked?.name, arguments: '' } };
  calls[index] = call;
  const known = recordOf(call.function);
  call.function = {
    ...known,
    arguments: `${textOf(known?.arguments) ?? ''}${textOf(asked?.arguments) ?? ''}`,
  };
}
