const EXPONENT_BIAS = 15;
const MANTISSA_BITS = 10;

/** Returns the number that the 16 bits of an IEEE half-precision float stand for. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> MANTISSA_BITS) & 0x1f;
  const mantissa = (bits & 0x3ff) / 2 ** MANTISSA_BITS;
  if (exponent === 0) return sign * mantissa * 2 ** (1 - EXPONENT_BIAS);
  if (exponent === 0x1f) return mantissa === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + mantissa) * 2 ** (exponent - EXPONENT_BIAS);
}
