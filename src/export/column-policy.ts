/** What a pseudonym stands for. Equal values of one kind have equal pseudonyms, of two kinds never. */
export type PseudonymKind = 'user' | 'host' | 'project' | 'path' | 'branch' | 'remote' | 'source' | 'record';

/**
 * What becomes of a text column when it leaves the warehouse.
 *
 * - `open`: a word of ours, an agent's own id, or the name of an agent, model, tool or version. It leaves as it is.
 * - `content`: it holds what was typed, run or answered, or names a file. It leaves with `--content` alone.
 * - `quoting`: a sentence of ours that quotes from the log between back-ticks. Without `--content` the quotation is cut out.
 * - `pseudonym`: with a key, a pseudonym leaves in its place.
 */
export interface ColumnPolicy {
  readonly treatment: 'open' | 'content' | 'quoting';
  readonly pseudonym?: PseudonymKind;
}

const OPEN: ColumnPolicy = { treatment: 'open' };
const CONTENT: ColumnPolicy = { treatment: 'content' };
const QUOTING: ColumnPolicy = { treatment: 'quoting' };
const named = (pseudonym: PseudonymKind): ColumnPolicy => ({ treatment: 'open', pseudonym });

/**
 * Every column of the public views, and of what exports add to them, that holds text, by its name or, where one name means two things, by `view.column`.
 *
 * Ids of sessions, calls and turns are the agents' own and stay: by them the owner finds a session again, and copies of
 * one session on two machines are known to be one. A source's id is a hash of host and path without a key, which could be
 * guessed: it, and ids that begin with it, get a pseudonym.
 */
export const COLUMN_POLICIES: Readonly<Record<string, ColumnPolicy>> = {
  // What people, agents and tools said.
  command: CONTENT,
  error_text: CONTENT,
  program: CONTENT,
  code: CONTENT,
  last_error: CONTENT,
  file_path: { treatment: 'content', pseudonym: 'path' },
  target: { treatment: 'content', pseudonym: 'path' },
  'anomalies.evidence': QUOTING,
  deductions: QUOTING,

  // Who, where and on what.
  host: named('host'),
  user_name: named('user'),
  project: named('project'),
  cwd: named('path'),
  path: named('path'),
  git_branch: named('branch'),
  git_remote: named('remote'),
  source_id: named('source'),
  api_error_id: named('record'),
  compaction_id: named('record'),
  event_id: named('record'),
  rate_limit_id: named('record'),
  file_change_id: { treatment: 'content', pseudonym: 'record' },

  // Ids that agents give.
  session_id: OPEN,
  root_session_id: OPEN,
  parent_session_id: OPEN,
  forked_from_session_id: OPEN,
  native_session_id: OPEN,
  native_agent_id: OPEN,
  turn_id: OPEN,
  llm_call_id: OPEN,
  before_llm_call_id: OPEN,
  tool_call_id: OPEN,
  first_tool_call_id: OPEN,
  last_tool_call_id: OPEN,
  repeat_tool_call_id: OPEN,
  biggest_tool_call_id: OPEN,
  price_id: OPEN,

  // Names of products, models, tools and plans.
  agent: OPEN,
  agent_version: OPEN,
  biggest_tool_name: OPEN,
  display_name: OPEN,
  entrypoint: OPEN,
  mcp_server: OPEN,
  model: OPEN,
  model_raw: OPEN,
  plan: OPEN,
  price_model: OPEN,
  provider: OPEN,
  service_tier: OPEN,
  price_service_tier: OPEN,
  speed: OPEN,
  stop_reason: OPEN,
  tool_name: OPEN,

  // Words of ours, and sentences of ours without a quotation.
  after: OPEN,
  alert_kind: OPEN,
  before: OPEN,
  cost_source: OPEN,
  derived: OPEN,
  duration_source: OPEN,
  error_kind: OPEN,
  event_type: OPEN,
  'cost_alerts.evidence': OPEN,
  'file_changes.evidence': OPEN,
  'waste.evidence': OPEN,
  format: OPEN,
  gap_kind: OPEN,
  geo_multipliers: OPEN,
  inference_geo: OPEN,
  grain: OPEN,
  granularity: OPEN,
  health_status: OPEN,
  kind: OPEN,
  loop_kind: OPEN,
  name: OPEN,
  operation: OPEN,
  price_source: OPEN,
  reached_kind: OPEN,
  reason: OPEN,
  remedy: OPEN,
  repeat_status: OPEN,
  retry_kind: OPEN,
  rule: OPEN,
  severity: OPEN,
  sha256: OPEN,
  since: OPEN,
  source: OPEN,
  status: OPEN,
  status_source: OPEN,
  token_class: OPEN,
  tool_category: OPEN,
  trigger: OPEN,
  type: OPEN,
  verification_kind: OPEN,
  waste_kind: OPEN,
  window_name: OPEN,
};

/** What was decided for a text column; undefined: nothing was, and it must not leave. */
export function columnPolicy(view: string, column: string): ColumnPolicy | undefined {
  return COLUMN_POLICIES[`${view}.${column}`] ?? COLUMN_POLICIES[column];
}
