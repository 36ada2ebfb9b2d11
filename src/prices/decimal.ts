/**
 * Exact decimal arithmetic for prices: a number is a bigint counting units of 10^-places.
 *
 * Prices never pass through binary fractions on their way to a sum: 3e-7 USD per token is exactly 0.3 USD per million.
 */

/** Places kept of a price in USD per million tokens, and of a cost in USD: the scale of DECIMAL(18,9). */
export const USD_PLACES = 9;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Divides a non-negative bigint, rounding a half up. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend * 2n + divisor) / (divisor * 2n);
}

/**
 * Reads a decimal such as `0.3`, `3e-7` or the shortest form of a JSON number, as a count of 10^-places.
 * Digits beyond `places` are rounded half up (away from zero): this drops the dust of binary fractions
 * (`1.5000000000000002e-7`). Null where the text is no number.
 */
export function parseDecimal(text: string | number, places: number): bigint | null {
  const match = DECIMAL.exec(String(text).trim());
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const digits = BigInt(whole + fraction);
  const shift = Number(exponent) - fraction.length + places;
  const size = shift >= 0 ? digits * 10n ** BigInt(shift) : divideHalfUp(digits, 10n ** BigInt(-shift));
  return sign === '-' ? -size : size;
}

/** Writes a count of 10^-places in the shortest form: no exponent, no trailing zeros. */
export function formatDecimal(units: bigint, places: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** Units of 10^-9 of a decimal known to be well formed, such as a price in a {@link PriceRow}. */
export function toNano(text: string): bigint {
  const units = parseDecimal(text, USD_PLACES);
  if (units === null) throw new Error(`Not a decimal: ${text}`);
  return units;
}

/** The shortest decimal of units of 10^-9. */
export function fromNano(units: bigint): string {
  return formatDecimal(units, USD_PLACES);
}
