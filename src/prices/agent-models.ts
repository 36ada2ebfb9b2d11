/**
 * Which entries of the price list a log of a coding agent can name.
 *
 * The list holds thousands of entries, most of them for embeddings, images, speech, retired open models and resellers
 * that no coding agent talks to. A short list can be read in a diff; docs/prices.md says why the rest is left out.
 */

/** Models that make or hear something other than text, or that only judge text. */
const NOT_FOR_TEXT =
  /audio|realtime|native|-tts|-live-|image|video|vision|embed|moderation|guard|ocr|search-preview|search-api|lyria|robotics|learnlm|medlm|computer-use|transcribe|container|omni|diffusion|flux|model_router|deep-research|switchpoint|bodybuilder|weaver|mythomax|remm-slerp|ui-tars/i;

/** Families of open models that coding agents are pointed at, for sellers that host everything. */
const CODING_FAMILIES =
  /deepseek-(?:v3|v4|r1|chat|reasoner)|glm-|gpt-oss|kimi|minimax|qwen3|qwen-3|qwen3p|devstral|codestral|mimo|grok|claude|gemini|gpt-|\/o[134]\b|mistral-large|llama-?4/i;

/** Small, old or special builds of those families. */
const NOT_FOR_CODING =
  /distill|-base$|-draft|fp8-draft|0p6b|1p7b|-4b|-8b|-2b|gpt-3\.5|gpt-35|-32k|-16k|prover|math|gemma/i;

const EVERYTHING = /^/;

/** By the list's name of the seller: which of its keys to keep. A seller not named here is left out. */
const KEPT_KEYS: Readonly<Record<string, RegExp>> = {
  anthropic: EVERYTHING,
  openai: /^(?!ft:)/,
  gemini: EVERYTHING,
  'vertex_ai-language-models': EVERYTHING,
  'vertex_ai-anthropic_models': EVERYTHING,
  vertex_ai: /gemini|grok/,
  'vertex_ai-openai_models': /gpt-oss/,
  'vertex_ai-qwen_models': EVERYTHING,
  'vertex_ai-deepseek_models': EVERYTHING,
  'vertex_ai-zai_models': EVERYTHING,
  'vertex_ai-minimax_models': EVERYTHING,
  'vertex_ai-moonshot_models': EVERYTHING,
  bedrock: /^(?:[a-z-]+\.)?anthropic\.claude-(?:\d|opus|sonnet|haiku|fable|mythos)/,
  bedrock_converse:
    /^(?:[a-z-]+\.)?(?:anthropic|openai|qwen|deepseek|moonshot|moonshotai|minimax|zai)\.|^amazon\.nova|^mistral\.devstral/,
  bedrock_mantle: /openai\.gpt-\d|grok/,
  azure: /\/(?:gpt-[45]|o[134]|codex)/,
  azure_ai: /\/(?:claude|gpt-|grok|deepseek|kimi)/,
  xai: EVERYTHING,
  deepseek: EVERYTHING,
  mistral: EVERYTHING,
  codestral: EVERYTHING,
  moonshot: /kimi/,
  dashscope: EVERYTHING,
  zai: EVERYTHING,
  minimax: EVERYTHING,
  meta: EVERYTHING,
  volcengine: EVERYTHING,
  github_copilot: /mai-/,
  groq: EVERYTHING,
  cerebras: EVERYTHING,
  openrouter: CODING_FAMILIES,
  vercel_ai_gateway: CODING_FAMILIES,
  fireworks_ai: CODING_FAMILIES,
  together_ai: CODING_FAMILIES,
  deepinfra: CODING_FAMILIES,
  baseten: CODING_FAMILIES,
};

/** Sellers of everything, from whom only the current coding models are kept. */
const HOSTS_OF_EVERYTHING: ReadonlySet<string> = new Set([
  'openrouter',
  'vercel_ai_gateway',
  'fireworks_ai',
  'together_ai',
  'deepinfra',
  'baseten',
  'groq',
  'azure_ai',
]);

/** Whether a price is kept, by the list's key and its name of the seller. */
export function isAgentModel(model: string, provider: string): boolean {
  const kept = KEPT_KEYS[provider];
  if (kept === undefined || !kept.test(model) || NOT_FOR_TEXT.test(model)) return false;
  return !(HOSTS_OF_EVERYTHING.has(provider) && NOT_FOR_CODING.test(model));
}
