/** The bounds of a figure. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Returns Wilson's score interval for a proportion such as an accuracy.
 *
 * @param correct - integer from 0 to count
 * @param count - at least 1
 * @param confidence - coverage of the interval, in (0, 1)
 * @throws {RangeError} if an argument is outside its range
 * @see Wilson 1927; Newcombe 1998, method 3
 */
export function wilsonInterval(correct: number, count: number, confidence = 0.95): Interval {
  if (!(count >= 1 && correct >= 0 && correct <= count && confidence > 0 && confidence < 1)) {
    throw new RangeError(`no interval for ${correct} of ${count} with confidence ${confidence}`);
  }
  const z = normalQuantile((1 + confidence) / 2);
  const share = correct / count;
  const scale = 1 + z ** 2 / count;
  const centre = (share + z ** 2 / (2 * count)) / scale;
  const margin = (z / scale) * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return { low: correct === 0 ? 0 : centre - margin, high: correct === count ? 1 : centre + margin };
}

/**
 * Inverts the standard normal distribution by Newton's method. The distribution is concave above
 * 0: steps that start at 0 therefore rise to the quantile and never exceed it.
 *
 * @param probability - in [0.5, 1)
 */
function normalQuantile(probability: number): number {
  let z = 0;
  for (let step = Number.POSITIVE_INFINITY; step > 1e-14 * (1 + z); z += step) {
    step = (probability - normalDistribution(z)) / normalDensity(z);
  }
  return z;
}

/**
 * Computes the standard normal distribution for z ≥ 0: 1/2 + φ(z) (z + z³/3 + z⁵/(3·5) + …).
 *
 * @see Marsaglia 2004, "Evaluating the normal distribution"
 */
function normalDistribution(z: number): number {
  let term = z;
  let sum = 0;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    sum += term;
    term *= z ** 2 / odd;
  }
  return 0.5 + sum * normalDensity(z);
}

function normalDensity(z: number): number {
  return Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI);
}
