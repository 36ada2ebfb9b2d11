import { inventSessions } from './sessions.mjs';
import { added, NO_TOTALS } from './totals.mjs';
import { writers } from './writers.mjs';

/** Puts logs of an agent below a home, as many megabytes as asked for and what the last session has more; what a reader must find. */
export function generateLogs({ agent, home, megabytes, seed = 1 }) {
  const writer = writers.find((one) => one.agent === agent);
  if (writer === undefined) throw new Error(`no generator for ${agent}`);
  const log = writer.open?.(home) ?? { add: (session) => writer.write(home, session), close: () => {} };
  let bytes = 0;
  let totals = NO_TOTALS;
  for (const session of inventSessions({ seed })) {
    bytes += log.add(session);
    totals = added(totals, writer.totals(session));
    if (bytes >= megabytes * 1e6) break;
  }
  log.close();
  return totals;
}
