import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { fetchPriceList, PRICE_LIST_URL } from '../../src/prices/fetch-price-list.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/list.json`;
}

const body = JSON.stringify({
  'claude-x': {
    mode: 'chat',
    litellm_provider: 'anthropic',
    input_cost_per_token: 3e-6,
    output_cost_per_token: 1.5e-5,
  },
  'claude-y': {
    mode: 'chat',
    litellm_provider: 'anthropic',
    input_cost_per_token: -1,
    output_cost_per_token: 1.5e-5,
  },
});

test('the list is fetched and read', async () => {
  const seen: string[] = [];
  const url = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end(body);
  });
  const list = await fetchPriceList({ fetch, url, minModels: 1 });
  expect(list.rows[0]).toMatchObject({ model: 'claude-x', uncached_input_usd: '3', source: 'list' });
  expect(list.warnings).toEqual([{ model: 'claude-y', reason: 'input_cost_per_token is negative: -1' }]);
  expect(seen).toEqual(['GET /list.json']);
});

test('the public address is https, and no other scheme is asked', async () => {
  expect(PRICE_LIST_URL).toMatch(/^https:/);
  const never: typeof fetch = () => Promise.reject(new Error('asked'));
  for (const url of ['http://example.com/list.json', 'file:///etc/passwd', 'nonsense']) {
    await expect(fetchPriceList({ fetch: never, url })).rejects.toThrow(/address is not https/);
  }
});

test.each<[string, RequestListener, RegExp]>([
  ['an error page', (_, response) => void response.writeHead(503).end('busy'), /HTTP 503/],
  ['no JSON', (_, response) => void response.end('<html>'), /not JSON/],
  ['too few models', (_, response) => void response.end(body), /prices 1 models, at least 100/],
  [
    'a long answer, announced',
    (_, response) => void response.end('x'.repeat(5000)),
    /longer than 2000 bytes/,
  ],
  [
    'a long answer, in pieces',
    (_, response) => {
      for (let piece = 0; piece < 50; piece += 1) response.write('x'.repeat(100));
      response.end();
    },
    /longer than 2000 bytes/,
  ],
  ['silence', () => undefined, /no complete answer within 200 ms/],
  ['half an answer', (_, response) => void response.write('{'), /no complete answer within 200 ms/],
  ['a broken connection', (request) => void request.socket.destroy(), /not loaded: /],
])('%s is refused, and the prices in force stay', async (_, listener, reason) => {
  const url = await serve(listener);
  await expect(fetchPriceList({ fetch, url, timeoutMs: 200, maxBytes: 2000 })).rejects.toThrow(reason);
});
