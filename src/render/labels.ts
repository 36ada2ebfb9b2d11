/** Headings of the contract's columns where words made from the name would be longer or less clear. */
const NAMES: Readonly<Record<string, string>> = {
  session_id: 'Session',
  day_on: 'Day',
  display_name: 'Name',
  total_tokens: 'Tokens',
  llm_call_count: 'Calls',
  tool_name: 'Tool',
  tool_category: 'Category',
  tool_failure_count: 'Failed',
  tool_failure_ratio: 'Fail rate',
  unpriced_call_count: 'Unpriced',
  priced_call_ratio: 'Calls priced',
  priced_token_ratio: 'Tokens priced',
  with_subagents_usd: 'With subagents',
  turn_number: 'Turn',
  health_score: 'Health',
  health_status: 'State',
};

const WORDS: Readonly<Record<string, string>> = {
  llm: 'LLM',
  id: 'ID',
  mcp: 'MCP',
  sql: 'SQL',
  api: 'API',
  url: 'URL',
  p50: 'P50',
  p95: 'P95',
  p99: 'P99',
  cwd: 'Folder',
};

/** What is counted as something that happened to a thing has no plural: `3 vanished`. */
const NO_PLURAL = /(ed|en|own|ew)$/;

/** A heading from a column's name: its unit's suffix is said by the values, and a count is its things. */
export function labelFor(name: string): string {
  const known = NAMES[name];
  if (known !== undefined) return known;
  const isCount = name.endsWith('_count');
  const stem = name.replace(/_(usd|ms|bytes|ratio|percent|at|on|count|json)$/, '').replace(/^(is|has)_/, '');
  const words = stem.split('_').filter((word) => word !== '');
  const last = words.at(-1);
  if (isCount && last !== undefined) words[words.length - 1] = plural(last);
  const text = words.map((word) => WORDS[word.toLowerCase()] ?? word).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The same within a line, where acronyms alone keep their capitals. */
export function lowerLabel(name: string): string {
  const label = labelFor(name);
  return /^[A-Z][A-Z0-9]/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

function plural(word: string): string {
  if (NO_PLURAL.test(word)) return word;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
