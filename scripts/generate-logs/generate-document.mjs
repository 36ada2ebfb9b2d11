import { closeSync, openSync, writeSync } from 'node:fs';
import { genericArray } from './generic.mjs';
import { opencodeExport } from './opencode.mjs';
import { inventSessions } from './sessions.mjs';
import { added, NO_TOTALS } from './totals.mjs';

const documents = [opencodeExport, genericArray];

/** Puts one JSON document into a file, in one line, as large as asked for and what the last session has more; what a reader must find. */
export function generateDocument({ kind, path, megabytes, seed = 1 }) {
  const document = documents.find((one) => one.kind === kind);
  if (document === undefined) throw new Error(`no generator for ${kind}`);
  const file = openSync(path, 'w');
  let bytes = 0;
  let first;
  let totals = NO_TOTALS;
  for (const session of inventSessions({ seed })) {
    bytes += writeSync(file, first === undefined ? document.begin(session) : ',');
    first ??= session;
    bytes += writeSync(file, document.next(session, first));
    totals = added(totals, document.totals(session, first));
    if (bytes >= megabytes * 1e6) break;
  }
  writeSync(file, document.end);
  closeSync(file);
  return totals;
}
