import { FILTER_OPTIONS, LOG_OPTIONS, OUTPUT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec, OptionSpec } from '../spec.ts';

const PRICE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--load <file>',
    description:
      'add a price list (the JSON of models and prices); it is checked and copied to the config folder',
    group: 'Prices:',
    completes: 'file',
  },
  { flags: '--update-pricing', description: 'fetch the newest public price list', group: 'Prices:' },
];

export const PRICES: CommandSpec = {
  name: 'prices',
  summary: 'The price list in force, with dates; load another',
  group: GROUPS.data,
  options: [
    ...PRICE_OPTIONS,
    ...FILTER_OPTIONS.filter(({ flags }) => /--(model|limit)/.test(flags)),
    ...OUTPUT_OPTIONS,
    ...LOG_OPTIONS,
  ],
  examples: [
    { command: 'agenttrace prices', says: 'USD per million tokens, by model and date' },
    { command: 'agenttrace prices --model opus', says: 'those of some models' },
    { command: 'agenttrace prices -o prices.csv', says: 'the same for a spreadsheet' },
    { command: 'agenttrace prices --load model_prices.json', says: 'newer prices, or your own' },
  ],
  run: async (invocation) => {
    const { runPrices } = await import('../run-prices.ts');
    await runPrices(invocation);
  },
};
