// Student's t distribution.
//
//   ν      degrees of freedom
//   s      sine of the angle θ of t: s = t / √(ν + t²), in [0, 1) for t ≥ 0
//   A      probability of the interval [-t, t]
//
// Abramowitz, Stegun, Handbook of Mathematical Functions, equations 26.7.3 and 26.7.4.

/** Number of bisections of s in [0, 1]: more than the 53 bits of a float64. */
const BISECTIONS = 64;

/**
 * Returns the quantile t for which the interval [-t, t] has a given probability.
 *
 * @param share - probability A, above 0 and below 1, for example 0.95
 * @param degrees - degrees of freedom ν, an integer of at least 1
 */
export function studentMargin(share: number, degrees: number): number {
  // s is bounded, unlike t.
  let [low, high] = [0, 1];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (centralShare(middle, degrees) < share) low = middle;
    else high = middle;
  }
  const sine = (low + high) / 2;
  return Math.sqrt((degrees * sine * sine) / ((1 - sine) * (1 + sine)));
}

/**
 * Returns the probability of a value above t.
 *
 * @param degrees - degrees of freedom ν, an integer of at least 1
 */
export function studentTail(t: number, degrees: number): number {
  const sine = t === 0 ? 0 : 1 / Math.sqrt(1 + degrees / t / t);
  const upper = (1 - centralShare(sine, degrees)) / 2;
  return t < 0 ? 1 - upper : Math.max(0, upper);
}

/** Returns A as a function of s: equation 26.7.3 for odd ν, 26.7.4 for even ν. */
function centralShare(sine: number, degrees: number): number {
  const squaredCosine = (1 - sine) * (1 + sine);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? Math.sqrt(squaredCosine) : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let i = isOdd ? 2 : 1; i < degrees - 2; i += 2) {
    term *= (squaredCosine * i) / (i + 1);
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (Math.asin(sine) + sine * sum) : sine * sum;
}
