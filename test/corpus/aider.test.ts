/** Aider's histories that people published, against sums that a separate program computed. Absent in most checkouts. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CORPUS, rowsOf, temporaryFolder, withLoads } from '../adapters/load.ts';

interface Truth {
  readonly sessions: number;
  readonly token_lines: number;
  readonly sent: number;
  readonly received: number;
  readonly message_cost: number;
}

const hasCorpus = existsSync(join(CORPUS, 'truth.json'));
const truths = Object.entries(
  hasCorpus
    ? (JSON.parse(readFileSync(join(CORPUS, 'truth.json'), 'utf8')) as { files: Record<string, unknown> })
        .files
    : {},
).filter(([file]) => file.startsWith('aider/')) as readonly (readonly [string, Truth])[];

const count = (word: string | undefined): number => {
  if (word === undefined) return 0;
  const digits = Number(word.replace(/[,k]/g, ''));
  return Math.round(word.endsWith('k') ? digits * 1000 : digits);
};

interface Line {
  readonly sent: number;
  readonly cached: number;
  readonly received: number;
  readonly cost: number;
  readonly isOldWording: boolean;
  readonly isCostBelow: boolean;
}

/** Reports by a reader of our own. The truth leaves out those in the oldest wording ("cached"), and costs on a line below. */
const reports = (text: string): readonly Line[] =>
  [
    ...text.matchAll(
      /^> Tokens: (\S+) sent(?:, (\S+) cache write)?(?:, (\S+) (cache hit|cached))?, ([\d.,k]*\dk?) received.*\n(?:Cost: .*\n)?/gm,
    ),
  ].map(([line, sent, write, hit, wording, received]) => ({
    sent: count(sent),
    cached: count(write) + count(hit),
    received: count(received),
    cost: Number(/Cost: \$([\d.]+)/.exec(line)?.[1] ?? 0),
    isOldWording: wording === 'cached',
    isCostBelow: line.includes('\nCost: '),
  }));

const sum = (lines: readonly Line[], key: 'sent' | 'cached' | 'received' | 'cost'): number =>
  lines.reduce((total, line) => total + line[key], 0);

/** A prompt is a run of lines; those of this README are 1776, 21, 26 and 8. */
const prompts = (text: string): number =>
  text
    .split('\n')
    .filter((line, at, lines) => line.startsWith('#### ') && !lines[at - 1]?.startsWith('#### ')).length;

test.skipIf(!hasCorpus)('the truth names histories', () => {
  expect(truths.length).toBeGreaterThan(0);
});

test.skipIf(!hasCorpus).each(truths)(
  '%s',
  async (file, truth) => {
    const path = join(CORPUS, file);
    const text = readFileSync(path, 'utf8');
    const lines = reports(text);
    const known = lines.filter(({ isOldWording }) => !isOldWording);
    expect(known.length).toBe(truth.token_lines);
    expect(sum(known, 'sent')).toBe(truth.sent);
    expect(sum(known, 'received')).toBe(truth.received);
    const costsBeside = known.filter(({ isCostBelow }) => !isCostBelow);
    expect(sum(costsBeside, 'cost')).toBeCloseTo(truth.message_cost, 6);
    // What was cached is part of what was sent, unless it is more.
    const beside = sum(
      lines.filter(({ sent, cached }) => cached > sent),
      'cached',
    );
    await withLoads(temporaryFolder(), [[path]], async (connection) => {
      const [actual] = await rowsOf(
        connection,
        `select
            (select count(*) from v1.sessions) as sessions,
            (select count(*) from v1.turns) as prompts,
            count(*) as calls,
            coalesce(sum(context_tokens), 0)::bigint as sent,
            coalesce(sum(output_tokens), 0)::bigint as received,
            coalesce(sum(reported_cost_usd), 0)::double as cost
        from v1.llm_calls`,
      );
      expect(actual).toEqual({
        sessions: truth.sessions,
        prompts: prompts(text),
        calls: lines.length,
        sent: sum(lines, 'sent') + beside,
        received: sum(lines, 'received'),
        cost: expect.closeTo(sum(lines, 'cost'), 6),
      });
    });
  },
  120_000,
);
