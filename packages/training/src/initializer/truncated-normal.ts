import type { Random } from "@sintonia/tuning/random/random";

/** Where a normal distribution is cut, in standard deviations. */
const TRUNCATION = 2;

/** Standard deviation of a standard normal that is cut at ±2; Keras' constant. */
export const TRUNCATED_STDDEV = 0.87962566103423978;

/** Draws from a standard normal until the value is at most 2 standard deviations from 0. */
export function truncatedNormal(random: Random): number {
  let value: number;
  do {
    value = random.normal();
  } while (Math.abs(value) > TRUNCATION);
  return value;
}
