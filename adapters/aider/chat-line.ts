/** What one line of a chat history says by itself. */
export type ChatLine =
  | { readonly kind: 'start'; readonly text: string }
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'usage'; readonly usage: ChatUsage }
  | { readonly kind: 'cost'; readonly costUsd: string | undefined }
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'edit'; readonly path: string; readonly isDryRun: boolean }
  | { readonly kind: 'edit failed'; readonly isCount: boolean; readonly text: string }
  | { readonly kind: 'failed path'; readonly path: string }
  | { readonly kind: 'commit'; readonly message: string }
  | { readonly kind: 'shell'; readonly command: string }
  | { readonly kind: 'api error'; readonly code: string; readonly text: string }
  | { readonly kind: 'retry'; readonly waitMs: number }
  | { readonly kind: 'note' }
  | { readonly kind: 'blank' }
  | { readonly kind: 'answer' };

export interface ChatUsage {
  readonly sent: number;
  readonly cacheWrite: number | undefined;
  readonly cacheHit: number | undefined;
  readonly received: number;
  readonly costUsd: string | undefined;
  /** The most by which `sent` may differ from the sum of what it rounds. */
  readonly slack: number;
}

const START = /^# aider chat started at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*$/;
const USAGE =
  /^Tokens: ([\d.,]+k?) sent(?:, ([\d.,]+k?) cache write)?(?:, ([\d.,]+k?) (?:cache hit|cached))?, ([\d.,]*\dk?) received/;
const COST = /\bCost: \$([\d,.]*\d) (?:message|request)\b/;

export function readChatLine(line: string): ChatLine {
  if (line.startsWith('> ') || line === '>') return readNote(line.slice(2).trim());
  if (line.startsWith('#### ')) return { kind: 'prompt', text: line.slice(5).trim() };
  const start = START.exec(line)?.[1];
  if (start !== undefined) return { kind: 'start', text: start };
  if (line.startsWith('Cost: $') && COST.test(line)) return { kind: 'cost', costUsd: costOf(line) };
  return { kind: /\S/.test(line) ? 'answer' : 'blank' };
}

function readNote(text: string): ChatLine {
  const usage = readUsage(text);
  if (usage) return { kind: 'usage', usage };
  if (text.startsWith('Cost: $')) return { kind: 'cost', costUsd: costOf(text) };
  const version = /^Aider v(\S+)$/.exec(text)?.[1];
  if (version !== undefined) return { kind: 'version', version };
  const model = /^(?:Main model|Models?): (\S+?)(?:\u26A1\uFE0F?)? with /u.exec(text)?.[1];
  if (model !== undefined) return { kind: 'model', model };
  const applied = /^Applied edit to (.+)$/.exec(text)?.[1];
  if (applied !== undefined) return { kind: 'edit', path: applied, isDryRun: false };
  const dry = /^Did not apply edit to (.+?)(?: \(--dry-run\))?$/.exec(text)?.[1];
  if (dry !== undefined) return { kind: 'edit', path: dry, isDryRun: true };
  if (text.startsWith('The LLM did not conform to the edit format'))
    return { kind: 'edit failed', isCount: false, text };
  if (/^# \d+ SEARCH\/REPLACE blocks? failed to match/.test(text))
    return { kind: 'edit failed', isCount: true, text };
  const failed = /^## SearchReplace\w+: .* lines in (.+)$/.exec(text)?.[1];
  if (failed !== undefined) return { kind: 'failed path', path: failed };
  const message = /^Commit [0-9a-f]{7,40} (.*)$/.exec(text)?.[1];
  if (message !== undefined) return { kind: 'commit', message };
  const command = /^Running (.+)$/.exec(text)?.[1];
  if (command !== undefined) return { kind: 'shell', command };
  const code = /^(?:litellm|openai)\.(?:[\w.]*\.)?(\w*(?:Error|Exception|Timeout)\w*)\b/.exec(text)?.[1];
  if (code !== undefined) return { kind: 'api error', code, text };
  if (/^(?:Model \S+ has hit a token limit!|Token limit exceeded)/.test(text))
    return { kind: 'api error', code: 'ContextWindowExceeded', text };
  const wait = /^Retrying in ([\d.]+) seconds/.exec(text)?.[1];
  if (wait !== undefined) return { kind: 'retry', waitMs: Math.round(Number(wait) * 1000) };
  return { kind: 'note' };
}

function readUsage(text: string): ChatUsage | undefined {
  const match = USAGE.exec(text);
  if (!match) return undefined;
  const [sent = '', write, hit, received = ''] = match.slice(1) as (string | undefined)[];
  return {
    sent: countOf(sent),
    cacheWrite: write === undefined ? undefined : countOf(write),
    cacheHit: hit === undefined ? undefined : countOf(hit),
    received: countOf(received),
    costUsd: costOf(text),
    slack: [sent, write, hit].reduce((sum, word) => sum + stepOf(word) / 2, 0),
  };
}

/** `2.4k` is 2400, `4,123` is 4123. */
function countOf(word: string): number {
  const digits = Number(word.replace(/[,k]/g, ''));
  return Math.round(word.endsWith('k') ? digits * 1000 : digits);
}

/** Of the last digit told. */
function stepOf(word: string | undefined): number {
  if (word === undefined || !word.endsWith('k')) return 0;
  return word.includes('.') ? 100 : 1000;
}

const costOf = (text: string): string | undefined => COST.exec(text)?.[1]?.replaceAll(',', '');
