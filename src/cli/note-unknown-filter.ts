import type { Connection } from '../warehouse/connection.ts';
import { nearest } from './nearest.ts';
import { note } from './note.ts';
import type { Invocation } from './spec.ts';

/** Where the values of a filter are found. */
const KNOWN = {
  agent: 'select distinct agent from v1.sessions where agent is not null',
  project: 'select distinct project from v1.sessions where project is not null',
  model: 'select distinct unnest([model, model_raw]) from v1.llm_calls where model_raw is not null',
} as const;

/** Says that a filter leaves nothing since no log knows its value, which is most often mistyped; whether there was one. */
export async function noteUnknownFilter(invocation: Invocation, connection: Connection): Promise<boolean> {
  let isUnknown = false;
  for (const [name, sql] of Object.entries(KNOWN)) {
    const wanted = invocation.options[name as keyof typeof KNOWN];
    if (wanted === undefined) continue;
    const known = (await connection.query(sql)).rows.map(([value]) => String(value));
    if (known.includes(wanted)) continue;
    isUnknown = true;
    const meant = nearest(wanted, known);
    const hint = meant.length > 0 ? ` Did you mean ${meant.join(' or ')}?` : '';
    await note(invocation, `no log has the ${name} “${wanted}”.${hint}`);
  }
  return isUnknown;
}
