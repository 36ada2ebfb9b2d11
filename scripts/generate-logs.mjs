// Writes invented logs of agents below a home, and on stdout as JSON what a correct reader must find of each.
//
//   node scripts/generate-logs.mjs --home DIR [--agents pi,zed] [--mb 1] [--seed 1]

import { parseArgs } from 'node:util';
import { generateLogs } from './generate-logs/generate-logs.mjs';
import { writers } from './generate-logs/writers.mjs';

const { values: options } = parseArgs({
  options: {
    home: { type: 'string' },
    agents: { type: 'string' },
    mb: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
});
if (options.home === undefined) throw new Error('--home DIR is missing');
const { home } = options;
const agents = options.agents?.split(',') ?? writers.map(({ agent }) => agent);
const megabytes = Number(options.mb);
// Each has a seed of its own, so that no two agents tell of the same sessions.
const seedOf = (agent) => Number(options.seed) * 100 + writers.findIndex((writer) => writer.agent === agent);
const totals = agents.map((agent) => [agent, generateLogs({ agent, home, megabytes, seed: seedOf(agent) })]);
console.log(JSON.stringify(Object.fromEntries(totals), null, 2));
