import type { AgenttraceError } from '../model/errors.ts';
import type { Cell, ResultSet } from '../model/result.ts';
import type { GateRequest } from './gate-request.ts';

/** What came of a gate. */
export interface GateVerdict {
  readonly gate: GateRequest;
  /** `unknown`: there was nothing to judge. */
  readonly verdict: 'held' | 'failed' | 'unknown';
  /** The figure that was held against the threshold; of SQL, the rows that came back. */
  readonly figure: Cell;
  /** What the figure is made of: sessions scored, tool calls that ended, calls with a price. */
  readonly judgedCount: Cell;
  /** The finding as a part of a sentence, with the figure. */
  readonly message: string;
  /** What the figure leaves out; null: nothing. */
  readonly note: string | null;
  /** Sessions at fault: session_id, agent, project, figure, why. */
  readonly sessions: readonly { readonly [key: string]: Cell }[];
  /** Violations that the SQL of a gate found. */
  readonly rows?: ResultSet;
  /** Why the SQL of a gate could not be run. */
  readonly error?: AgenttraceError;
}
