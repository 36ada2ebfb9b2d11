import { countOf, recordOf, type Values } from './json-values.ts';

/** Tokens of one call, as the log counts them. */
export interface Usage {
  readonly input?: number | undefined;
  readonly cached?: number | undefined;
  readonly written?: number | undefined;
  readonly writtenHour?: number | undefined;
  readonly output?: number | undefined;
  readonly reasoning?: number | undefined;
  /** Whether `input` holds what was read from and written to the cache. */
  readonly isInclusive: boolean;
  readonly cost?: number | undefined;
}

/** Usage in the words of OpenAI's two interfaces or of Anthropic's; undefined for anything else. */
export function usageOf(value: unknown): Usage | undefined {
  const usage = recordOf(value);
  if (usage === undefined) return undefined;
  if (countOf(usage.prompt_tokens) !== undefined || countOf(usage.completion_tokens) !== undefined)
    return completionUsage(usage);
  if (countOf(usage.input_tokens) === undefined && countOf(usage.output_tokens) === undefined)
    return undefined;
  return usage.input_tokens_details !== undefined || usage.output_tokens_details !== undefined
    ? responseUsage(usage)
    : messageUsage(usage);
}

function completionUsage(usage: Values): Usage {
  const details = recordOf(usage.prompt_tokens_details);
  const input = countOf(usage.prompt_tokens);
  const written = countOf(details?.cache_write_tokens);
  const cached = countOf(details?.cached_tokens) ?? countOf(usage.prompt_cache_hit_tokens);
  return {
    input,
    cached: withoutWrites(cached, written, input),
    written,
    output: countOf(usage.completion_tokens),
    reasoning: countOf(recordOf(usage.completion_tokens_details)?.reasoning_tokens),
    isInclusive: true,
    cost: typeof usage.cost === 'number' ? usage.cost : undefined,
  };
}

/** Some sellers count what a request writes among what was cached: then both cannot be within the input. */
function withoutWrites(
  cached: number | undefined,
  written: number | undefined,
  input: number | undefined,
): number | undefined {
  if (cached === undefined || written === undefined || input === undefined) return cached;
  return cached >= written && cached + written > input ? cached - written : cached;
}

function responseUsage(usage: Values): Usage {
  return {
    input: countOf(usage.input_tokens),
    cached: countOf(recordOf(usage.input_tokens_details)?.cached_tokens),
    written: countOf(recordOf(usage.input_tokens_details)?.cache_write_tokens),
    output: countOf(usage.output_tokens),
    reasoning: countOf(recordOf(usage.output_tokens_details)?.reasoning_tokens),
    isInclusive: true,
    cost: typeof usage.cost === 'number' ? usage.cost : undefined,
  };
}

function messageUsage(usage: Values): Usage {
  const split = recordOf(usage.cache_creation);
  const total = countOf(usage.cache_creation_input_tokens);
  const writtenHour = countOf(split?.ephemeral_1h_input_tokens);
  const written = countOf(split?.ephemeral_5m_input_tokens);
  const isSplit = (written ?? 0) + (writtenHour ?? 0) > 0;
  return {
    input: countOf(usage.input_tokens),
    cached: countOf(usage.cache_read_input_tokens),
    written: isSplit ? (written ?? 0) : total,
    writtenHour: isSplit ? (writtenHour ?? 0) : undefined,
    output: countOf(usage.output_tokens),
    reasoning: countOf(recordOf(usage.output_tokens_details)?.thinking_tokens),
    isInclusive: false,
  };
}

/** Usage in the words of Gemini: thoughts are beside the candidates, and prompts of tools beside the prompt. */
export function geminiUsage(value: unknown): Usage | undefined {
  const usage = recordOf(value);
  const prompt = countOf(usage?.promptTokenCount);
  if (usage === undefined || prompt === undefined) return undefined;
  const candidates = countOf(usage.candidatesTokenCount);
  const thoughts = countOf(usage.thoughtsTokenCount);
  return {
    input: prompt + (countOf(usage.toolUsePromptTokenCount) ?? 0),
    cached: countOf(usage.cachedContentTokenCount),
    output:
      candidates === undefined && thoughts === undefined ? undefined : (candidates ?? 0) + (thoughts ?? 0),
    reasoning: thoughts,
    isInclusive: true,
  };
}
