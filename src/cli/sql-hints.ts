import { publicViews } from '../catalog/contract.ts';
import { AgenttraceError } from '../model/errors.ts';
import { nearest } from './nearest.ts';

/** Adds to DuckDB's message the views or columns of the contract that were probably meant, or that a lake does not have. */
export function explainSqlError(error: unknown, missing: ReadonlySet<string> = new Set()): unknown {
  if (!(error instanceof AgenttraceError) || error.code !== 'bad_sql' || error.hint !== undefined)
    return error;
  const hint = hintFor(error.message, missing);
  if (hint === undefined) return error;
  return new AgenttraceError({ code: error.code, message: error.message, hint, cause: error.cause });
}

function hintFor(message: string, missing: ReadonlySet<string>): string | undefined {
  const table = /Table with name "?([^"\s!]+)"? does not exist/i.exec(message)?.[1];
  if (table !== undefined && missing.has(table)) {
    return `Hosts do not publish ${table}, so a lake does not have it. Ask on the host itself, without --team.`;
  }
  if (table !== undefined) {
    const names = nearest(
      table,
      publicViews()
        .map(({ name }) => name)
        .filter((name) => !missing.has(name)),
    );
    return `${meant(names)}agenttrace schema lists the views.`;
  }
  const column = /(?:Referenced column|does not have a column named) "([^"]+)"/i.exec(message)?.[1];
  if (column === undefined) return undefined;
  const owners = publicViews().flatMap((view) => view.columns.map(({ name }) => ({ name, view: view.name })));
  const names = nearest(column, [...new Set(owners.map(({ name }) => name))]);
  const places = names.map((name) => {
    const views = owners.filter((owner) => owner.name === name).map(({ view }) => view);
    return `${name} (${views.slice(0, 3).join(', ')}${views.length > 3 ? ', …' : ''})`;
  });
  return `${meant(places)}agenttrace schema VIEW lists the columns of a view.`;
}

const meant = (names: readonly string[]): string =>
  names.length === 0 ? '' : `Did you mean ${names.join(' or ')}? `;
