import type { Unit } from '../units.ts';
import type { Tone } from './chart.ts';

/** Columns that are parts of one whole, in the order in which they are stacked. */
export interface Parts {
  readonly title: string;
  readonly unit: Unit;
  readonly columns: readonly (readonly [name: string, label: string, tone: Tone])[];
}

export const TIME_PARTS: Parts = {
  title: 'Where the time went',
  unit: 'ms',
  columns: [
    ['model_ms', 'model', 'c1'],
    ['tool_ms', 'tools', 'c2'],
    ['permission_ms', 'permission', 'c3'],
    ['retry_ms', 'API retries', 'alarm'],
    ['human_ms', 'human', 'c4'],
    ['unknown_ms', 'unknown', 'quiet'],
  ],
};

export const TOKEN_PARTS: Parts = {
  title: 'Tokens by class',
  unit: 'tokens',
  columns: [
    ['cache_read_tokens', 'cache read', 'c2'],
    ['cache_write_5m_tokens', 'cache write 5 min', 'c3'],
    ['cache_write_1h_tokens', 'cache write 1 h', 'c4'],
    ['uncached_input_tokens', 'uncached input', 'c1'],
    ['output_tokens', 'output', 'c5'],
  ],
};
