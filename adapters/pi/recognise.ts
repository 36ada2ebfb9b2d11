import type { FileHead } from '../../src/model/adapter.ts';
import { firstRecords, isRecord } from '../../src/model/first-records.ts';

/** The agents that write pi's format of sessions. */
export type FamilyMember = 'pi' | 'omp' | 'openclaw';

type Entry = Readonly<Record<string, unknown>>;

/** Entries that Oh My Pi alone writes. */
const OMP_TYPES = new Set([
  'model_usage',
  'session_init',
  'service_tier_change',
  'mode_change',
  'reset_boundary',
  'title_change',
  'credential_pin',
  'ttsr_injection',
]);
const OMP_HEADER_KEYS = [
  'title',
  'titleSource',
  'previousSessionFiles',
  'additionalDirectories',
  'providerPromptCacheKey',
];
const OMP_MESSAGE_KEYS = ['ttft', 'completedAt', 'upstreamProvider', 'upstreamModel', 'retryRecovery'];
const OMP_USAGE_KEYS = ['cttl', 'orchestration', 'reasoningTokens', 'server', 'premiumRequests', 'credits'];

/** Tools that OpenClaw has and the others have not. */
const OPENCLAW_TOOLS =
  /^(?:exec|process|sessions_(?:list|history|send|spawn)|session_status|memory_(?:get|search)|agents_list)$/;
const OPENCLAW_FOLDER = /[\\/]\.(?:openclaw(?:-[\w.-]+)?|clawdbot|moltbot|moldbot)(?:[\\/]|$)/;

const hasAny = (record: Entry, keys: readonly string[]): boolean => keys.some((key) => key in record);

/** The first line of a session. */
function isHeader({ type, id, timestamp, cwd, version }: Entry): boolean {
  return (
    type === 'session' &&
    typeof id === 'string' &&
    typeof timestamp === 'string' &&
    (typeof cwd === 'string' || typeof version === 'number')
  );
}

/** A message as pi writes it: where the header is missing, this tells a session by. */
function isFamilyMessage({ type, message }: Entry): boolean {
  if (type !== 'message' || !isRecord(message)) return false;
  const { role, usage, toolCallId, isError, api, provider } = message;
  if (role === 'toolResult') return typeof toolCallId === 'string' && typeof isError === 'boolean';
  return (
    role === 'assistant' &&
    typeof provider === 'string' &&
    (typeof api === 'string' || (isRecord(usage) && typeof usage.input === 'number'))
  );
}

function isOmp(entry: Entry): boolean {
  const { type, message, usage, model, modelId, v, pad } = entry;
  if (type === 'title') return v === 1 && typeof pad === 'string';
  if (type === 'session') return hasAny(entry, OMP_HEADER_KEYS);
  if (type === 'model_change') return typeof model === 'string' && modelId === undefined;
  if (type === 'thinking_level_change') return 'configured' in entry;
  if (typeof type === 'string' && OMP_TYPES.has(type)) return true;
  if (isRecord(usage) && hasAny(usage, OMP_USAGE_KEYS)) return true;
  if (!isRecord(message)) return false;
  return (
    hasAny(message, OMP_MESSAGE_KEYS) || (isRecord(message.usage) && hasAny(message.usage, OMP_USAGE_KEYS))
  );
}

function isOpenClaw({ type, cwd, customType, message }: Entry): boolean {
  if (type === 'session') return typeof cwd === 'string' && OPENCLAW_FOLDER.test(cwd);
  if (type === 'reset') return true;
  if (typeof customType === 'string') return /^(?:model-snapshot$|openclaw[.:])/.test(customType);
  if (!isRecord(message)) return false;
  const { provider, toolName, content } = message;
  if (provider === 'openclaw') return true;
  if (typeof toolName === 'string') return OPENCLAW_TOOLS.test(toolName);
  return (
    Array.isArray(content) &&
    content.some(
      (block) =>
        isRecord(block) &&
        block.type === 'toolCall' &&
        typeof block.name === 'string' &&
        OPENCLAW_TOOLS.test(block.name),
    )
  );
}

/**
 * Whose session a file is: by what its first lines hold; where that is common to all, by the place where it lies; else pi's, whose
 * format it is. Undefined: nobody's of the family.
 */
export function familyMember({ text, path }: FileHead): FamilyMember | undefined {
  const entries = firstRecords(text);
  if (!entries.some((entry) => isHeader(entry) || isFamilyMessage(entry))) return undefined;
  if (entries.some(isOmp)) return 'omp';
  if (entries.some(isOpenClaw)) return 'openclaw';
  if (/[\\/](?:\.omp|omp)[\\/]/.test(path)) return 'omp';
  if (
    OPENCLAW_FOLDER.test(path) ||
    /[\\/]agents[\\/][^\\/]+[\\/]sessions[\\/]/.test(path) ||
    /\.jsonl\.(?:reset|deleted)\.[^\\/]*$/.test(path)
  ) {
    return 'openclaw';
  }
  return 'pi';
}
