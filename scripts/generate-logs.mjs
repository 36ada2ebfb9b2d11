// Writes invented logs of agents below a home, and on stdout as JSON what a correct reader must find of each.
//
//   node scripts/generate-logs.mjs --home DIR [--agents pi,zed] [--mb 1] [--seed 1]
//   node scripts/generate-logs.mjs --document FILE --kind opencode-export|generic-array [--mb 1] [--seed 1]

import { parseArgs } from 'node:util';
import { generateDocument } from './generate-logs/generate-document.mjs';
import { generateLogs } from './generate-logs/generate-logs.mjs';
import { writers } from './generate-logs/writers.mjs';

const { values: options } = parseArgs({
  options: {
    home: { type: 'string' },
    agents: { type: 'string' },
    document: { type: 'string' },
    kind: { type: 'string' },
    mb: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
});
const { home, document, kind } = options;
const megabytes = Number(options.mb);
const seed = Number(options.seed);

/** Each agent has a seed of its own, so that no two tell of the same sessions. */
function writeHome() {
  const all = writers.map(({ agent }) => agent);
  const totals = (options.agents?.split(',') ?? all).map((agent) => [
    agent,
    generateLogs({ agent, home, megabytes, seed: seed * 100 + all.indexOf(agent) }),
  ]);
  return Object.fromEntries(totals);
}

if ((home === undefined) === (document === undefined))
  throw new Error('either --home DIR or --document FILE');
const totals = home === undefined ? generateDocument({ kind, path: document, megabytes, seed }) : writeHome();
console.log(JSON.stringify(totals, null, 2));
