/**
 * The ways in which logs write a model's name, taken apart. Pure text: nothing here knows a price.
 *
 * Every step is anchored at a whole part of the name. None compares beginnings: `claude-opus-4` never stands for
 * `claude-opus-4-6`, nor `gpt-5` for `gpt-5.5` or `gpt-5-mini`.
 */

/** A way to write the name, and the sellers named by what was taken off, as the price list spells them. */
export interface NameForm {
  readonly name: string;
  readonly sellers: readonly string[];
}

/** What logs and routers call a seller, and the price list's prefix for it. Null: a wrapper that sells nothing itself. */
const SELLERS: Readonly<Record<string, string | null>> = {
  google: 'gemini',
  'google-vertex': 'vertex_ai',
  'google-vertex-anthropic': 'vertex_ai',
  vertex: 'vertex_ai',
  'vertex-ai': 'vertex_ai',
  'amazon-bedrock': 'bedrock',
  qwen: 'dashscope',
  'qwen-code': 'dashscope',
  alibaba: 'dashscope',
  kimi: 'moonshot',
  moonshotai: 'moonshot',
  'x-ai': 'xai',
  'z-ai': 'zai',
  'zai-org': 'zai',
  'zai-coding-plan': 'zai',
  zhipu: 'zai',
  zhipuai: 'zai',
  mistralai: 'mistral',
  'deepseek-ai': 'deepseek',
  minimaxai: 'minimax',
  bytedance: 'volcengine',
  fireworks: 'fireworks_ai',
  'fireworks-ai': 'fireworks_ai',
  together: 'together_ai',
  togetherai: 'together_ai',
  'together-ai': 'together_ai',
  vercel: 'vercel_ai_gateway',
  'azure-ai': 'azure_ai',
  'azure-openai': 'azure',
  'github-copilot': null,
  copilot: null,
  opencode: null,
  'opencode-go': null,
  models: null,
  litellm: null,
  'litellm-proxy': null,
  cursor: null,
};

/** Sellers whose spelling is the price list's own, apart from `-` for `_`. */
const PLAIN_SELLERS: ReadonlySet<string> = new Set(
  `anthropic openai gemini vertex-ai bedrock azure xai deepseek mistral codestral moonshot dashscope zai minimax meta
   meta-llama volcengine groq cerebras openrouter vercel-ai-gateway fireworks-ai together-ai deepinfra baseten novita
   nebius perplexity databricks snowflake sambanova hyperbolic chatgpt bedrock-mantle xiaomi`.split(/\s+/),
);

/** Programs that run a model on the user's own machine: nothing is billed, and no seller's price is theirs. */
const LOCAL_RUNTIMES: ReadonlySet<string> = new Set(
  'ollama lmstudio lm-studio llamacpp llama.cpp llama-cpp llama-server mlx jan gpt4all local localai vllm docker-model-runner'.split(
    ' ',
  ),
);

const BEDROCK =
  /^(?:(us-gov|us|eu|apac|jp|au|ca|sa|global)\.)?(anthropic|openai|qwen|deepseek|moonshotai|moonshot|minimax|zai|amazon|mistral|meta)\.(?=[a-z])/;
const DATE = /-(?:20\d{6}|20\d{2}-\d{2}-\d{2})$/;

/** The price list's prefix for a seller as a log names it; null: none, or a wrapper that sells nothing. */
export function findSeller(raw: string | null | undefined): string | null {
  const name = (raw ?? '').trim().toLowerCase().replaceAll('_', '-');
  if (name === '') return null;
  const mapped = SELLERS[name];
  return mapped === undefined ? name.replaceAll('-', '_') : mapped;
}

/** Whether the seller is a program on the user's own machine. */
export function isLocalRuntime(raw: string | null | undefined): boolean {
  return LOCAL_RUNTIMES.has((raw ?? '').trim().toLowerCase());
}

/** The parts of a name in Bedrock's form, `us.anthropic.claude-…`; region `''` where the name shows none. */
export function readBedrockForm(name: string): { region: string; vendor: string; rest: string } | null {
  const match = BEDROCK.exec(name);
  if (match?.[2] === undefined) return null;
  return { region: match[1] ?? '', vendor: match[2], rest: name.slice(match[0].length) };
}

/**
 * The name as it stands, then with one wrapper less at a time: bracket and colon suffixes, router and seller prefixes,
 * Bedrock's region, vendor and version, Vertex's `@` date.
 */
export function listUnwrappedForms(name: string, sellers: readonly string[] = []): readonly NameForm[] {
  const forms: NameForm[] = [{ name, sellers }];
  let current: NameForm | null = { name, sellers };
  while (current !== null) {
    current = takeWrapperOff(current);
    if (current !== null) forms.push(current);
  }
  return forms;
}

function takeWrapperOff({ name, sellers }: NameForm): NameForm | null {
  const shorter = (rest: string): NameForm | null =>
    rest === '' || rest === name ? null : { name: rest, sellers };
  if (/.\[[^\]]*\]$/.test(name)) return shorter(name.replace(/\[[^\]]*\]$/, '').trim());
  if (name.startsWith('arn:')) return shorter(name.slice(name.lastIndexOf('/') + 1));
  const tag = /:(?:thinking|free|beta|extended|nitro|exacto|online|floor)$/i.exec(name);
  if (tag) return shorter(name.slice(0, tag.index));
  const fireworks = /^(?:fireworks_ai\/)?accounts\/fireworks\/(?:models|routers)\//.exec(name);
  if (fireworks)
    return { name: name.slice(fireworks[0].length), sellers: addSeller(sellers, 'fireworks_ai') };
  const slash = name.indexOf('/');
  if (slash > 0) {
    const prefix = name.slice(0, slash).toLowerCase().replaceAll('_', '-');
    if (SELLERS[prefix] === undefined && !PLAIN_SELLERS.has(prefix)) return null;
    const seller = findSeller(prefix);
    const rest = name.slice(slash + 1).replace(/^(?:converse|invoke)\//, '');
    return { name: rest, sellers: seller === null ? sellers : addSeller(sellers, seller) };
  }
  if (name.startsWith('anthropic--')) return shorter(name.slice('anthropic--'.length));
  if (/@(?:\d{8}|default|latest)$/.test(name))
    return shorter(name.replace(/@(?:default|latest)$/, '').replace('@', '-'));
  const bedrock = readBedrockForm(name);
  if (bedrock) return { name: bedrock.rest.replace(/-v\d+(?::\d+)?$/, ''), sellers };
  if (/-v\d+:\d+$/.test(name)) return shorter(name.replace(/-v\d+:\d+$/, ''));
  return null;
}

function addSeller(sellers: readonly string[], seller: string): readonly string[] {
  return sellers.includes(seller) ? sellers : [...sellers, seller];
}

/** The name without all of its wrappers. */
export function unwrapName(name: string): string {
  return listUnwrappedForms(name).at(-1)?.name ?? name;
}

/** Other spellings: Claude's word order, dots for dashes between the digits of a version, and dashes for dots. */
export function listSpellings(name: string): readonly string[] {
  const claude = spellClaude(name);
  const dashed = claude.replace(/(\d)\.(\d{1,2})(?![\d])/g, '$1-$2');
  const dotted = claude.replace(/(\d)-(\d{1,2})(?![\da-z])/, '$1.$2');
  return [...new Set([claude, dashed, dotted])].filter((spelling) => spelling !== name);
}

/** Claude's name in its maker's spelling: `claude-4.5-sonnet` is `claude-sonnet-4-5`, `claude-3.5-sonnet` is `claude-3-5-sonnet`. */
export function spellClaude(name: string): string {
  const lower = name.toLowerCase().replaceAll(' ', '-');
  const numberFirst = /^claude-(\d)(?:[.-](\d{1,2}))?-([a-z]+)(?=-|$)(.*)$/.exec(lower);
  if (numberFirst) return joinClaude(numberFirst[3], [numberFirst[1], numberFirst[2]], numberFirst[4]);
  const wordFirst = /^claude-([a-z]+)-(\d)(?:[.-](\d{1,2}))?(?=-|$)(.*)$/.exec(lower);
  if (wordFirst) return joinClaude(wordFirst[1], [wordFirst[2], wordFirst[3]], wordFirst[4]);
  return name;
}

function joinClaude(word = '', version: readonly (string | undefined)[] = [], rest = ''): string {
  const number = version.filter((part) => part !== undefined).join('-');
  const isOld = version[0] === '3' || version[0] === '2';
  return isOld ? `claude-${number}-${word}${rest}` : `claude-${word}-${number}${rest}`;
}

/** The name without a date at its end (`-20250929`, `-2025-08-07`); null where there is none. */
export function stripDate(name: string): string | null {
  return DATE.test(name) ? name.replace(DATE, '') : null;
}

/** The date at the end of a name as eight digits; null where there is none. */
export function readDate(name: string): string | null {
  return DATE.exec(name)?.[0].replaceAll('-', '') ?? null;
}

/** The name without `-thinking`, `-latest` or `-preview…` at its end, with what was taken off; null where there is none. */
export function stripStage(name: string): { readonly rest: string; readonly stage: string } | null {
  const match = /^(.+?)-(thinking|latest|preview(?:-\d{2}-(?:\d{2}|\d{4}))?)$/.exec(name);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { rest: match[1], stage: match[2] };
}

/** The name without one effort or speed suffix at its end; null where there is none. */
export function stripEffort(name: string): string | null {
  const match = /^(.+)-(?:minimal|none|low|medium|high|xhigh|max|fast|thinking)$/.exec(name);
  return match?.[1] ?? null;
}

/**
 * The name to show and to group by: without wrappers, region, vendor, brackets and date; Claude in its maker's spelling.
 * Effort suffixes stay, since some are names (`gpt-5.1-codex-max`). Null where the log names no model.
 */
export function canonicalModelName(raw: string | null | undefined): string | null {
  const name = (raw ?? '').trim();
  if (name === '' || /^<.*>$/.test(name)) return null;
  const bare = unwrapName(name);
  return spellClaude(stripDate(bare) ?? bare);
}
