/** Transcripts told in a few lines, put into the raw tables as an adapter would, and what the rules make of them. */
import { startChanges } from '../../src/ingest/forget-rows.ts';
import { updateMarts } from '../../src/ingest/marts.ts';
import { defineMacros, defineStoredViews } from '../../src/ingest/schema.ts';
import type { Connection } from '../../src/warehouse/connection.ts';
import { addRow, openEmpty, type Row } from '../views/warehouse.ts';

/** A tool that a line asks for. */
export interface ToolOfStory {
  readonly id: string;
  /** `Bash` unless named. */
  readonly name?: string;
  readonly category?: string;
  /** Calls with equal inputs are the same. The id unless given. */
  readonly input?: string;
  readonly command?: string;
  readonly file?: string;
  readonly isBackground?: boolean;
  readonly isQuestion?: boolean;
}

/**
 * One line of a transcript, at a time of 1 May 2026 (`10:00:05`, or a whole ISO time).
 *
 * What it is follows from its keys: `prompt`, `says`/`thinks`/`tools` (the model), `result`, `error`, `event`.
 */
export interface LineOfStory {
  readonly at: string | null;
  /** A prompt of so many bytes. */
  readonly prompt?: number;
  /** The model's words, in bytes. */
  readonly says?: number;
  /** The model's reasoning, in bytes; 0: there, and withheld. */
  readonly thinks?: number;
  readonly tools?: readonly ToolOfStory[];
  /** Usage of the call that this line belongs to: the five classes. */
  readonly usage?: readonly [input: number, read: number, write5m: number, write1h: number, output: number];
  /** Lines of one API call share it; the line's own number unless given. */
  readonly response?: string;
  readonly model?: string;
  /** The end of a tool call. */
  readonly result?: string;
  readonly status?: 'ok' | 'failed' | 'rejected' | 'interrupted';
  readonly exitCode?: number;
  readonly durationMs?: number;
  readonly bytes?: number;
  /** Results with equal outputs have the same hash. */
  readonly output?: string;
  readonly failure?: string;
  /** Files that the call of this result changed. */
  readonly changes?: readonly string[];
  /** An API error of this kind, tried again after so long; or the final one. */
  readonly error?: string;
  readonly retryMs?: number;
  readonly isFinal?: boolean;
  /** Any other record, by its type. */
  readonly event?: string;
  readonly isInterruption?: boolean;
  readonly compactedFrom?: number;
}

export interface Story {
  readonly session: string;
  readonly agent?: string;
  readonly lines: readonly LineOfStory[];
  readonly kind?: string;
  /** The session that started it. */
  readonly parent?: string;
  readonly cwd?: string;
  readonly branch?: string;
}

/** A warehouse with these transcripts, the rules applied. Prices: `large` 3 / 0.3 / 3.75 / 6 / 15 USD per million. */
export async function tell(stories: readonly Story[]): Promise<Connection> {
  const connection = await openEmpty();
  await defineMacros(connection);
  await defineStoredViews(connection);
  await startChanges(connection);
  await addRow(connection, 'raw.model_prices', {
    price_no: 0,
    model: 'large',
    uncached_input_usd: 3,
    cache_read_usd: 0.3,
    cache_write_5m_usd: 3.75,
    cache_write_1h_usd: 6,
    output_usd: 15,
    max_input_tokens: 200_000,
  });
  for (const model of ['large', 'unpriced'])
    await addRow(connection, 'raw.model_names', {
      model_raw: model,
      model,
      price_model: model === 'large' ? model : null,
      rule: 'exact',
    });
  const numbers = new Map(stories.map(({ session }, index) => [session, index]));
  for (const [index, story] of stories.entries())
    await tellOne(connection, story, { number: index, parent: numbers.get(story.parent ?? '') ?? null });
  await updateMarts(connection);
  return connection;
}

async function tellOne(
  connection: Connection,
  story: Story,
  { number, parent }: { readonly number: number; readonly parent: number | null },
): Promise<void> {
  const { session, agent = 'agent-a', lines } = story;
  const add = (table: string, row: Row): Promise<void> =>
    addRow(connection, table, { source_no: number, ...row });
  await addRow(connection, 'changed_sources', { source_no: number, is_whole: true });
  await add('raw.sources', { agent, path: `/logs/${session}.jsonl` });
  await addRow(connection, 'raw.sessions', { session_no: number, agent, native_session_id: session });
  await add('raw.session_headers', {
    line_no: 1,
    session_no: number,
    kind: story.kind ?? 'main',
    parent_session_no: parent,
    cwd: story.cwd ?? '/home/dev/shop',
    git_branch: story.branch ?? 'main',
  });
  for (const [index, line] of lines.entries()) {
    const at = line.at === null ? null : line.at.includes('T') ? line.at : `2026-05-01T${line.at}Z`;
    const place: Row = { line_no: index + 1, item_no: 0, session_no: number, occurred_at: at };
    const response = `${agent}:${session}:${line.response ?? index + 1}`;
    await add('raw.events', {
      ...place,
      event_type: typeOf(line),
      is_fork: false,
      text_bytes: line.prompt ?? line.says ?? line.bytes ?? null,
      reasoning_bytes: line.thinks ?? null,
      is_interruption: line.isInterruption ?? false,
      has_withheld_reasoning: line.thinks === 0,
    });
    if (line.usage !== undefined) {
      const [input, read, write5m, write1h, output] = line.usage;
      await add('raw.usage', {
        ...place,
        form: 'response',
        response_id: response,
        is_fork: false,
        is_sidechain: false,
        model_raw: line.model ?? 'large',
        uncached_input_tokens: input,
        cache_read_tokens: read,
        cache_write_5m_tokens: write5m,
        cache_write_1h_tokens: write1h,
        output_tokens: output,
        stop_reason: 'end_turn',
      });
    }
    for (const [item, tool] of (line.tools ?? []).entries()) {
      await add('raw.tool_uses', {
        ...place,
        item_no: item,
        tool_call_id: `${agent}:${tool.id}`,
        response_id: response,
        is_fork: false,
        is_sidechain: false,
        tool_name: tool.name ?? 'Bash',
        tool_category: tool.category ?? 'shell',
        input_bytes: 10,
        input_hash: hashOf(tool.input ?? tool.id),
        file_path: tool.file ?? null,
        is_background: tool.isBackground ?? false,
        is_question: tool.isQuestion ?? false,
      });
      if (tool.command !== undefined)
        await add('raw.tool_commands', { line_no: index + 1, item_no: item, command: tool.command });
    }
    if (line.result !== undefined) {
      const callId = `${agent}:${line.result}`;
      await add('raw.tool_results', {
        ...place,
        tool_call_id: callId,
        evidence: 1,
        status: line.status ?? 'ok',
        status_source: 'flag',
        exit_code: line.exitCode ?? null,
        duration_ms: line.durationMs ?? null,
        result_bytes: line.bytes ?? 100,
        result_hash: hashOf(line.output ?? `${line.result} ${index}`),
      });
      if (line.failure !== undefined)
        await add('raw.tool_errors', { line_no: index + 1, item_no: 0, error_text: line.failure });
      for (const path of line.changes ?? [])
        await add('raw.file_changes', { ...place, tool_call_id: callId, file_path: path });
    }
    if (line.error !== undefined)
      await add('raw.api_errors', {
        ...place,
        error_kind: line.error,
        retry_wait_ms: line.retryMs ?? null,
        is_final: line.isFinal ?? false,
      });
    if (line.compactedFrom !== undefined)
      await add('raw.compactions', { ...place, before_tokens: line.compactedFrom });
  }
}

function typeOf(line: LineOfStory): string {
  if (line.event !== undefined) return line.event;
  if (line.compactedFrom !== undefined) return 'compaction';
  if (line.error !== undefined) return 'api_error';
  if (line.prompt !== undefined) return 'user_prompt';
  if (line.result !== undefined) return 'tool_result';
  if (line.tools !== undefined) return 'tool_call';
  return line.says === undefined && line.thinks !== undefined ? 'reasoning' : 'assistant';
}

/** A small stable number for a text. */
function hashOf(text: string): number {
  return [...text].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 1_000_000_007, 7);
}
