/** Columns of the raw tables that hold what people, agents or tools wrote, and the macro that masks them. */
export const WRITTEN: Readonly<
  Record<string, { readonly macro: string; readonly columns: readonly string[] }>
> = {
  session_headers: { macro: 'without_common_keys', columns: ['cwd', 'git_branch', 'git_remote'] },
  tool_uses: { macro: 'without_common_keys', columns: ['file_path'] },
  tool_commands: { macro: 'without_secrets', columns: ['command'] },
  tool_errors: { macro: 'without_secrets', columns: ['error_text'] },
  file_changes: { macro: 'without_common_keys', columns: ['file_path'] },
  api_errors: { macro: 'without_common_keys', columns: ['code'] },
};

/**
 * Wraps a statement that stores rows, so that what looks like a secret in them is replaced on the way: nothing else
 * reaches the warehouse's file, and no adapter can forget it. Other statements stay as they are.
 *
 * Throws for a statement that writes such a column in another way than `insert into raw.<table> [by name] <query>`.
 */
export function maskStored(statement: string): string {
  const code = statement.replace(/--.*$/gm, '');
  const [, verb = '', table = ''] =
    /\b(insert|update)\b(?:\s+or\s+\w+)?(?:\s+into)?\s+raw\.(\w+)/i.exec(code) ?? [];
  if (WRITTEN[table] === undefined) return statement;
  const { macro, columns } = WRITTEN[table];
  if (/^update$/i.test(verb) && !new RegExp(`\\b(?:${columns.join('|')})\\s*=`).test(setClause(code)))
    return statement;
  const [, head, byName, query] =
    /^((?:\s|--.*\n)*insert into raw\.\w+( by name)?)\s*\n(.*)$/s.exec(statement) ?? [];
  if (head === undefined || query === undefined)
    throw new Error(`raw.${table} is written in a way that cannot be masked: ${statement.slice(0, 200)}`);
  // The empty first part names the columns of a query by position, and gives one by name those that it leaves out.
  const names = byName === undefined ? '*' : columns.join(', ');
  return `${head}
select * replace (${columns.map((column) => `${macro}(${column}) as ${column}`).join(', ')})
from (
    select ${names} from raw.${table} where false
    union all${byName ?? ''}
    (
${query.replace(/;\s*$/, '')}
    )
)`;
}

/** What an update assigns: all up to the first word that ends the assignments. */
function setClause(code: string): string {
  return /\bset\b(.*?)(?:^(?:from|where)\b|$(?![\s\S]))/ims.exec(code)?.[1] ?? '';
}
