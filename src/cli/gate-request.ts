import { AgenttraceError } from '../model/errors.ts';
import type { RawOptions } from './options.ts';

/** A condition that the answer is held against; its name is that of the flag. */
export interface GateRequest {
  readonly name: string;
  /** A number; SQL or the path of a file for `fail-on-sql`; null where the flag takes none. */
  readonly threshold: string | null;
}

/**
 * The gates that the options ask for, in the order in which they are reported.
 *
 * `--fail-under-health 0` and a rate below 0 ask for none: scripts pass them for "off".
 */
export function readGates(raw: RawOptions): readonly GateRequest[] {
  const health = readNumber('fail-under-health', raw.failUnderHealth);
  const rate = readNumber('max-tool-fail-rate', raw.maxToolFailRate);
  const cost = readAmount('max-cost', raw.maxCost);
  const waste = readAmount('max-waste', raw.maxWaste);
  const sql = Array.isArray(raw.failOnSql) ? raw.failOnSql.map(String) : [];
  return [
    health !== undefined && Number(health) > 0 ? { name: 'fail-under-health', threshold: health } : undefined,
    raw.failOnCritical === true ? { name: 'fail-on-critical', threshold: null } : undefined,
    rate !== undefined && Number(rate) >= 0 ? { name: 'max-tool-fail-rate', threshold: rate } : undefined,
    cost === undefined ? undefined : { name: 'max-cost', threshold: cost },
    waste === undefined ? undefined : { name: 'max-waste', threshold: waste },
    ...sql.map((threshold) => ({ name: 'fail-on-sql', threshold })),
  ].filter((gate) => gate !== undefined);
}

function readNumber(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^-?(\d{1,9}(\.\d{0,20})?|\.\d{1,20})$/.test(value)) return value;
  throw new AgenttraceError({ code: 'usage', message: `--${name} wants a number, not “${value}”.` });
}

function readAmount(name: string, value: unknown): string | undefined {
  const amount = readNumber(name, value);
  if (amount === undefined || Number(amount) >= 0) return amount;
  throw new AgenttraceError({
    code: 'usage',
    message: `--${name} wants an amount in USD, 0 or more, not “${amount}”.`,
  });
}
