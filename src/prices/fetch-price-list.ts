/**
 * Fetches the public price list: the only use of the network in the program, and only when a command asks for it.
 * Nothing is sent but the request itself.
 */
import { AgenttraceError } from '../model/errors.ts';
import { type PriceList, parsePriceList } from './feed.ts';

/** LiteLLM's public list (MIT). */
export const PRICE_LIST_URL =
  'https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json';

export interface FetchRequest {
  readonly fetch: typeof globalThis.fetch;
  readonly url?: string;
  /** Gives up after this long, in milliseconds. */
  readonly timeoutMs?: number;
  /** Gives up on an answer longer than this. */
  readonly maxBytes?: number;
  /** Refuses a list with fewer models worth pricing: it is not the list. */
  readonly minModels?: number;
}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 32 * 1024 * 1024;
const MIN_MODELS = 100;

/** Fetches and reads the list. Throws an error that says what was wrong; nothing is changed then. */
export async function fetchPriceList(request: FetchRequest): Promise<PriceList> {
  const url = request.url ?? PRICE_LIST_URL;
  if (!isSafeUrl(url)) throw fail(url, 'the address is not https');
  const timeoutMs = request.timeoutMs ?? TIMEOUT_MS;
  let text: string;
  try {
    const response = await request.fetch(url, {
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: 'application/json, text/plain' },
    });
    if (response.url !== '' && !isSafeUrl(response.url))
      throw fail(url, 'it redirects to an address that is not https');
    if (!response.ok) throw fail(url, `the answer is HTTP ${response.status}`);
    text = await readBody(response, { url, maxBytes: request.maxBytes ?? MAX_BYTES });
  } catch (error) {
    if (error instanceof AgenttraceError) throw error;
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    throw fail(url, isTimeout ? `no complete answer within ${timeoutMs} ms` : describe(error));
  }
  const list = parsePriceList(text);
  const models = new Set(list.rows.map((row) => row.model)).size;
  const minModels = request.minModels ?? MIN_MODELS;
  if (models < minModels) throw fail(url, `it prices ${models} models, at least ${minModels} were expected`);
  return list;
}

/** HTTPS, or a server on this machine. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === '127.0.0.1');
}

async function readBody(response: Response, limit: { url: string; maxBytes: number }): Promise<string> {
  const tooLong = () => fail(limit.url, `the answer is longer than ${limit.maxBytes} bytes`);
  if (Number(response.headers.get('content-length') ?? 0) > limit.maxBytes) {
    await response.body?.cancel();
    throw tooLong();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > limit.maxBytes) {
      await reader.cancel();
      throw tooLong();
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function fail(url: string, reason: string): AgenttraceError {
  return new AgenttraceError({
    code: 'failed',
    message: `The price list was not loaded: ${reason}. The prices in force stay.`,
    source: url,
    hint: 'Try again with `agenttrace prices --update-pricing`, or set prices of your own: see docs/prices.md.',
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
