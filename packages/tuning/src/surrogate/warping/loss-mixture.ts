// The distribution of a loss whose target has a mixture of normal distributions.
//
//   k         number of components, all of weight 1 / k
//   t_i       warp i of the loss: a decreasing function
//   μ_i, σ_i  mean and standard deviation of component i, in the units of t_i
//   l         loss, in units of the median loss
//   P(l)      probability of a loss of at most l: (1 / k) Σ Φ((μ_i - t_i(l)) / σ_i)

import { normalCdf, normalDensity } from "../../numeric/distribution/normal-distribution.js";
import { mean } from "../../numeric/vector.js";
import type { Prediction } from "../gaussian-process/posterior.js";
import { lossAt, meanLoss, targetAt, type WarpScale } from "./log-warp.js";

/** A component of the mixture: a normally distributed target and its warp. */
export interface LossComponent {
  readonly warp: WarpScale;
  /** Mean and variance of the target; the variance is above 0. */
  readonly target: Prediction;
}

/**
 * Standard deviations between a component's mean and the limits of the bracket. The probability
 * beyond them, about 1e-19, is below the resolution of P.
 */
const Z_MAX = 9;
/** Intervals of Simpson's rule over the bracket; even. The relative error is below 1e-3. */
const PARTS = 256;
/** Upper limit of bisections: 60 leave 2^-60 of the bracket, below the precision of a double. */
const BISECTIONS_MAX = 60;

/**
 * Returns the loss l with P(l) = probability.
 *
 * @param probability - between 1e-9 and 1 - 1e-9
 */
export function lossQuantile(components: readonly LossComponent[], probability: number): number {
  let low = Math.min(...components.map((component) => lossAtSds(component, Z_MAX)));
  let high = Math.min(Number.MAX_VALUE, Math.max(...components.map((component) => lossAtSds(component, -Z_MAX))));
  for (let bisection = 0; bisection < BISECTIONS_MAX && low < high; bisection++) {
    const middle = low / 2 + high / 2;
    if (probabilityBelow(components, middle) < probability) low = middle;
    else high = middle;
  }
  return high;
}

/** Returns the mean loss; Infinity on overflow. */
export function expectedLoss(components: readonly LossComponent[]): number {
  return components.reduce(
    (sum, { warp, target }) => sum + meanLoss(warp, target.mean, target.variance) / components.length,
    0,
  );
}

/**
 * Returns the standard deviation of the loss.
 *
 * @param expected - the mean loss
 * @returns at least 0; Infinity on overflow
 */
export function lossDeviation(components: readonly LossComponent[], expected: number): number {
  const squares = components.map((component) => {
    const square = (z: number) => (lossAtSds(component, z) - expected) ** 2;
    return expectation(square);
  });
  return Math.sqrt(mean(squares));
}

/** Returns E[f(z)] of a standard normal z by Simpson's rule. */
function expectation(f: (z: number) => number): number {
  const step = (2 * Z_MAX) / PARTS;
  let sum = 0;
  for (let i = 0; i <= PARTS; i++) {
    const z = i * step - Z_MAX;
    const weight = i === 0 || i === PARTS ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * f(z) * normalDensity(z);
  }
  return (sum * step) / 3;
}

function probabilityBelow(components: readonly LossComponent[], loss: number): number {
  const shares = components.map(({ warp, target }) =>
    normalCdf((target.mean - targetAt(warp, loss)) / Math.sqrt(target.variance)),
  );
  return mean(shares);
}

/** Returns the loss of a target that lies `z` standard deviations above its mean. */
function lossAtSds({ warp, target }: LossComponent, z: number): number {
  return lossAt(warp, target.mean + z * Math.sqrt(target.variance));
}
