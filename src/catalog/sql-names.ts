/** SQL with its comments and string literals blanked out, so that only names and keywords are left. */
export function stripLiterals(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, (match) =>
    match.startsWith("'") ? "''" : ' ',
  );
}

/** Tables and views that a statement names with their schema, each once, in name order. */
export function findDependencies(sql: string): readonly string[] {
  const names = stripLiterals(sql).matchAll(
    /(?<![\w.])(raw|mart|internal|v1|lake|cells)\.([a-z_][a-z0-9_]*)/g,
  );
  return [...new Set([...names].map((match) => `${match[1]}.${match[2]}`))].sort();
}

/** Parameters (`$name`) that a statement uses, each once, in name order. */
export function findParameters(sql: string): readonly string[] {
  const names = stripLiterals(sql).matchAll(/\$([a-z_][a-z0-9_]*)/g);
  return [...new Set([...names].map((match) => match[1] ?? ''))].sort();
}

/** A string literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name, whatever characters are in it. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
