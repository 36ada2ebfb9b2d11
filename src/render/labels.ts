const WORDS: Readonly<Record<string, string>> = {
  llm: 'LLM',
  id: 'ID',
  mcp: 'MCP',
  sql: 'SQL',
  api: 'API',
  url: 'URL',
};

/** A heading from a column's name: its unit's suffix is said by the values, and a count is its things. */
export function labelFor(name: string): string {
  const isCount = name.endsWith('_count');
  const stem = name.replace(/_(usd|ms|bytes|ratio|percent|at|on|count|json)$/, '').replace(/^(is|has)_/, '');
  const words = stem.split('_').filter((word) => word !== '');
  const last = words.at(-1);
  if (isCount && last !== undefined) words[words.length - 1] = plural(last);
  const text = words.map((word) => WORDS[word.toLowerCase()] ?? word).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
