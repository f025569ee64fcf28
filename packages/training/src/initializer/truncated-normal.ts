import type { Random } from "@sintonia/tuning/random/random";

/** Bound of the truncated normal distribution, in standard deviations. */
const TRUNCATION = 2;

/** Standard deviation of the standard normal truncated to [-2, 2]; Keras' constant. */
export const TRUNCATED_STDDEV = 0.87962566103423978;

/** Draws from the standard normal truncated to [-2, 2], by rejection. */
export function truncatedNormal(random: Random): number {
  let value: number;
  do {
    value = random.normal();
  } while (Math.abs(value) > TRUNCATION);
  return value;
}
