type Written =
  /** Texts, at any length: each has the macro. */
  | { readonly macro: 'without_secrets'; readonly columns: readonly string[] }
  /** Paths and names: one look at all of a row decides whether the macro is needed. */
  | { readonly macro: 'name_without_secrets'; readonly columns: readonly string[] };

const text = (...columns: readonly string[]): Written => ({ macro: 'without_secrets', columns });
const names = (...columns: readonly string[]): Written => ({ macro: 'name_without_secrets', columns });

/**
 * Columns of the raw tables that hold what people, agents, tools or providers wrote, and the macro that masks them. Ids are
 * none of them: masked, those of two sessions or calls could be one.
 */
export const WRITTEN: Readonly<Record<string, Written>> = {
  session_headers: names('cwd', 'git_branch', 'git_remote', 'agent_version', 'entrypoint', 'provider'),
  usage: names('provider', 'model_raw', 'service_tier', 'speed', 'inference_geo', 'stop_reason'),
  usage_counters: names('model_raw'),
  turn_contexts: names('model_raw', 'service_tier'),
  tool_uses: names('tool_name', 'mcp_server', 'file_path'),
  tool_commands: text('command'),
  tool_errors: text('error_text'),
  file_changes: names('file_path'),
  api_errors: names('code'),
  compactions: names('trigger'),
  rate_limits: names('plan', 'reached_kind'),
};

/**
 * Wraps a statement that stores rows, so that what looks like a secret in them is replaced on the way: nothing else
 * reaches the warehouse's file, and no adapter can forget it. Other statements stay as they are.
 *
 * Throws for a statement that writes such a column in another way than `insert into raw.<table> [by name] <query>`, or
 * `update raw.<table> set <column> = <its macro>(…)`.
 */
export function maskStored(statement: string): string {
  const code = statement.replace(/--.*$/gm, '');
  const [, verb = '', table = ''] =
    /\b(insert|update)\b(?:\s+or\s+\w+)?(?:\s+into)?\s+raw\.(\w+)/i.exec(code) ?? [];
  if (WRITTEN[table] === undefined) return statement;
  const { macro, columns } = WRITTEN[table];
  const setsUnmasked = new RegExp(`\\b(?:${columns.join('|')})\\s*=(?!\\s*${macro}\\()`);
  if (/^update$/i.test(verb) && !setsUnmasked.test(setClause(code))) return statement;
  const [, head, byName, query] =
    /^((?:\s|--.*\n)*insert into raw\.\w+( by name)?)\s*\n(.*)$/s.exec(statement) ?? [];
  if (head === undefined || query === undefined)
    throw new Error(`raw.${table} is written in a way that cannot be masked: ${statement.slice(0, 200)}`);
  // The empty first part names the columns of a query by position, and gives one by name those that it leaves out.
  const named = byName === undefined ? '*' : columns.join(', ');
  const rows = `(
    select ${named} from raw.${table} where false
    union all${byName ?? ''}
    (
${query.replace(/;\s*$/, '')}
    )
)`;
  const replaced = (mask: (column: string) => string): string =>
    `replace (${columns.map((column) => `${mask(column)} as ${column}`).join(', ')})`;
  if (macro === 'without_secrets')
    return `${head}\nselect * ${replaced((column) => `${macro}(${column})`)}\nfrom ${rows}`;
  return `${head}
select * exclude (has_secret) ${replaced((column) => `case when has_secret then name_replaced(${column}) else ${column} end`)}
from (
select *, names_may_hold_secret(concat_ws(chr(10), ${columns.join(', ')}, '')) as has_secret
from ${rows}
)`;
}

/** What an update assigns: all up to the first word that ends the assignments. */
function setClause(code: string): string {
  return /\bset\b(.*?)(?:^(?:from|where)\b|$(?![\s\S]))/ims.exec(code)?.[1] ?? '';
}
