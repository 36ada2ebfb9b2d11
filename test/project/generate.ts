import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Random = () => number;

/** Numbers in [0, 1) from a seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = <T>(random: Random, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;

/** Real logs, one folder an agent, where they are at hand. */
export const CORPUS = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
export const hasCorpus = existsSync(CORPUS);

/** The JSON Lines files of one agent, or of all. */
export function corpusFiles(agent = ''): readonly string[] {
  if (!hasCorpus) return [];
  const folder = join(CORPUS, agent);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(folder, name));
}

export const corpusLines = (longest: number): readonly Buffer[] =>
  corpusFiles()
    .flatMap((path) => splitLines(readFileSync(path)))
    .filter((line) => line.length > 1 && line.length <= longest);

export function splitLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(10, from);
    const end = newline < 0 ? bytes.length : newline;
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return lines;
}

const KEYS = [
  'v',
  'type',
  'timestamp',
  'message',
  'content',
  'usage',
  'input_tokens',
  'cache_creation',
  'payload',
  'changes',
  'list',
  'items',
  'uuid',
  'toolUseResult',
  'structuredPatch',
  'lines',
  'oldStart',
  'input',
  'file_path',
  'is_error',
  'text',
  'x',
  '',
  'cache_read_input_tokens',
  'é',
  'output',
  'info',
  'total_token_usage',
  'total_tokens',
  'durationMs',
  'stdout',
  'unified_diff',
  '$key',
  '__proto__',
  'a longer key that nobody declared',
] as const;

const SCALARS = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '1',
  '-17',
  '1.5',
  '1.0',
  '1e5',
  '12E-1',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '0.0000000005',
  '123456789.123456789',
  '999999999.9999999995',
  '1e400',
  '1e-400',
  '1700000000123',
  '1700000000123.4567',
  '-5e3',
  '123456789012345678901234567890',
  '""',
  '"x"',
  '"2024-02-29T12:34:56.789Z"',
  '"2023-02-29T00:00:00Z"',
  '"0001-01-01T00:00:00+23:59"',
  '"1969-12-31 23:59:59,999999999-0130"',
  '"1b67c189-3248-4ab2-8f01-9d96f736d559"',
  '"1B67C189-3248-4AB2-8F01-9D96F736D55G"',
  '"a\\nb\\n+c\\n---\\n-d\\n+++ e"',
  '"\\u00e9\\ud83d\\ude00"',
  '"é😀数据 and some more text, long enough to be cut"',
  '"\\ud800"',
  '"\\udc00x\\ud83d"',
  '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
  '"\u2028"',
  '"plain ascii that is longer than any of the previews here, so that it has a tail of its own, and a bit more"',
  '"\\u0000"',
  '"Wall time: 1\\nOutput:\\nbody\\nOutput:\\n"',
  '"{\\"output\\":\\"x\\\\\\",\\"metadata\\":{\\"exit_code\\":0}}"',
  '"+a\\r\\n-b\\r\\n"',
] as const;

/** An invented record over the keys of the rich plan. */
export function inventLine(random: Random): Buffer {
  const space =
    random() < 0.8 ? (): string => '' : (): string => pick(random, ['', '', ' ', '\t', '  ', '\r']);
  const key = (): string => {
    const name = JSON.stringify(pick(random, KEYS));
    return random() < 0.95 ? name : name.replace(/[a-z]/, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  };
  const value = (depth: number): string => {
    const chance = random();
    if (depth > 5 || chance < 0.5) return pick(random, SCALARS);
    const count = Math.floor(random() * 4);
    const parts = (make: () => string): string =>
      Array.from({ length: count }, () => space() + make() + space()).join(',');
    if (chance < 0.7) return `[${parts(() => value(depth + 1))}]`;
    return `{${parts(() => `${key()}${space()}:${space()}${value(depth + 1)}`)}}`;
  };
  const members = Array.from({ length: 1 + Math.floor(random() * 6) }, () => `${key()}:${value(0)}`);
  return Buffer.from(`{${members.join(',')}}`);
}

const FRAGMENTS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\u00e9',
  '\\ud83d\\ude00',
  '\\ud800',
  '\\n',
  'é',
  '😀',
  '\u2028',
  'null',
  'true',
  '1e5',
  '-3.5',
  ' ',
  '\t',
  '\r',
  '"usage":{"input_tokens":5},',
  '"v":7,',
  '"message":{"content":[{"type":"x"},3]},',
  '\\"',
  '\\\\',
  'x',
  '{}',
  '[]',
  '}{',
  '} {"v":1}',
  '0',
  '.',
  'e',
  '-',
  '+',
  '\\u12',
  '\\nOutput:\\n',
  '\\",\\"metadata\\":{',
  '/',
  '\\x',
  '"v":"\\u0041",',
  '"payload":{"changes":{"a":1,"a":{"list":[{"k":1,"k":2}]}}},',
].map((text) => Buffer.from(text));
const BYTES = [
  0, 1, 0x1f, 0x7f, 0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0xf5, 0xff, 0xef, 0xbb, 0xa0,
];

/** The line with a few bytes put in, taken out or changed. It may come out broken, or not. */
export function mutateLine(line: Buffer, random: Random): Buffer {
  let out = line;
  for (let left = Math.floor(random() * 4); left > 0; left--) {
    const at = Math.floor(random() * (out.length + 1));
    const chance = random();
    const put =
      chance < 0.5
        ? pick(random, FRAGMENTS)
        : chance < 0.7
          ? Buffer.from([pick(random, BYTES)])
          : Buffer.alloc(0);
    const drop =
      chance < 0.4 ? 0 : chance < 0.9 ? Math.floor(random() * 3) : Math.floor(random() * out.length);
    out = Buffer.concat([out.subarray(0, at), put, out.subarray(at + drop)]);
  }
  return out.includes(10) ? Buffer.from(out.map((byte) => (byte === 10 ? 32 : byte))) : out;
}

/** A line that was cut somewhere, maybe zero bytes, and another behind it: one writer was killed, the next wrote on. */
export function tearLine(line: Buffer, next: Buffer, random: Random): Buffer {
  const piece = line.subarray(0, Math.floor(random() * line.length));
  const zeros = Buffer.alloc(random() < 0.2 ? Math.floor(random() * 20) : 0);
  return Buffer.concat([piece, zeros, next]);
}
