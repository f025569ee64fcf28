/** Halvings of the interval that holds the quantile: enough for every bit of it. */
const BISECTIONS = 64;

/**
 * Half width of a two-sided interval of Student's distribution that holds a given share of it.
 *
 * @param share - above 0 and below 1, for example 0.95
 * @param degrees - of freedom; an integer of at least 1
 */
export function studentMargin(share: number, degrees: number): number {
  // In the sine of the angle, which is below 1 however far out the quantile lies.
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
 * The share of the distribution between -t and t, where `sine` is t / √(degrees + t²): Abramowitz, Stegun 26.7.3 and 26.7.4.
 */
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
