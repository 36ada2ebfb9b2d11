import type { Connection } from '../../src/warehouse/connection.ts';
import { type Story, tell } from './story.ts';

/** A warehouse in which every rule of the audit finds something. */
export const openAuditHouse = (): Promise<Connection> =>
  tell([
    {
      session: 'troubled',
      lines: [
        { at: '10:00:00', prompt: 200 },
        {
          at: '10:00:05',
          tools: [{ id: 't1', input: 'x', command: 'npm test' }],
          usage: [1000, 0, 5000, 0, 100],
        },
        { at: '10:00:15', result: 't1', status: 'failed', exitCode: 1, output: 'red' },
        {
          at: '10:00:20',
          tools: [{ id: 't2', input: 'x', command: 'npm test' }],
          usage: [100, 6000, 100, 0, 50],
        },
        { at: '10:00:30', result: 't2', status: 'failed', exitCode: 1, output: 'red' },
        {
          at: '10:00:35',
          tools: [{ id: 't3', input: 'x', command: 'npm test' }],
          usage: [100, 6100, 100, 0, 50],
        },
        { at: '10:00:45', result: 't3', status: 'failed', exitCode: 1, output: 'red' },
        { at: '10:00:46', error: 'overloaded', retryMs: 2000 },
        { at: '10:00:50', says: 20, usage: [100, 6200, 100, 0, 50] },
      ],
    },
    ...[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 40].map(dayOf),
  ]);

/** One day's session that costs so many tenths of a dollar. */
const dayOf = (tenths: number, index: number): Story => ({
  session: `day ${index}`,
  lines: [
    { at: `2026-04-${10 + index}T10:00:00Z`, prompt: 5 },
    { at: `2026-04-${10 + index}T10:00:10Z`, says: 3, usage: [0, 0, 0, 0, tenths * 6600] },
  ],
});
