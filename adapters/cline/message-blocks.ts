import { isRecord } from '../../src/model/first-records.ts';
import { commandOf, type FileChange, fileChanges, pathOf } from './tool-input.ts';

type Value = Readonly<Record<string, unknown>>;

/** A part of a message, in the shape of the plan. */
export interface Block {
  readonly type: 'text' | 'prompt' | 'reasoning' | 'withheld' | 'tool_use' | 'tool_result' | 'other';
  readonly text?: string | undefined;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly command?: string | undefined;
  readonly path?: string | undefined;
  readonly output?: string;
  readonly isError?: unknown;
}

export interface Message {
  readonly role: string | undefined;
  readonly content: unknown;
  readonly lineNo: number;
}

/** Tools as a model calls them in tags. */
const TAGGED =
  /<(execute_command|read_file|write_to_file|replace_in_file|apply_diff|insert_content|search_and_replace|edit_file|search_files|list_files|list_code_definition_names|codebase_search|browser_action|use_mcp_tool|access_mcp_resource|ask_followup_question|attempt_completion|plan_mode_respond|new_task|switch_mode|fetch_instructions|update_todo_list|web_fetch|web_search|load_mcp_documentation|condense|new_rule|use_skill|use_subagents|run_slash_command|generate_image)>([\s\S]*?)<\/\1>/g;
const ARGUMENT = /<([a-z_0-9]+)>\n?([\s\S]*?)\n?<\/\1>/g;
const RESULT = /^\[([a-z_0-9]+)(?: [\s\S]*?)?\] Result:\s*/;

/** What a person typed, among the words that the agent puts around it. */
const TYPED =
  /^[ \t]*<(task|feedback|user_message|answer|user_input)(?:\s[^>]*)?>([\s\S]*?)(?:<\/\1>|$(?![\s\S]))/m;
const WRAPPED = /^\s*(?:<environment_details>|\[[A-Z]{3,}|# task_progress|<file_content)/;
/** Tools whose result is what a person answered. */
const ASKING = new Set([
  'attempt_completion',
  'ask_followup_question',
  'plan_mode_respond',
  'act_mode_respond',
]);
const REFUSED = /^The user (?:denied|has provided|provided)/m;

/** Which calls are open: results in words name only the tool. */
export interface ToolLedger {
  readonly open: { id: string; name: string }[];
}

export const createToolLedger = (): ToolLedger => ({ open: [] });

/** The parts of a message. Those of an array, or a text alone; calls in tags become calls as native ones are. */
export function blocksOf({ role, content, lineNo }: Message, ledger: ToolLedger): readonly Block[] {
  const parts: readonly unknown[] = Array.isArray(content)
    ? content
    : typeof content === 'string'
      ? [{ type: 'text', text: content }]
      : [];
  const blocks = parts.flatMap((part) => (isRecord(part) ? [blockOf(part)] : []));
  return role === 'assistant' ? answerBlocks(blocks, { lineNo, ledger }) : userBlocks(blocks, ledger);
}

function answerBlocks(
  blocks: readonly Block[],
  { lineNo, ledger }: { readonly lineNo: number; readonly ledger: ToolLedger },
): readonly Block[] {
  const native = blocks.filter(({ type }) => type === 'tool_use');
  for (const { id = '', name = '' } of native) ledger.open.push({ id, name });
  if (native.length > 0) return blocks;
  let count = 0;
  const nextId = (): string => `tag:${lineNo}:${count++}`;
  return blocks.flatMap((block) =>
    block.type === 'text' ? [block, ...taggedCalls(block.text ?? '', nextId, ledger)] : [block],
  );
}

function userBlocks(blocks: readonly Block[], ledger: ToolLedger): readonly Block[] {
  const hasResult = blocks.some(({ type }) => type === 'tool_result');
  let isOutput = false; // of the result that the block before names
  return blocks.flatMap((block, index) => {
    if (block.type === 'tool_result') closeCall(ledger, ({ id }) => id === block.id);
    if (block.type !== 'text') return [block];
    const text = block.text ?? '';
    const name = RESULT.exec(text)?.[1];
    const isRest = isOutput && name === undefined && !WRAPPED.test(text);
    isOutput = name !== undefined && text.replace(RESULT, '') === '';
    const typed = TYPED.exec(text)?.[2];
    const said = name !== undefined || isRest ? ASKING.has(name ?? '') || REFUSED.test(text) : true;
    const isBare = index === 0 && !hasResult && name === undefined && !WRAPPED.test(text);
    const words: Block =
      said && typed !== undefined
        ? { type: 'prompt', text: typed.trim() }
        : isBare
          ? { ...block, type: 'prompt' }
          : block;
    const call =
      name === undefined
        ? undefined
        : closeCall(ledger, (open) => open.name === name || open.name === `use_${name}`);
    return call === undefined
      ? [words]
      : [words, { type: 'tool_result', id: call.id, output: outputOf(blocks, index) }];
  });
}

function blockOf(part: Value): Block {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: stringOf(part.text) };
    case 'thinking':
      return { type: 'reasoning', text: stringOf(part.thinking) };
    case 'reasoning':
      return { type: 'reasoning', text: stringOf(part.text) };
    case 'redacted_thinking':
      return { type: 'withheld' };
    case 'tool_use':
      return callOf({ id: stringOf(part.id), name: stringOf(part.name), input: part.input });
    case 'tool_result':
      return {
        type: 'tool_result',
        id: stringOf(part.tool_use_id),
        output: wordsOf(part.content),
        isError: part.is_error,
      };
    default:
      return { type: 'other' };
  }
}

const callOf = (call: { readonly id: string; readonly name: string; readonly input: unknown }): Block => ({
  type: 'tool_use',
  ...call,
  command: commandOf(call.input),
  path: pathOf(call.input),
});

/** The files that the calls of a message change, each with the place of its call among the blocks. */
export const changesOf = (blocks: readonly Block[]): readonly (FileChange & { readonly block: number })[] =>
  blocks.flatMap(({ type, name, input }, block) =>
    type === 'tool_use' ? fileChanges(name ?? '', input).map((change) => ({ ...change, block })) : [],
  );

function taggedCalls(text: string, nextId: () => string, ledger: ToolLedger): readonly Block[] {
  return [...text.matchAll(TAGGED)].map(([, name = '', body = '']) => {
    const input = Object.fromEntries(
      [...body.matchAll(ARGUMENT)].map(([, key = '', value = '']) => [key, value]),
    );
    const id = nextId();
    ledger.open.push({ id, name });
    return callOf({ id, name, input });
  });
}

function closeCall(
  { open }: ToolLedger,
  isMeant: (call: { readonly id: string; readonly name: string }) => boolean,
): { readonly id: string } | undefined {
  const at = open.findIndex(isMeant);
  return at < 0 ? undefined : open.splice(at, 1)[0];
}

/** What follows the words `[tool] Result:`, in the same block or the next. */
function outputOf(blocks: readonly Block[], index: number): string {
  const rest = (blocks[index]?.text ?? '').replace(RESULT, '');
  if (rest !== '') return rest;
  const next = blocks[index + 1]?.text ?? '';
  return next.startsWith('<environment_details>') || RESULT.test(next) ? '' : next;
}

/** The words of a result, which is a text or an array of blocks. */
function wordsOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content))
    return content === undefined || content === null ? '' : JSON.stringify(content);
  return content
    .map((part: unknown) => (isRecord(part) && typeof part.text === 'string' ? part.text : ''))
    .join('\n');
}

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');
