/** What masking replaces, and what it leaves. */
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { defineMacros } from '../../src/ingest/schema.ts';
import { maskingPattern, readSecretRules, signsOfKeys } from '../../src/ingest/secret-rules.ts';
import { type Connection, connect } from '../../src/warehouse/connection.ts';
import { HARMLESS, PLANTED } from './planted.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await connect(':memory:');
  await defineMacros(connection);
});
afterAll(() => connection.close());

async function masked(words: string): Promise<string> {
  const { rows } = await connection.query('select without_secrets($words)', { words });
  return String(rows[0]?.[0]);
}

describe('a secret', () => {
  it.each(PLANTED.map((planted) => [planted.kind, planted] as const))(
    '%s: is replaced, what stands around it stays',
    async (_, { secret, text }) => {
      for (const around of [
        ['', ''],
        ['first ', ' && next'],
        ['say "', '", then'],
        ['{\n  x\n', '\n}'],
      ] as const) {
        const whole = around.join(text);
        const result = await masked(whole);
        expect(result).not.toContain(secret);
        expect(result).toContain('[masked]');
        expect(result.startsWith(around[0])).toBe(true);
        expect(result.endsWith(around[1])).toBe(true);
        expect(await masked(result)).toBe(result);
      }
    },
  );

  it.each(
    PLANTED.filter(({ text, secret }) => text === secret).map(({ kind, secret }) => [kind, secret] as const),
  )('%s: is replaced where the text is cut in it', async (_, secret) => {
    expect(await masked(`x ${secret.slice(0, Math.ceil(secret.length * 0.75))}`)).toBe('x [masked]');
  });

  it('is replaced each time it stands in a text', async () => {
    const whole = PLANTED.map(({ text }) => text).join(' ; ');
    const result = await masked(`${whole}\n${whole}`);
    for (const { secret } of PLANTED) expect(result).not.toContain(secret);
  });
});

test('a private key in one line is replaced as a whole, also where another follows', async () => {
  const key = PLANTED.find(({ kind }) => kind === 'private key')?.text ?? '';
  expect(await masked(`${key} and ${key} end`)).toBe('[masked] and [masked] end');
});

test('what is quoted is replaced up to the quote that ends it', async () => {
  expect(await masked(String.raw`DB_PASSWORD="Zq8\"Xw2Vb7N" next`)).toBe('DB_PASSWORD="[masked]" next');
  expect(await masked(String.raw`DB_PASSWORD="Zq8Xw2\\" next "x"`)).toBe('DB_PASSWORD="[masked]" next "x"');
  expect(await masked(String.raw`{\"password\":\"Zq8Xw2\",\"user\":\"bob\"}`)).toBe(
    String.raw`{\"password\":\"[masked]\",\"user\":\"bob\"}`,
  );
});

test.each(HARMLESS)('%s is left as it is', async (text) => {
  expect(await masked(text)).toBe(text);
});

test('no sign is found in nothing, and each in what it begins', async () => {
  const look = 'select may_hold_secret($words)';
  const mayHold = async (words: string): Promise<unknown> =>
    (await connection.query(look, { words })).rows[0]?.[0];
  for (const words of ['', ' ', 'none of it']) expect(await mayHold(words)).toBe(false);
  for (const { text } of PLANTED) expect(await mayHold(text)).toBe(true);
});

describe('the rules of the seed', () => {
  const rules = readSecretRules();

  it('are many, each with keywords in lower case', () => {
    expect(rules.length).toBeGreaterThan(200);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { keywords } of rules) for (const word of keywords) expect(word).toBe(word.toLowerCase());
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s: DuckDB understands it', async (_, rule) => {
    const pattern = maskingPattern(rule);
    const find = "select regexp_replace('none', $pattern, '\\1[masked]', 'g')";
    expect((await connection.query(find, { pattern })).rows[0]?.[0]).toBe('none');
    const signs = signsOfKeys([rule]);
    expect((await connection.query("select regexp_matches('none', $signs)", { signs })).rows[0]?.[0]).toBe(
      false,
    );
  });
});
