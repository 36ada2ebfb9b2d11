import { publicViews } from '../catalog/contract.ts';
import { AgenttraceError } from '../model/errors.ts';
import { nearest } from './nearest.ts';

/** Adds to DuckDB's message the views or columns of the contract that were probably meant. */
export function explainSqlError(error: unknown): unknown {
  if (!(error instanceof AgenttraceError) || error.code !== 'bad_sql' || error.hint !== undefined)
    return error;
  const hint = hintFor(error.message);
  if (hint === undefined) return error;
  return new AgenttraceError({ code: error.code, message: error.message, hint, cause: error.cause });
}

function hintFor(message: string): string | undefined {
  const table = /Table with name "?([^"\s!]+)"? does not exist/i.exec(message)?.[1];
  if (table !== undefined) {
    const names = nearest(
      table,
      publicViews().map(({ name }) => name),
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
