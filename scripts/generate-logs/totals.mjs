/** What a correct reader must find. A figure that a form does not tell is null. */
export const NO_TOTALS = {
  sessions: 0,
  turns: 0,
  calls: 0,
  tool_calls: 0,
  failed_tool_calls: 0,
  uncached_input_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
};

/** Of a session that is told with everything. */
export function totalsOf({ turns, steps }) {
  const tools = steps.flatMap((step) => step.tools);
  return {
    sessions: 1,
    turns: turns.length,
    calls: steps.length,
    tool_calls: tools.length,
    failed_tool_calls: tools.filter(({ isFailed }) => isFailed).length,
    uncached_input_tokens: sumOf(steps, 'fresh'),
    cache_read_tokens: sumOf(steps, 'cacheRead'),
    cache_write_tokens: sumOf(steps, 'cacheWrite'),
    output_tokens: sumOf(steps, 'output'),
    reasoning_tokens: sumOf(steps, 'reasoning'),
  };
}

export const sumOf = (steps, name) => steps.reduce((sum, { usage }) => sum + usage[name], 0);

/** Without what a form does not tell. */
export const untold = (totals, ...names) => ({
  ...totals,
  ...Object.fromEntries(names.map((name) => [name, null])),
});

export const added = (one, other) =>
  Object.fromEntries(
    Object.keys(NO_TOTALS).map((name) => [
      name,
      one[name] === null || other[name] === null ? null : one[name] + other[name],
    ]),
  );
